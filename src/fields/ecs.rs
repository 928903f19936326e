//! What the Elastic Common Schema says of its fields, for events of any log source.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::query::{FieldFacts, FieldPath, FieldType, Schema, Spelling};

/// The fields of the Elastic Common Schema (`catalog/types/ecs.toml`). Whatever stands there is
/// never null, for Elasticsearch does not index nulls.
#[derive(Clone, Copy, Debug)]
pub struct EcsSchema;

/// The table; each row names its sources too, which only readers of the file need.
#[derive(Debug, Deserialize)]
struct Table {
    #[serde(rename = "field")]
    rows: Vec<Row>,
    #[serde(rename = "array")]
    arrays: Vec<Names>,
}

#[derive(Debug, Deserialize)]
struct Names {
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    names: Vec<String>,
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    spelling: Spelling,
}

const TEXT: &str = include_str!("../../catalog/types/ecs.toml");

static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(TEXT).expect("INVARIANT: a test reads the shipped table"));

impl EcsSchema {
    /// Whether the table has a row for the field.
    pub fn knows(&self, field: &FieldPath) -> bool {
        row(field).is_some()
    }
}

fn row(field: &FieldPath) -> Option<&'static Row> {
    TABLE.rows.iter().find(|row| row.names.iter().any(|name| fits(name, field)))
}

/// Whether the schema has arrays in a field.
pub(super) fn is_array(field: &FieldPath) -> bool {
    TABLE.arrays.iter().any(|row| row.names.iter().any(|name| fits(name, field)))
}

impl Schema for EcsSchema {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let row = row(field);
        FieldFacts {
            kind: row.map_or(FieldType::Keyword, |row| row.kind),
            typed: row.is_some(),
            taken_for: None,
            spelling: row.map(|row| row.spelling.clone()).unwrap_or_default(),
            single: false,
            many: is_array(field),
            never_null: true,
        }
    }
}

/// Whether a name of the table means a field: the whole name, or where `*` stands at an end of it
/// whatever has the other parts there.
fn fits(name: &str, field: &FieldPath) -> bool {
    let field = field.as_str();
    let (end, start) = (name.strip_prefix('*'), name.strip_suffix('*'));
    match (end, start) {
        (Some(end), Some(_)) => field.contains(end.trim_end_matches('*')),
        (Some(end), None) => field.ends_with(end),
        (None, Some(start)) => field.starts_with(start),
        (None, None) => field == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_sound() {
        let table: toml::Table = toml::from_str(TEXT).expect("TOML");
        let rows = |key: &str| table[key].as_array().expect("rows").clone();
        assert_eq!(rows("field").len(), TABLE.rows.len());
        for row in rows("field").iter().chain(&rows("array")) {
            let sources = row["source"].as_array().expect("sources");
            assert!(!sources.is_empty() && !row["names"].as_array().expect("names").is_empty());
            for source in sources {
                assert!(table["sources"].get(source.as_str().expect("a name")).is_some(), "{row}");
            }
        }
    }

    #[test]
    fn fields_have_their_types() {
        let kind = |name: &str| EcsSchema.facts(&FieldPath::new(name)).kind;
        assert_eq!(kind("source.ip"), FieldType::Ip);
        assert_eq!(kind("process.parent.pid"), FieldType::Number);
        assert_eq!(kind("process.name"), FieldType::Keyword);
        assert_eq!(kind("host.zip"), FieldType::Keyword);
    }

    #[test]
    fn arrays_are_known() {
        let many = |name: &str| EcsSchema.facts(&FieldPath::new(name)).many;
        for name in ["process.args", "process.parent.args", "event.type", "host.ip", "related.user"]
        {
            assert!(many(name), "{name}");
        }
        for name in ["process.args_count", "process.name", "source.ip", "event.action"] {
            assert!(!many(name), "{name}");
        }
    }
}

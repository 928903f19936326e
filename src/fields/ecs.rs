//! What the Elastic Common Schema says of its fields, for events of any log source.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::query::{FieldFacts, FieldPath, FieldType, Letters, Schema, Spelling};

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

static TYPES: LazyLock<Index> =
    LazyLock::new(|| Index::of(TABLE.rows.iter().map(|row| row.names.as_slice())));

static ARRAYS: LazyLock<Index> =
    LazyLock::new(|| Index::of(TABLE.arrays.iter().map(|row| row.names.as_slice())));

fn row(field: &FieldPath) -> Option<&'static Row> {
    TYPES.row(field).and_then(|row| TABLE.rows.get(row))
}

/// Whether the schema has arrays in a field.
pub(super) fn is_array(field: &FieldPath) -> bool {
    ARRAYS.row(field).is_some()
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
            never_empty: false,
            scalar: row.is_some(),
            letters: Letters::default(),
        }
    }
}

/// Names of the table made ready for look-ups, each with the number of its row. Where `*` stands at an
/// end of a name, whatever has the other parts there is meant.
#[derive(Debug, Default)]
struct Index {
    whole: HashMap<&'static str, usize>,
    ends: HashMap<&'static str, usize>,
    starts: HashMap<&'static str, usize>,
    middles: Vec<(&'static str, usize)>,
}

impl Index {
    fn of(rows: impl Iterator<Item = &'static [String]>) -> Self {
        let mut index = Self::default();
        for (row, names) in rows.enumerate() {
            for name in names {
                match (name.strip_prefix('*'), name.strip_suffix('*')) {
                    (Some(end), Some(_)) => index.middles.push((end.trim_end_matches('*'), row)),
                    (Some(end), None) => _ = index.ends.entry(end).or_insert(row),
                    (None, Some(start)) => _ = index.starts.entry(start).or_insert(row),
                    (None, None) => _ = index.whole.entry(name).or_insert(row),
                }
            }
        }
        index
    }

    /// The first row with a name that means a field.
    fn row(&self, field: &FieldPath) -> Option<usize> {
        let field = field.as_str();
        let dots = || field.match_indices('.').map(|(at, _)| at);
        let ends = dots().filter_map(|at| self.ends.get(field.get(at..)?));
        let starts = dots().filter_map(|at| self.starts.get(field.get(..=at)?));
        let middles = self.middles.iter().filter(|(part, _)| field.contains(part));
        let found = self.whole.get(field).into_iter().chain(ends).chain(starts);
        found.copied().chain(middles.map(|(_, row)| *row)).min()
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
        assert_eq!(kind("process.thread.id"), FieldType::Number);
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

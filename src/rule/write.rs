//! The text of a rule's document.

use serde_json::Value as Json;

use super::Date;
use crate::source::write_yaml;

/// A document as YAML.
pub fn write_rule(document: &Json) -> String {
    write_yaml(document).lines().map(|line| bare_date(line) + "\n").collect()
}

/// Dates at the top of a rule without quotes, as every Sigma rule has them: a YAML 1.1 reader makes
/// a date of them, and a YAML 1.2 reader a text; Sigma tools take both.
fn bare_date(line: &str) -> String {
    let date = |key: &str| {
        let quoted = line.strip_prefix(key)?.strip_prefix(": \"")?.strip_suffix('"')?;
        Date::parse(quoted).map(|date| format!("{key}: {date}"))
    };
    date("date").or_else(|| date("modified")).unwrap_or_else(|| line.to_owned())
}

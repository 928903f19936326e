//! The TOML of Elastic's `detection-rules` repository: `[metadata]` and `[rule]`.

use serde_json::Value as Json;
use toml::{Table, Value};

use crate::rule::{Date, Status};
use crate::target::Request;

/// The file of a rule whose body Kibana would take.
pub(super) fn document(request: &Request<'_>, payload: &Json) -> String {
    let mut document = Table::new();
    document.insert("metadata".into(), Value::Table(metadata(request)));
    document.insert("rule".into(), Value::Table(rule(payload)));
    // INVARIANT: the tables hold only strings, numbers, booleans, lists and tables.
    toml::to_string_pretty(&document).unwrap_or_default()
}

fn metadata(request: &Request<'_>) -> Table {
    let header = &request.rule.header;
    let mut table = Table::new();
    let slashed = |date: Date| Value::String(date.to_string().replace('-', "/"));
    let created = header.date.as_ref().map(|date| date.value);
    let updated = header.modified.as_ref().map(|date| date.value).or(created);
    if let Some(created) = created {
        table.insert("creation_date".into(), slashed(created));
    }
    let integration = &request.rule.sections.elastic.integration;
    if !integration.is_empty() {
        let list = integration.iter().cloned().map(Value::String).collect();
        table.insert("integration".into(), Value::Array(list));
    }
    let maturity = match header.status.as_ref().map(|status| status.value) {
        Some(Status::Deprecated | Status::Unsupported) => "deprecated",
        Some(Status::Experimental) => "experimental",
        Some(Status::Test) => "beta",
        Some(Status::Stable) | None => "production",
    };
    table.insert("maturity".into(), Value::String(maturity.into()));
    if let Some(updated) = updated {
        table.insert("updated_date".into(), slashed(updated));
    }
    table
}

/// The body, but for two things: `version` is kept elsewhere in that repository, and the fields
/// of `new_terms` are written as pairs of name and value.
fn rule(payload: &Json) -> Table {
    let mut table = Table::new();
    let mut new_terms = Table::new();
    let Json::Object(body) = payload else { return table };
    for (key, value) in body {
        match key.as_str() {
            "version" => {}
            "new_terms_fields" => {
                new_terms.insert("field".into(), Value::String(key.clone()));
                new_terms.insert("value".into(), convert(value));
            }
            "history_window_start" => {
                let mut pair = Table::new();
                pair.insert("field".into(), Value::String(key.clone()));
                pair.insert("value".into(), convert(value));
                let pairs = Value::Array(vec![Value::Table(pair)]);
                new_terms.insert("history_window_start".into(), pairs);
            }
            _ => {
                table.insert(key.clone(), convert(value));
            }
        }
    }
    if !new_terms.is_empty() {
        table.insert("new_terms".into(), Value::Table(new_terms));
    }
    table
}

/// TOML has no null; a body holds none.
fn convert(value: &Json) -> Value {
    match value {
        Json::Null => Value::String(String::new()),
        Json::Bool(value) => Value::Boolean(*value),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Array(items.iter().map(convert).collect()),
        Json::Object(object) => {
            Value::Table(object.iter().map(|(key, value)| (key.clone(), convert(value))).collect())
        }
    }
}

//! The Datadog log of a record: the record itself below `attributes`, further attributes that the
//! pipeline makes from it, and fields of the log.

use serde_json::{Map, Value, json};

use super::{made, outcome, place};
use crate::fields::{Table, View};

/// The log that Datadog makes of a record.
pub(super) fn log(table: &Table, record: &Value) -> Value {
    let mut log = Map::new();
    let kept = if record.is_object() { record.clone() } else { json!({}) };
    log.insert("attributes".to_owned(), kept);
    for row in &table.fields {
        let Some(value) = place::at(record, &row.raw).filter(|value| !value.is_null()) else {
            continue;
        };
        for name in row.datadog.iter().chain(&row.datadog_also) {
            place::put(&mut log, View::Datadog.path(name).as_str(), value.clone());
        }
        for copied in &row.datadog_made {
            if let Some(made) = made::copy(copied, record, value) {
                place::put(&mut log, View::Datadog.path(&copied.name).as_str(), made);
            }
        }
    }
    for derived in table.derived.iter().filter(|row| row.view == View::Datadog) {
        outcome::put(derived, record, &mut log);
    }
    for scope in table.scope.iter().filter(|scope| scope.view == View::Datadog) {
        for name in scope.also.iter().chain([&scope.field]) {
            place::put(&mut log, View::Datadog.path(name).as_str(), scope.is.clone().into());
        }
    }
    Value::Object(log)
}

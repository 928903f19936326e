//! Values that are made from others.

use serde_json::{Value, json};

use super::{java, place, time};
use crate::fields::{Copied, How};
use crate::query::{Op, Test};

use std::collections::BTreeMap;

/// What a copy holds for a value of the record, if the record has one.
pub(super) fn copy(copied: &Copied, record: &Value, value: &Value) -> Option<Value> {
    if !holds(&copied.only, record) {
        return None;
    }
    let part = match &copied.part {
        Some(part) => Value::from(part.of(value.as_str()?)?),
        None => value.clone(),
    };
    match copied.how {
        How::Copy => Some(part),
        How::Text => Some(java::text(&part)?.into()),
        How::Lower => Some(part.as_str()?.to_lowercase().into()),
        How::NoIsFalse => Some(json!(part != "No")),
        How::Time => Some(time::iso(&java::text(&part)?)?.into()),
    }
}

/// Whether the record has these texts.
pub(super) fn holds(only: &BTreeMap<String, String>, record: &Value) -> bool {
    only.iter().all(|(raw, text)| {
        place::at(record, raw).and_then(Value::as_str).is_some_and(|own| own == text)
    })
}

/// Whether an operator that looks at one value only accepts this one.
pub(crate) fn accepts(op: &Op, value: &Value) -> bool {
    Test::field("value", op.clone()).eval(&json!({ "value": value }))
}

//! What Elastic's pipeline takes out before it looks at anything: nulls, empty texts, and objects
//! and lists of which nothing is left.

use serde_json::Value;

/// The value without what is empty in it; `None` if it is empty itself.
pub(super) fn without(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(without).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::Object(members) => {
            let kept = members.iter().filter_map(|(key, item)| Some((key.clone(), without(item)?)));
            let kept: serde_json::Map<_, _> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        scalar => Some(scalar.clone()),
    }
}

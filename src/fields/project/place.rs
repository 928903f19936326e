//! Reading and filling fields by their paths, through objects only.

use serde_json::{Map, Value};

/// The value at a path.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, step| value.as_object()?.get(step))
}

/// Puts a value where there is none yet. A path that leads through something else than objects
/// stays as it is.
pub(super) fn put(document: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            document.entry(path).or_insert(value);
        }
        Some((step, rest)) => {
            let below = document.entry(step).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}

//! From a spanned tree to plain JSON, for events in rules and for fields that pass through.

use serde_json::{Map, Number, Value};

use super::{Kind, Node, Resolved, resolve};

/// The JSON value of a tree, scalars typed by [`resolve`]. Mapping keys keep their text and order.
pub fn to_json(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => match resolve(scalar) {
            Resolved::Null => Value::Null,
            Resolved::Bool(value) => Value::Bool(value),
            Resolved::Integer(value) => Value::Number(value.into()),
            Resolved::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
            Resolved::Text(text) => Value::String(text.to_owned()),
        },
        Kind::Sequence(items) => Value::Array(items.iter().map(to_json).collect()),
        Kind::Mapping(mapping) => Value::Object(
            mapping
                .entries
                .iter()
                .map(|entry| (entry.key.value.clone(), to_json(&entry.value)))
                .collect::<Map<_, _>>(),
        ),
    }
}

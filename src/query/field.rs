//! Field paths and the walk that gives them meaning.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// A dotted path into an event, such as `userIdentity.type`.
///
/// Copies share the text: every test, term and note about a field has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Arc<str>);

impl FieldPath {
    /// Wraps a dotted path.
    pub fn new(path: impl AsRef<str>) -> Self {
        Self(Arc::from(path.as_ref()))
    }

    /// The path as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Calls `visit` for everything that the path denotes in `event`, until it returns true;
    /// returns whether it did. Arrays fan out at every level. A literal key with dots in it
    /// (`{"a.b": 1}`, as flattened exports write) is found like the nested form.
    pub fn any(&self, event: &Value, visit: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
        walk(event, &self.0, visit)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for FieldPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<&str> for FieldPath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

/// One thing at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'e> {
    /// A string, number or boolean.
    Scalar(&'e Value),
    /// JSON `null`.
    Null,
    /// An object, or an array without elements: present, but equal to no literal.
    Composite,
}

fn walk(node: &Value, path: &str, visit: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match node {
        Value::Array(items) => items.iter().any(|item| walk(item, path, visit)),
        Value::Object(object) => walk_object(object, path, visit),
        _ => false,
    }
}

fn walk_object(
    object: &Map<String, Value>,
    path: &str,
    visit: &mut dyn FnMut(Found<'_>) -> bool,
) -> bool {
    if object.get(path).is_some_and(|value| leaf(value, visit)) {
        return true;
    }
    path.match_indices('.').any(|(dot, _)| {
        object.get(&path[..dot]).is_some_and(|value| walk(value, &path[dot + 1..], visit))
    })
}

fn leaf(value: &Value, visit: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match value {
        Value::Array(items) if !items.is_empty() => items.iter().any(|item| leaf(item, visit)),
        Value::Array(_) | Value::Object(_) => visit(Found::Composite),
        Value::Null => visit(Found::Null),
        scalar => visit(Found::Scalar(scalar)),
    }
}

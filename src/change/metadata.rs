//! What changed beside the detection.

use serde::Serialize;
use serde_json::Value as Json;

use crate::rule::Rule;

/// One value of a rule's document that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Where it stands: `level`, `elastic.interval`, `tests`.
    pub path: String,
    /// Before; absent if there was nothing.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub old: Json,
    /// After; absent if there is nothing.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub new: Json,
}

/// Keys that are the detection itself, which is compared by what it matches.
const LOGIC: &[&str] = &["detection", "correlation", "native"];

/// Every difference between two versions of a rule but for the detection. Objects are entered;
/// lists and texts are compared whole.
pub fn edits(old: &Rule, new: &Rule) -> Vec<Edit> {
    let mut edits = Vec::new();
    walk("", &document(old), &document(new), &mut edits);
    edits
}

fn document(rule: &Rule) -> Json {
    // INVARIANT: rules have string keys only, so they can be written as JSON.
    let mut document = serde_json::to_value(rule).unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        members.retain(|key, _| !LOGIC.contains(&key.as_str()));
    }
    document
}

fn walk(path: &str, old: &Json, new: &Json, edits: &mut Vec<Edit>) {
    match (old, new) {
        (Json::Object(before), Json::Object(after)) => {
            let added = after.keys().filter(|key| !before.contains_key(*key));
            for key in before.keys().chain(added) {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let member = |of: &Json| of.get(key).cloned().unwrap_or_default();
                walk(&inner, &member(old), &member(new), edits);
            }
        }
        _ if old == new => {}
        _ => edits.push(Edit { path: path.to_owned(), old: old.clone(), new: new.clone() }),
    }
}

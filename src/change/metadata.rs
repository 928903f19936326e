//! What changed beside the detection.

use serde::Serialize;
use serde_json::Value as Json;

use crate::rule::{Condition, Rule};
use crate::source::Spanned;

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

/// The same between two values that stand at a path.
pub(super) fn between(path: &str, old: &Json, new: &Json) -> Vec<Edit> {
    let mut edits = Vec::new();
    walk(path, old, new, &mut edits);
    edits
}

fn document(rule: &Rule) -> Json {
    // INVARIANT: rules have string keys only, so they can be written as JSON.
    let mut document = serde_json::to_value(rule).unwrap_or_default();
    if let Some(members) = document.as_object_mut() {
        members.retain(|key, _| !LOGIC.contains(&key.as_str()));
    }
    as_written(rule, &mut document);
    document
}

/// Puts the text of conditions in the place of their trees, whose names nobody wrote.
fn as_written(rule: &Rule, document: &mut Json) {
    let text = |condition: &Spanned<Condition>| {
        let text = rule.source.text().get(condition.span.start..condition.span.end);
        Json::from(text.unwrap_or_default())
    };
    let (elastic, datadog) = (&rule.sections.elastic, &rule.sections.datadog);
    let own =
        [("/elastic/condition", &elastic.condition), ("/datadog/condition", &datadog.condition)];
    for (path, condition) in own {
        if let (Some(place), Some(condition)) = (document.pointer_mut(path), condition) {
            *place = text(condition);
        }
    }
    for (at, case) in datadog.cases.iter().enumerate() {
        if let Some(place) = document.pointer_mut(&format!("/datadog/cases/{at}/condition")) {
            *place = text(&case.condition);
        }
    }
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

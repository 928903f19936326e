//! The last word of a platform's section: a JSON merge patch (RFC 7396) over the generated body.
//!
//! It holds what no other key of a section can say, most of it kept from an imported rule. Envelope
//! fields are the author's business. Where a patch touches what a rule detects, the result has to
//! be shown to be the same: a `query` in other words passes if it means the same as the generated
//! one, and everything else is the loss `patched-logic`, which the author may accept.

use serde_json::{Map, Value as Json};

use crate::language::registry::{Dialect, Read};
use crate::query::{Effect, Loss, Meaning, Schema};

/// The loss of a patch that may detect something else.
const PATCHED_LOGIC: &str = "patched-logic";

/// The cases of a Datadog rule.
const CASES: &str = "/cases";

/// Puts a patch over a body: objects are merged, `null` takes a key away, anything else replaces.
pub(super) fn merge(body: &mut Json, patch: &Map<String, Json>) {
    if !body.is_object() {
        *body = Json::Object(Map::new());
    }
    let Json::Object(body) = body else { return };
    for (key, value) in patch {
        match value {
            Json::Null => {
                body.shift_remove(key);
            }
            Json::Object(inner) => {
                merge(body.entry(key.clone()).or_insert_with(|| Json::Object(Map::new())), inner);
            }
            other => {
                body.insert(key.clone(), other.clone());
            }
        }
    }
}

/// The patch that makes `wanted` of `made`.
pub fn difference(made: &Map<String, Json>, wanted: &Map<String, Json>) -> Map<String, Json> {
    let mut patch = Map::new();
    for key in made.keys().filter(|key| !wanted.contains_key(*key)) {
        patch.insert(key.clone(), Json::Null);
    }
    for (key, value) in wanted {
        match (made.get(key), value) {
            (Some(own), value) if own == value => {}
            (Some(Json::Object(own)), Json::Object(value)) => {
                patch.insert(key.clone(), Json::Object(difference(own, value)));
            }
            _ => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
    patch
}

/// What a patch costs a rule whose logic is generated: a loss for each of the `logic` keys that it
/// touches. `query` is exempt if it says in `language` what the generated query says.
pub(super) fn losses(
    patch: &Map<String, Json>,
    logic: &[&str],
    generated: (&dyn Dialect, &dyn Read),
    schema: &dyn Schema,
) -> Vec<Loss> {
    let touched = patch.keys().filter(|key| logic.contains(&key.as_str()));
    touched
        .filter(|key| {
            let text = patch.get(*key).and_then(Json::as_str);
            !(*key == "query" && text.is_some_and(|text| says_the_same(text, generated, schema)))
        })
        .map(|key| loss(key))
        .collect()
}

/// What a patch costs a rule all of whose queries are generated: a loss for each of the places
/// (JSON pointers) that decide the rule and are not as they were.
pub(super) fn changed(generated: &Json, patched: &Json, logic: &[&str]) -> Vec<Loss> {
    let at = |body: &Json, place: &str| {
        let mut value = body.pointer(place).cloned().unwrap_or_default();
        // What a case is called and whom it tells decides nothing.
        for case in value.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
            if place == CASES {
                case.shift_remove("name");
                case.shift_remove("notifications");
            }
        }
        value
    };
    let touched = logic.iter().filter(|place| at(generated, place) != at(patched, place));
    touched.map(|key| loss(key)).collect()
}

fn loss(key: &str) -> Loss {
    let reason = format!(
        "the section's `patch` changes `{key}`, and nothing shows that the rule still detects the same"
    );
    Loss { code: PATCHED_LOGIC, effect: Effect::Overlapping, field: None, reason }
}

fn says_the_same(
    text: &str,
    (language, generated): (&dyn Dialect, &dyn Read),
    schema: &dyn Schema,
) -> bool {
    let Ok(read) = language.read(text) else { return false };
    match (read.lower(schema), generated.lower(schema)) {
        (Ok(own), Ok(made)) => match (own.value, made.value) {
            (Meaning::Match(own), Meaning::Match(made)) => own.same_alternatives(&made),
            (own, made) => own == made,
        },
        _ => read.tree() == generated.tree(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Json) -> Map<String, Json> {
        if let Json::Object(object) = value { object } else { Map::new() }
    }

    #[test]
    fn the_difference_is_what_merging_takes() {
        let made = object(json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1], "gone": true}));
        let wanted = object(json!({"a": 1, "b": {"c": 4, "x": {"y": 1}}, "e": [2], "new": "n"}));
        let patch = difference(&made, &wanted);
        assert!(!patch.contains_key("a"));
        let mut merged = Json::Object(made);
        merge(&mut merged, &patch);
        assert_eq!(merged, Json::Object(wanted));
    }
}

//! What both platforms' patches have in common.

use serde_json::{Map, Value as Json};

/// Keys that come first, as a reader would look for them; all others follow by name.
const FIRST: &[&str] = &["name", "type", "language", "query", "queries", "cases", "options"];

/// A patch in one order, whatever order its rule came in: objects are merged, so theirs is not
/// kept.
pub(super) fn sorted(patch: Map<String, Json>) -> Map<String, Json> {
    let rank = |key: &String| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len());
    let mut members: Vec<(String, Json)> = patch.into_iter().collect();
    members.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
    let inner = |value| match value {
        Json::Object(inner) => Json::Object(sorted(inner)),
        other => other,
    };
    members.into_iter().map(|(key, value)| (key, inner(value))).collect()
}

/// Whether a value says what leaving its key out says.
pub(super) fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Takes away what says nothing and what the target does not say either.
pub(super) fn drop_idle(wanted: &mut Map<String, Json>, made: &Map<String, Json>) {
    let nothing = Map::new();
    for (key, value) in wanted.iter_mut() {
        if let Json::Object(wanted) = value {
            drop_idle(wanted, made.get(key).and_then(Json::as_object).unwrap_or(&nothing));
        }
    }
    wanted.retain(|key, value| made.contains_key(key) || !says_nothing(value));
}

//! What no key of the section `elastic` says of a rule.

use serde_json::{Value as Json, json};

use super::super::draft::Draft;
use super::super::patch::{drop_idle, sorted};
use super::super::threat;
use super::{guide, unindented};
use crate::import::foreign::Foreign;
use crate::target::{difference, elastic};

/// What the target would say otherwise becomes the section's patch.
pub(super) fn remember(foreign: &Foreign, draft: &mut Draft) {
    let Some(Some(Json::Object(mut made))) = draft.read(elastic::unpatched) else {
        let mut all = foreign.body.clone();
        all.shift_remove("rule_id");
        return draft.patch("elastic", sorted(all));
    };
    let mut wanted = foreign.body.clone();
    // A query that the detection says is the target's to word; a page shows one wording.
    let is_page = foreign.beside.page.package.is_some();
    // An ES|QL query chooses columns, too, which no detection says.
    let has_columns = made.get("language").is_some_and(|language| language == "esql");
    if made.contains_key("query") && !is_page && !has_columns {
        wanted.shift_remove("query");
        made.shift_remove("query");
    }
    // References are written anew from the tags, in the version of ATT&CK that is shipped.
    if !is_page && wanted.get("threat").is_some_and(|own| threat::tags(own).is_some()) {
        wanted.shift_remove("threat");
    }
    // What only the target says is its default; blanks around a text are nobody's meaning.
    made.retain(|key, _| wanted.contains_key(key));
    if !is_page {
        drop_idle(&mut wanted, &made);
        wanted.retain(|key, value| made.get(key).is_none_or(|made| !is_same(key, made, value)));
        made.retain(|key, _| wanted.contains_key(key));
    }
    let patch = sorted(difference(&made, &wanted));
    let native = draft.rule.get("detection").is_none() && draft.rule.get("correlation").is_none();
    if native || !patch.is_empty() {
        draft.patch("elastic", patch);
    }
}

/// Whether two values of a key say the same in other blanks.
fn is_same(key: &str, made: &Json, own: &Json) -> bool {
    let guides = || own.as_str().and_then(guide).zip(made.as_str().and_then(guide));
    match key {
        "note" if guides().is_some() => guides().is_some_and(|(own, made)| own == made),
        _ => trimmed(made) == trimmed(own),
    }
}

/// A value with its texts trimmed.
fn trimmed(value: &Json) -> Json {
    match value {
        Json::String(text) => json!(unindented(text)),
        Json::Array(items) => Json::Array(items.iter().map(trimmed).collect()),
        other => other.clone(),
    }
}

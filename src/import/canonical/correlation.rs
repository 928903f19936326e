//! Rules that count: a rule over single events, and the correlation over it.

use serde_json::{Map, Value as Json, json};

use super::draft::{Draft, derived_id, file_stem, set};

/// What the title of the rule over single events ends in.
const SUFFIX: &str = ": single events";

/// Makes the draft a correlation over `base`, which has logic and vocabulary already: both are
/// documents of one file. `count` is the type of the correlation with its condition.
pub(super) fn counted(
    draft: &mut Draft,
    mut base: Map<String, Json>,
    (kind, condition): (&str, Json),
    group_by: &[String],
    window: &str,
) {
    let title = draft.rule.get("title").and_then(Json::as_str).unwrap_or_default().to_owned();
    let id = draft.rule.get("id").and_then(Json::as_str).unwrap_or_default();
    let short: String = title.chars().take(256 - SUFFIX.len()).collect();
    let name = file_stem(&title);
    set(&mut base, "title", format!("{short}{SUFFIX}"));
    set(&mut base, "id", derived_id(&format!("{id}{SUFFIX}")));
    set(&mut base, "name", &name);
    let mut correlation = Map::new();
    set(&mut correlation, "type", kind);
    set(&mut correlation, "rules", json!([name]));
    set(&mut correlation, "group-by", group_by);
    set(&mut correlation, "timespan", window);
    set(&mut correlation, "condition", condition);
    draft.before.push(base);
    draft.set("correlation", correlation);
}

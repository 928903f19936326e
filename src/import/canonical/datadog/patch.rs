//! What no key of the section `datadog` says of a rule.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::super::draft::Draft;
use super::super::patch::{drop_idle, sorted};
use super::cases::is_special;
use super::{attack_tag, list_of, message, tags, text};
use crate::import::foreign::Foreign;
use crate::target::{datadog, difference};

/// What the target would say otherwise becomes the section's patch.
pub(super) fn remember(foreign: &Foreign, draft: &mut Draft) {
    let Some(Some(Json::Object(mut made))) = draft.read(datadog::unpatched) else {
        return draft.patch("datadog", sorted(foreign.body.clone()));
    };
    let mut wanted = foreign.body.clone();
    let native = !draft.rule.contains_key("detection") && !draft.rule.contains_key("correlation");
    if !native {
        // Queries are the target's to word and to name, and cases go by their names.
        wanted.shift_remove("queries");
        let spoken = draft.rule.get("datadog").is_some_and(|section| section["cases"].is_array());
        match (made.get("cases"), wanted.shift_remove("cases")) {
            (Some(made), Some(own)) if !spoken && is_any_special(&own, &foreign.body) => {
                if let Some(cases) = with_readers(made, &own, &foreign.body) {
                    wanted.insert("cases".to_owned(), cases);
                }
            }
            _ => {}
        }
        if !wanted.contains_key("cases") {
            made.shift_remove("cases");
        }
    }
    if !foreign.beside.without_query {
        // References to ATT&CK are written anew, in the version that is shipped.
        let bag = |body| {
            let own = tags(body).into_iter().filter(|tag| attack_tag(tag).is_none());
            own.map(str::to_owned).collect::<BTreeSet<_>>()
        };
        if bag(&made).is_superset(&bag(&wanted)) {
            wanted.shift_remove("tags");
        }
        let same = |own, made| message::normal(own) == message::normal(made);
        if text(&wanted, "message").zip(text(&made, "message")).is_some_and(|(a, b)| same(a, b)) {
            wanted.shift_remove("message");
        }
        drop_idle(&mut wanted, &made);
    }
    // What only the target says is its default.
    made.retain(|key, _| wanted.contains_key(key));
    if let (Some(Json::Object(made)), Some(Json::Object(wanted))) =
        (made.get_mut("options"), wanted.get("options"))
    {
        made.retain(|key, _| wanted.contains_key(key));
    }
    let patch = sorted(difference(&made, &wanted));
    if native || !patch.is_empty() {
        draft.patch("datadog", patch);
    }
}

fn is_any_special(cases: &Json, body: &Map<String, Json>) -> bool {
    list_of(cases).iter().any(|case| is_special(case, body))
}

/// The one case of a rule that has no place for cases, with the name and the readers that it had.
fn with_readers(made: &Json, own: &Json, body: &Map<String, Json>) -> Option<Json> {
    let ([case], [own]) = (list_of(made), list_of(own)) else { return None };
    let mut case = case.clone();
    for key in ["name", "notifications"] {
        if is_special(own, body) && !own[key].is_null() {
            case[key] = own[key].clone();
        }
    }
    // The target words it: it names the query.
    if let Json::Object(case) = &mut case {
        case.shift_remove("condition");
    }
    Some(json!([case]))
}

//! What decides over alerts and is not the rule's own condition.

use serde_json::{Value as Json, json};

use super::{Detection, Edit};
use crate::convert::decides;
use crate::rule::{Logic, Rule};
use crate::target::elastic::look_back_gap;

/// Keys that decide, and what a change of them is.
const DECIDING: &[(&str, &str)] = &[
    ("counting", "how it counts them changed"),
    ("new_value", "what must be new about them changed"),
    ("elastic.index", "Elastic's rule reads other indices"),
    ("elastic.enabled", "Elastic's rule is switched on or off"),
    ("elastic.building_block", "whether Elastic's alerts are shown changed"),
    ("elastic.suppression", "which of Elastic's alerts become one changed"),
    ("elastic.max_signals", "how many alerts Elastic raises at most changed"),
    ("datadog.enabled", "Datadog's rule is switched on or off"),
    ("datadog.group_by_optional", "whether Datadog ignores logs without the group changed"),
];

/// Sections with which a platform's document is patched.
const PATCHES: &[&str] = &["elastic.patch", "datadog.patch"];

/// What changed beside the events that the rule's own condition matches, and decides over alerts all
/// the same: how they are counted, what Elastic's rule reads, whether it is switched on, and what a
/// platform has in the place of the condition.
pub(super) fn beyond_events(edits: &[Edit], rule: &Rule) -> Detection {
    let is_native = matches!(rule.logic, Logic::Native { .. });
    let (mut unseen, mut reasons) = (Vec::new(), Vec::new());
    for edit in edits {
        if is_native && PATCHES.iter().any(|patch| edit.path.starts_with(patch)) {
            unseen.push(format!("`{}` changed, which no comparison of events sees", edit.path));
        } else {
            reasons.extend(patched(edit).into_iter().map(|key| format!("`{key}` changed")));
        }
    }
    let is_edited =
        |path: &str| edits.iter().any(|edit| edit.path.starts_with(path) && !is_default(edit));
    let keys = DECIDING.iter().filter(|(path, _)| is_edited(path));
    reasons.extend(keys.map(|(_, words)| (*words).to_owned()));
    // A group that is optional only sorts the signals.
    let selects = rule.sections.datadog.group_by_optional == Some(false);
    if selects && edits.iter().any(|edit| edit.path == "datadog.group_by") {
        reasons.push("Datadog ignores logs without other fields than before".to_owned());
    }
    let schedule = ["elastic.interval", "elastic.from"];
    if edits.iter().any(|edit| schedule.contains(&edit.path.as_str())) {
        reasons.extend(gap(rule).map(|gap| format!("Elastic's runs leave events unseen: {gap}")));
    }
    match (unseen.is_empty(), reasons.is_empty()) {
        (true, true) => Detection::Same,
        (true, false) => Detection::Beside { reasons },
        (false, _) => Detection::Unknown { reasons: [unseen, reasons].concat() },
    }
}

/// Whether an edit only writes down what holds anyway, or the reverse.
fn is_default(edit: &Edit) -> bool {
    let on = |value: &Json| value.is_null() || *value == true;
    edit.path.ends_with(".enabled") && on(&edit.old) && on(&edit.new)
}

/// How the schedule of Elastic's rule leaves events unseen, if it does.
fn gap(rule: &Rule) -> Option<String> {
    let elastic = &rule.sections.elastic;
    let interval = elastic.interval.as_ref().map(|interval| interval.value.to_string());
    let from = elastic.from.as_ref().map(|from| from.value.as_str());
    look_back_gap(&json!({"interval": interval, "from": from}))
}

/// The keys of a platform's document that an edit of a patch touches and that decide over alerts.
fn patched(edit: &Edit) -> Vec<String> {
    let Some(patch) = PATCHES.iter().find(|patch| edit.path.starts_with(*patch)) else {
        return Vec::new();
    };
    let touched: Vec<&str> = match edit.path.strip_prefix(*patch).unwrap_or_default() {
        // The whole patch came or went.
        "" => {
            let sides = [&edit.old, &edit.new].into_iter().filter_map(Json::as_object);
            sides.flat_map(|side| side.keys().map(String::as_str)).collect()
        }
        inner => inner.trim_start_matches('.').split(['.', '/']).take(1).collect(),
    };
    let touched = touched.into_iter().filter(|key| decides(key));
    touched.map(|key| format!("{patch}.{key}")).collect()
}

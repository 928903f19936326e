//! What stands around a query and keeps its matches from becoming alerts.

use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind};
use crate::rule::Status;
use crate::target::elastic::look_back_gap;

/// What the document of a platform asks beside its queries, where an auditor has to know: whether it is
/// switched on at all, exceptions that are kept elsewhere, and times that no run looks at.
pub(super) fn of_document(body: &Json) -> Vec<Narrowing> {
    let mut all = Vec::new();
    let mut add = |kind, condition: &str| {
        all.push(Narrowing { kind, condition: condition.to_owned(), witness: None });
    };
    let is_off = ["enabled", "isEnabled"].iter().any(|key| body[key] == false);
    if is_off || body["isDeleted"] == true {
        add(NarrowingKind::Disabled, "somebody switches the rule on");
    }
    if body["building_block_type"].is_string() {
        add(NarrowingKind::Disabled, "another rule makes something of this building block's alert");
    }
    if body["exceptions_list"].as_array().is_some_and(|lists| !lists.is_empty()) {
        add(NarrowingKind::Exclusion, "no item of its exception lists matches");
    }
    // Of Datadog's documents nothing is known of runs: they have neither key.
    if let Some(gap) = look_back_gap(body).filter(|_| body["queries"].is_null()) {
        add(NarrowingKind::Condition, &format!("a run sees the event: {gap}"));
    }
    all
}

/// What the status of a rule says of its use.
pub(super) fn of_status(status: Option<Status>) -> Option<Narrowing> {
    let status =
        status.filter(|status| matches!(status, Status::Deprecated | Status::Unsupported))?;
    let condition = format!("somebody runs the rule although its status is `{}`", status.word());
    Some(Narrowing { kind: NarrowingKind::Disabled, condition, witness: None })
}

//! What stands around a query and keeps its matches from becoming alerts.

use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind};
use super::detector::log_of;
use crate::fields::Catalog;
use crate::import::may_hold;
use crate::rule::{ElasticLanguage, Status};
use crate::target::Output;
use crate::target::elastic::{self, look_back_gap};

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

/// The same of a generated document, with what a count by fields asks of them: its platform ignores
/// events that lack one.
pub(super) fn of_output(output: &Output) -> Vec<Narrowing> {
    let grouped = output.assumptions.iter().filter(|one| one.code == "grouped-field");
    let grouped = grouped.map(|one| Narrowing {
        kind: NarrowingKind::Presence,
        condition: one.reason.clone(),
        witness: None,
    });
    of_document(&output.payload).into_iter().chain(grouped).collect()
}

/// What the status of a rule says of its use.
pub(super) fn of_status(status: Option<Status>) -> Option<Narrowing> {
    let status =
        status.filter(|status| matches!(status, Status::Deprecated | Status::Unsupported))?;
    let condition = format!("somebody runs the rule although its status is `{}`", status.word());
    Some(Narrowing { kind: NarrowingKind::Disabled, condition, witness: None })
}

/// What an Elastic rule is run on, if that holds none of the events that it is about: `own` is the log
/// that its query speaks of.
pub(super) fn other_log(body: &Json, own: Option<&str>) -> Option<String> {
    let index = indexes(body);
    let spoken_of = Catalog::all().filter(|catalog| own.is_none_or(|own| own == log_of(catalog)));
    let mut held =
        spoken_of.map(|one| one.data_set().is_none_or(|name| may_hold(&index, name))).peekable();
    let is_other = !index.is_empty() && held.peek().is_some() && !held.any(|held| held);
    is_other.then(|| index.join(", "))
}

/// The index patterns that a rule or its query names.
fn indexes(body: &Json) -> Vec<String> {
    let text = |key: &str| body[key].as_str();
    match (text("language"), text("query")) {
        (Some("esql"), Some(query)) => {
            let read = elastic::dialect(ElasticLanguage::Esql).read(query);
            read.ok().and_then(|query| query.source()).map(|reads| reads.index).unwrap_or_default()
        }
        _ => {
            let index = body["index"].as_array().into_iter().flatten();
            index.filter_map(Json::as_str).map(str::to_owned).collect()
        }
    }
}

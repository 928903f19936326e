//! The events that a query is for, where it does not say so itself.
//!
//! A Sigma rule has a log source and an Elastic rule its indices. A query that asks for neither means
//! the same only as long as it is run on those events: the assumption `log-source`.

use crate::fields::{View, Vocabulary};
use crate::import;
use crate::query::{Assumption, Expr};
use crate::rule::Logsource;

/// What it is called.
pub(super) const LOG_SOURCE: &str = "log-source";

/// What is assumed of a query made of `exprs`, whose names are those of the `vocabulary`, for a rule of
/// a log source; nothing if they ask for its events alone, or if the platform is asked for them.
pub(super) fn of_rule(
    logsource: &Logsource,
    vocabulary: &Vocabulary,
    view: View,
    exprs: &[&Expr],
) -> Option<Assumption> {
    let asks = |expr: &&Expr, own: View| {
        let asked = import::asked_logsource(expr, own);
        asked.is_some_and(|asked| asked.is_within(logsource))
    };
    let is_said = match vocabulary {
        Vocabulary::View(own) | Vocabulary::Foreign(own, _) => {
            exprs.iter().all(|expr| asks(expr, *own))
        }
        _ => asks_for_catalogue(vocabulary, view),
    };
    let any = Logsource::default();
    (!is_said && !any.is_within(logsource)).then(|| only_on(&format!("of `{logsource}`")))
}

/// What is assumed of a query for a rule that reads these indices; nothing if its expressions say
/// which data set they are for, or if it names no indices.
pub(super) fn of_index(
    index: &[String],
    vocabulary: &Vocabulary,
    exprs: &[&Expr],
) -> Option<Assumption> {
    if index.is_empty() {
        return None;
    }
    let is_said = match vocabulary {
        Vocabulary::View(View::Ecs) | Vocabulary::Foreign(View::Ecs, _) => {
            exprs.iter().all(|expr| import::asks_for_data_set(expr))
        }
        _ => vocabulary.catalog().is_some(),
    };
    let patterns: Vec<String> = index.iter().map(|pattern| format!("`{pattern}`")).collect();
    (!is_said).then(|| only_on(&format!("in {}", patterns.join(", "))))
}

/// What is assumed of a query for a rule that reads a data view of Kibana.
pub(super) fn of_data_view(id: &str) -> Assumption {
    only_on(&format!("in the data view `{id}`"))
}

/// What is assumed of a query in a form that has no words for a catalogue's log source.
pub(super) fn of_catalogue(vocabulary: &Vocabulary, view: View) -> Option<Assumption> {
    let logsource = &vocabulary.catalog()?.table().logsource;
    let parts = [&logsource.product, &logsource.category, &logsource.service];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    let is_said = asks_for_catalogue(vocabulary, view);
    (!is_said).then(|| only_on(&format!("of `{}`", parts.join("/"))))
}

/// Whether a query has the test by which a catalogue's events are told from others.
fn asks_for_catalogue(vocabulary: &Vocabulary, view: View) -> bool {
    vocabulary.catalog().is_some_and(|catalog| catalog.scope(view) != Expr::True)
}

fn only_on(events: &str) -> Assumption {
    let reason = format!("the query is only run on events {events}");
    Assumption { code: LOG_SOURCE, field: None, reason }
}

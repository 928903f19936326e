//! Which logs two sides read, and how these stand to one another.
//!
//! A rule detects nothing in logs that it does not read, so its log source, or the indices of an
//! Elastic rule, are part of what it detects. Names of one kind can be held against one another; names of
//! different kinds cannot, and then it is said what is taken for granted.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Reading;
use super::sources::{are_other_logs, sources};
use crate::fields::{Catalog, View, Vocabulary};
use crate::import::{asked_logsource, index_logsource};
use crate::proof::{self, Comparison, Limit, Limits, Relation};
use crate::query::{Case, Expr, FieldFacts, FieldPath, Op, Part, Pattern, Schema, Test};
use crate::rule::Logsource;

/// What an Elastic rule or query reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Index patterns.
    Indices(Vec<String>),
    /// The id of one of Kibana's data views.
    DataView(String),
}

/// Two sides that read other logs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OtherLogs {
    /// How those of the second stand to those of the first; none if nobody can tell.
    pub relation: Option<Relation>,
    /// What the first reads, in words.
    pub left: String,
    /// What the second reads, in words.
    pub right: String,
}

/// How the logs of two sides stand to one another.
pub(super) enum Stand {
    /// They are the same, as far as anybody says.
    Same,
    /// They are taken to be the same, in words.
    Taken(String),
    /// They are not.
    Other(OtherLogs),
}

/// Compares the logs of two readings. `named` are those that the caller names for queries without a
/// rule; `on_record` says whether the readings were compared over the record, where a query's test for
/// its log is gone.
pub(super) fn stand(
    left: &Reading,
    right: &Reading,
    named: Option<&'static Catalog>,
    on_record: bool,
) -> Stand {
    let by_name = match (&left.beyond.reads, &right.beyond.reads) {
        (Some(one), Some(other)) if one == other => Some(Relation::Equal),
        (Some(Reads::Indices(one)), Some(Reads::Indices(other))) => indices(one, other),
        (Some(_), Some(_)) => None,
        _ => match (&left.logsource, &right.logsource) {
            (Some(one), Some(other)) => sources(one, other),
            _ => return unnamed(left, right, named, on_record),
        },
    };
    match by_name {
        Some(Relation::Equal) if on_record => by_query(left, right),
        Some(Relation::Equal) => Stand::Same,
        relation => other(left, right, relation),
    }
}

/// At least one side is a query, or a rule that leaves it to its query.
fn unnamed(
    left: &Reading,
    right: &Reading,
    named: Option<&'static Catalog>,
    on_record: bool,
) -> Stand {
    let is_plain = |side: &Reading| side.logsource.is_none() && side.beyond.reads.is_none();
    if is_plain(left) && is_plain(right) && view(left) == view(right) {
        return if on_record { by_query(left, right) } else { Stand::Same };
    }
    let source = |side: &Reading| {
        let by_caller = || named.map(logsource).filter(|_| is_plain(side));
        source_of(side).or_else(by_caller)
    };
    if let (Some(one), Some(other)) = (told_source(left), told_source(right))
        && are_other_logs(&one, &other)
    {
        let words = |source: &Logsource| format!("events of `{source}`");
        let relation = Some(Relation::Disjoint);
        return Stand::Other(OtherLogs { relation, left: words(&one), right: words(&other) });
    }
    match (source(left), source(right)) {
        (Some(one), Some(other)) if sources(&one, &other) == Some(Relation::Equal) => Stand::Same,
        (None, None) if is_plain(left) && is_plain(right) => Stand::Same,
        _ => Stand::Taken(format!(
            "which logs are read is not compared: `{}` reads {}, `{}` {}; both are taken to be the same logs",
            left.title,
            in_words(left),
            right.title,
            in_words(right)
        )),
    }
}

/// Whether two queries of one platform each ask for a log of their own: what a record of one of them
/// says of the other's query is no matter.
pub(super) fn are_apart(left: &Reading, right: &Reading) -> bool {
    let asked = |side: &Reading| asked_logsource(&side.expr, view(side));
    view(left) == view(right)
        && asked(left)
            .zip(asked(right))
            .is_some_and(|(one, other)| sources(&one, &other) == Some(Relation::Disjoint))
}

/// The logs for which queries of one platform ask themselves. A record does not show that one asks
/// for its log and the other does not.
fn by_query(left: &Reading, right: &Reading) -> Stand {
    if view(left) != view(right) || view(left) == View::Raw {
        return Stand::Same;
    }
    let relation = match (source_of(left), source_of(right)) {
        (Some(_), None) => Some(Relation::Wider),
        (None, Some(_)) => Some(Relation::Narrower),
        (Some(one), Some(other)) if one.product == other.product => sources(&one, &other),
        _ => Some(Relation::Equal),
    };
    match relation {
        Some(Relation::Equal) => Stand::Same,
        relation => other(left, right, relation),
    }
}

fn other(left: &Reading, right: &Reading, relation: Option<Relation>) -> Stand {
    Stand::Other(OtherLogs { relation, left: in_words(left), right: in_words(right) })
}

/// The log source that a side names, or that its query asks for.
fn source_of(side: &Reading) -> Option<Logsource> {
    let by_index = || match &side.beyond.reads {
        Some(Reads::Indices(patterns)) => index_logsource(patterns),
        _ => None,
    };
    told_source(side).or_else(by_index).or_else(|| side.logsource.clone())
}

/// The same, only where all events of the side must be of it: that of a platform's rule is a mere name
/// if its query does not ask for it.
fn told_source(side: &Reading) -> Option<Logsource> {
    let own = side.logsource.clone().filter(|_| view(side) == View::Raw);
    own.or_else(|| asked_logsource(&side.expr, view(side)))
}

/// The log source that a table is about.
pub(super) fn logsource(catalog: &Catalog) -> Logsource {
    let own = &catalog.table().logsource;
    Logsource {
        category: own.category.clone(),
        product: own.product.clone(),
        service: own.service.clone(),
        ..Logsource::default()
    }
}

fn view(side: &Reading) -> View {
    match side.vocabulary {
        Vocabulary::View(view) | Vocabulary::Foreign(view, _) => view,
        Vocabulary::Catalogue(_) | Vocabulary::Unknown => View::Raw,
    }
}

/// What a side reads.
fn in_words(side: &Reading) -> String {
    match (&side.beyond.reads, source_of(side)) {
        (Some(Reads::DataView(id)), _) => format!("the data view `{id}`"),
        (Some(Reads::Indices(patterns)), _) => {
            let patterns: Vec<String> = patterns.iter().map(|one| format!("`{one}`")).collect();
            format!("the indices {}", patterns.join(", "))
        }
        (None, Some(source)) => format!("events of `{source}`"),
        (None, None) => "whatever it is run on".to_owned(),
    }
}

/// How the names of indices that patterns take stand to one another. A pattern that takes indices
/// away (`-logs-x`) can be compared with itself only.
fn indices(left: &[String], right: &[String]) -> Option<Relation> {
    let set = |patterns: &[String]| -> BTreeSet<String> {
        patterns.iter().map(|pattern| pattern.trim().to_owned()).collect()
    };
    let (left, right) = (set(left), set(right));
    if left == right {
        return Some(Relation::Equal);
    }
    if left.iter().chain(&right).any(|pattern| pattern.starts_with('-')) {
        return None;
    }
    let asked =
        |patterns: &BTreeSet<String>| Expr::any_of(patterns.iter().map(|one| of_index(one)));
    match proof::compare(&asked(&left), &asked(&right), &OneName, &Limits::default()).relation {
        Relation::Undecided(_) => None,
        relation => Some(relation),
    }
}

fn of_index(pattern: &str) -> Expr {
    let mut parts = Vec::new();
    for (at, text) in pattern.split('*').enumerate() {
        if at > 0 {
            parts.push(Part::Any);
        }
        if !text.is_empty() {
            parts.push(Part::Literal(text.to_owned()));
        }
    }
    let op = Op::Matches { pattern: Pattern::from_iter(parts), case: Case::Sensitive };
    Expr::Test(Test::field("_index", op))
}

/// An index has one name.
struct OneName;

impl Schema for OneName {
    fn facts(&self, _: &FieldPath) -> FieldFacts {
        FieldFacts { single: true, never_null: true, ..FieldFacts::default() }
    }
}

/// What events of these logs make of a comparison that was made as if the logs were the same.
/// Events are shown only where they are of logs that both read: of others, the logs are the
/// difference.
pub(super) fn over(other: &OtherLogs, comparison: Comparison) -> Comparison {
    let Comparison { relation, only_left, only_right, both, assumed, never } = comparison;
    if matches!(relation, Relation::Undecided(_)) || !never.is_empty() {
        return Comparison { relation, only_left, only_right, both, assumed, never };
    }
    let Some(logs) = other.relation else {
        let relation = match relation {
            Relation::Disjoint => Relation::Disjoint,
            _ => Relation::Undecided(Limit::OtherLogs),
        };
        return Comparison { relation, only_left, only_right, both, assumed, never };
    };
    // A side that the other contains is not empty here.
    let shared = relation != Relation::Disjoint;
    let (left_only, right_only, common) = of(logs);
    let misses = (only_left.is_some() && (left_only || common)) || (shared && left_only);
    let adds = (only_right.is_some() && (right_only || common)) || (shared && right_only);
    let relation = match (misses, adds, shared && common) {
        (_, _, false) => Relation::Disjoint,
        (false, false, true) => Relation::Equal,
        (true, false, true) => Relation::Narrower,
        (false, true, true) => Relation::Wider,
        (true, true, true) => Relation::Overlapping,
    };
    let kept = |event: Option<serde_json::Value>| event.filter(|_| common);
    let [only_left, only_right, both] = [only_left, only_right, both].map(kept);
    Comparison { relation, only_left, only_right, both, assumed, never }
}

/// Which logs there are: of the first alone, of the second alone, of both.
fn of(logs: Relation) -> (bool, bool, bool) {
    match logs {
        Relation::Equal | Relation::Undecided(_) => (false, false, true),
        Relation::Narrower => (true, false, true),
        Relation::Wider => (false, true, true),
        Relation::Overlapping => (true, true, true),
        Relation::Disjoint => (true, true, false),
    }
}

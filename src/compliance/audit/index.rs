//! Which parts of which demands a rule can have to do with at all. Rules ask for calls by name, and
//! nearly every question is answered by that.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Grounds;
use super::questions::Questions;
use crate::compliance::decide::NarrowingKind;
use crate::compliance::detector::Meant;
use crate::compliance::given::literal;
use crate::fields::View;
use crate::query::{Expr, FieldPath, Op, Test};

/// What makes two meanings the same question.
pub(super) type Key<'m> = (Option<&'m str>, View, &'m Expr, Vec<(NarrowingKind, &'m str)>);

/// The key of a meaning over a log.
pub(super) fn key<'m>(log: Option<&'m str>, meant: &'m Meant) -> Key<'m> {
    let gates = meant.gates.iter().map(|gate| (gate.kind, gate.condition.as_str()));
    (log, meant.view, &meant.expr, gates.collect())
}

/// The parts of all demands by log and view.
pub(super) struct Index<'q> {
    by_log: BTreeMap<(&'q str, View), Vec<Entry>>,
}

/// What one part says of its events, as far as an index needs it.
struct Entry {
    part: usize,
    /// Fields that have exactly one value in every event of the part, with that value in lower case.
    values: BTreeMap<FieldPath, String>,
    /// Every field that the part speaks of.
    fields: BTreeSet<FieldPath>,
    /// Whether it could not be said in the view, so that nothing is known.
    is_unsaid: bool,
}

impl<'q> Index<'q> {
    pub(super) fn of(grounds: &Grounds, questions: &'q Questions<'_>) -> Self {
        let mut by_log: BTreeMap<(&str, View), Vec<Entry>> = BTreeMap::new();
        for view in grounds.views() {
            for (part, log) in questions.part_logs.iter().enumerate() {
                let Some(ground) = grounds.ground(log, view) else { continue };
                let said = grounds.part(view, part);
                let all = Expr::all([ground.given().clone()].into_iter().chain(said.cloned()));
                let members = match &all {
                    Expr::And(members) => members.as_slice(),
                    other => std::slice::from_ref(other),
                };
                let held = members.iter().filter_map(literal).filter(|(_, holds)| *holds);
                let values = held
                    .filter_map(|(test, _)| value(test))
                    .filter(|(field, _)| ground.is_single(field))
                    .collect();
                let fields = said.map(Expr::fields).unwrap_or_default().into_iter().cloned();
                let entry =
                    Entry { part, values, fields: fields.collect(), is_unsaid: said.is_none() };
                by_log.entry((log.as_str(), view)).or_default().push(entry);
            }
        }
        Self { by_log }
    }

    /// The parts that a rule may find something of, log by log.
    pub(super) fn parts(&self, own: Option<&str>, meant: &Meant) -> Vec<(&'q str, Vec<usize>)> {
        let needed = needed(&meant.expr);
        let fields: BTreeSet<&FieldPath> = meant.expr.fields().into_iter().collect();
        let has_keywords = meant.expr.tests().iter().any(|test| test.path().is_none());
        let likely = |entry: &&Entry| {
            let clashes = |(field, value): (&FieldPath, &String)| {
                needed.get(field).is_some_and(|needed| !needed.contains(value))
            };
            let shares = entry.is_unsaid
                || has_keywords
                || entry.fields.iter().any(|own| fields.contains(own));
            shares && !entry.values.iter().any(clashes)
        };
        let logs = self
            .by_log
            .iter()
            .filter(|((log, view), _)| *view == meant.view && own.is_none_or(|own| own == *log));
        logs.map(|((log, _), entries)| {
            (*log, entries.iter().filter(likely).map(|entry| entry.part).collect())
        })
        .collect()
    }
}

/// The only value that a test allows, in lower case.
fn value(test: &Test) -> Option<(FieldPath, String)> {
    match &test.op {
        Op::Matches { pattern, .. } => {
            Some((test.path()?.clone(), pattern.as_literal()?.to_lowercase()))
        }
        _ => None,
    }
}

/// Fields one of whose values an event must have for the expression to hold, in lower case.
fn needed(expr: &Expr) -> BTreeMap<FieldPath, BTreeSet<String>> {
    match expr {
        Expr::Test(test) => {
            value(test).map(|(field, value)| (field, BTreeSet::from([value]))).into_iter().collect()
        }
        Expr::And(members) => {
            let mut all: BTreeMap<FieldPath, BTreeSet<String>> = BTreeMap::new();
            for (field, values) in members.iter().flat_map(needed) {
                // Either list says what is needed; the shorter one says more.
                match all.get(&field) {
                    Some(own) if own.len() <= values.len() => {}
                    _ => drop(all.insert(field, values)),
                }
            }
            all
        }
        Expr::Or(members) => {
            let mut members = members.iter().map(needed);
            let mut all = members.next().unwrap_or_default();
            for member in members {
                all.retain(|field, values| match member.get(field) {
                    Some(more) => {
                        values.extend(more.iter().cloned());
                        true
                    }
                    None => false,
                });
            }
            all
        }
        Expr::True | Expr::False | Expr::Not(_) => BTreeMap::new(),
    }
}

//! How what two rules or queries detect stands to one another, whatever they are written in.
//!
//! Each is read into a [`Reading`]: an expression, and whose field names it uses. Readings over
//! different names can be compared only where a field catalogue knows both: then all of it is
//! pulled back to the record as the service wrote it. Otherwise the names must be the same ones.

mod cases;
mod counting;
mod file;
mod group;
mod logs;
mod output;
mod query;
mod rule;
mod sources;
mod space;
mod told;
mod translation;

use std::fmt;

use indexmap::IndexSet;

use crate::fields::{Catalog, View, Vocabulary};
use crate::proof::{self, Comparison, Limit, Limits, Relation, Satisfiable, Side};
use crate::query::{Assumption, Expr, Schema};
use crate::rule::Logsource;

pub use counting::{Asks, Counting, Whose, counting};
pub use file::{of_foreign, of_source, sole};
use logs::Stand;
pub use logs::{OtherLogs, Reads};
pub use output::of_output;
pub use query::{of_made, of_query, view_of};
pub use rule::{of_rule, of_rule_under};
pub use space::catalog_of;
pub use translation::{Column, Compared, Outcome, Translation, compare_translated, translations};

/// What one side of a comparison detects.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The rule's title, or the query itself.
    pub title: String,
    /// The single events that it asks for.
    pub expr: Expr,
    /// Whose field names it uses.
    pub vocabulary: Vocabulary,
    /// Where its events come from, if it says so.
    pub logsource: Option<Logsource>,
    /// What the expression leaves out or leans on, in words: windows, other conditions of the rule.
    pub notes: Vec<String>,
    /// What else decides over alerts.
    pub beyond: Beyond,
}

/// What a rule or query says beside which events it asks for.
#[derive(Clone, Debug, Default)]
pub struct Beyond {
    /// The indices that it reads, if it names them.
    pub reads: Option<Reads>,
    /// What stands between an event and an alert.
    pub asks: Option<Asks>,
}

impl Reading {
    /// What is known of the fields.
    pub fn schema(&self) -> Box<dyn Schema> {
        let view = match self.vocabulary {
            Vocabulary::View(view) | Vocabulary::Foreign(view, _) => view,
            Vocabulary::Catalogue(_) | Vocabulary::Unknown => View::Raw,
        };
        self.vocabulary.schema(view, &[&self.expr])
    }

    /// What any of several queries matches. They look at the same events.
    fn any(readings: Vec<Self>) -> Result<Self, Unrelated> {
        let notes = readings.iter().flat_map(|reading| reading.notes.clone()).collect();
        let expr = Expr::any_of(readings.iter().map(|reading| reading.expr.clone()));
        let first = readings.into_iter().next();
        let first = first.ok_or_else(|| Unrelated::because("there is no query"))?;
        Ok(Self { expr, notes, ..first })
    }
}

/// Why something cannot be compared, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Unrelated(pub Vec<String>);

impl fmt::Display for Unrelated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl Unrelated {
    fn because(reason: impl Into<String>) -> Self {
        Self(vec![reason.into()])
    }
}

/// A comparison, and what it holds for.
#[derive(Clone, Debug)]
pub struct Related {
    /// The answer. Events in it are records of the log source, or documents with the names that
    /// both sides use.
    pub comparison: Comparison,
    /// What both readings and the way into one vocabulary lean on, each once.
    pub notes: Vec<String>,
    /// The logs, if both name theirs and these are not the same. The comparison takes them into
    /// account.
    pub logs: Option<OtherLogs>,
    /// How both count the events, if one does.
    pub counting: Option<Counting>,
    /// Whose records the answer is about.
    records: Option<&'static Catalog>,
}

impl Related {
    fn of(comparison: Comparison, notes: Vec<String>, space: &space::Space) -> Self {
        Self { comparison, notes, logs: None, counting: None, records: space.records }
    }

    /// Whether both are proven to raise alerts for the same events, and for some.
    pub fn is_same(&self) -> bool {
        self.comparison.relation == Relation::Equal
            && !self.comparison.is_empty()
            && self.counting.as_ref().is_none_or(|counting| counting.same)
    }

    /// What the sides are compared on, after "no": `event`, ``record of `aws/cloudtrail` ``.
    pub fn looked_at(&self) -> String {
        match self.records {
            Some(catalog) => format!("record of `{}`", logs::logsource(catalog)),
            None => "event".to_owned(),
        }
    }

    /// The same with what the logs of both sides make of it.
    fn over_logs(self, sides: [&Reading; 2], named: Option<&'static Catalog>) -> Self {
        let [left, right] = sides;
        if !self.comparison.never.is_empty() {
            return self;
        }
        match logs::stand(left, right, named, self.records.is_some()) {
            Stand::Same => self,
            Stand::Taken(words) => {
                Self { notes: self.notes.into_iter().chain([words]).collect(), ..self }
            }
            Stand::Other(other) => {
                let comparison = logs::over(&other, self.comparison);
                Self { comparison, logs: Some(other), ..self }
            }
        }
    }
}

/// A reading over the names of a catalogue's record, with what the way there leans on or loses, in
/// words.
pub fn of_record(
    reading: &Reading,
    catalog: &'static Catalog,
) -> Result<(Expr, Vec<String>), Unrelated> {
    let mut notes = Vec::new();
    let expr = space::raw(reading, catalog, &mut notes, &mut false)?;
    Ok((expr, notes))
}

/// Compares two readings. `logsource` says whose events they look at where they do not say it
/// themselves.
pub fn compare(
    left: &Reading,
    right: &Reading,
    logsource: Option<&'static Catalog>,
    limits: &Limits,
) -> Result<Related, Unrelated> {
    let related = compare_leaning(left, right, logsource, &[], limits)?;
    let Related { mut notes, .. } = related;
    // Here it is compared.
    let asks = [left, right].into_iter().filter_map(|side| side.beyond.asks.as_ref());
    let told: Vec<&String> = asks.flat_map(|asks| &asks.notes).collect();
    notes.retain(|note| !told.contains(&note));
    let related = Related { notes, counting: Counting::of(left, right), ..related };
    Ok(related.over_logs([left, right], logsource))
}

/// Whether a reading can match any event that there is: where a catalogue knows its names, any that a
/// record makes.
pub fn possible(
    reading: &Reading,
    logsource: Option<&'static Catalog>,
    limits: &Limits,
) -> Satisfiable {
    let own = proof::satisfiable(&reading.expr, &*reading.schema(), limits);
    let Some(catalog) = logsource.or_else(|| space::catalog_of(reading)) else { return own };
    let mut is_rough = false;
    match space::raw(reading, catalog, &mut Vec::new(), &mut is_rough) {
        Ok(expr) if !is_rough && !matches!(own, Satisfiable::Never(_)) => {
            let always = catalog.always().into_iter().map(|(expr, _)| expr);
            let expr = Expr::all(always.chain([expr]));
            match proof::satisfiable(&expr, &catalog.schema(View::Raw), limits) {
                Satisfiable::Yes(_) => own,
                other => other,
            }
        }
        _ => own,
    }
}

/// The same where the right side was made of the left one and leans on assumptions.
fn compare_leaning(
    left: &Reading,
    right: &Reading,
    logsource: Option<&'static Catalog>,
    assumptions: &[Assumption],
    limits: &Limits,
) -> Result<Related, Unrelated> {
    let mut best: Option<Related> = None;
    for space in space::common(left, right, logsource)? {
        let related = within(space.told(assumptions), limits);
        let decided = !matches!(related.comparison.relation, Relation::Undecided(_));
        if decided || best.is_none() {
            best = Some(related);
        }
        if best.as_ref().is_some_and(|best| best.comparison.relation == Relation::Equal) {
            break;
        }
    }
    let best = best.ok_or_else(|| Unrelated::because("there is no vocabulary for both"))?;
    Ok(best.noting([left, right]))
}

impl Related {
    /// The same with the notes of both readings in front.
    fn noting(self, sides: [&Reading; 2]) -> Self {
        let own = sides.iter().flat_map(|side| &side.notes).cloned();
        let each_once: IndexSet<String> = own.chain(self.notes).collect();
        Self { notes: each_once.into_iter().collect(), ..self }
    }
}

/// Compares over one vocabulary. What is known of several fields together is taken only if the two
/// differ without it, and named if it mattered. What came here at a loss is not compared: an answer
/// would be about something else.
fn within(space: space::Space, limits: &Limits) -> Related {
    if space.is_rough {
        let comparison = Comparison::open(Limit::WayBack);
        return Related::of(comparison, space.notes.clone(), &space);
    }
    let (comparison, notes) = answer(&space, limits);
    Related::of(with_empty(comparison, &space, limits), notes, &space)
}

/// The same with the sides that no event can match: "equal" and "wider" follow from these alone.
fn with_empty(comparison: Comparison, space: &space::Space, limits: &Limits) -> Comparison {
    let Comparison { relation, ref both, .. } = comparison;
    let doubtful = match relation {
        Relation::Equal => vec![Side::Left, Side::Right],
        Relation::Wider if both.is_none() => vec![Side::Left],
        Relation::Narrower if both.is_none() => vec![Side::Right],
        _ => return comparison,
    };
    let side = if doubtful[0] == Side::Left { &space.left } else { &space.right };
    let expr = Expr::all(space.always.iter().map(|(expr, _)| expr).chain([side]).cloned());
    match proof::satisfiable(&expr, &*space.schema, limits) {
        Satisfiable::Yes(event) if relation == Relation::Equal => {
            Comparison { both: Some(event), ..comparison }
        }
        Satisfiable::Never(_) => Comparison { never: doubtful, ..comparison },
        _ => comparison,
    }
}

/// The answer, and what it leans on.
fn answer(space: &space::Space, limits: &Limits) -> (Comparison, Vec<String>) {
    let space::Space { left, right, schema, always, .. } = space;
    let (always, mut notes) = (always.clone(), space.notes.clone());
    let free = proof::compare(left, right, &**schema, limits);
    if free.relation == Relation::Equal || always.is_empty() {
        return (free, notes);
    }
    let told = |side: &Expr| Expr::all(always.iter().map(|(expr, _)| expr).chain([side]).cloned());
    let comparison = proof::compare(&told(left), &told(right), &**schema, limits);
    if matches!(comparison.relation, Relation::Undecided(_)) {
        return (free, notes);
    }
    if comparison.relation == free.relation {
        return (comparison, notes);
    }
    // Only what the relation would not be the same without.
    let (mut needed, mut best) = (always, comparison);
    for at in (0..needed.len()).rev() {
        let mut less = needed.clone();
        less.remove(at);
        let told =
            |side: &Expr| Expr::all(less.iter().map(|(expr, _)| expr).chain([side]).cloned());
        let weaker = proof::compare(&told(left), &told(right), &**schema, limits);
        if weaker.relation == best.relation {
            // The events stay those of which all of it holds.
            needed = less;
            best.assumed = weaker.assumed;
        }
    }
    notes.extend(needed.into_iter().map(|(_, words)| words));
    (best, notes)
}

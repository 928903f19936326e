//! How what two rules or queries detect stands to one another, whatever they are written in.
//!
//! Each is read into a [`Reading`]: an expression, and whose field names it uses. Readings over
//! different names can be compared only where a field catalogue knows both: then all of it is
//! pulled back to the record as the service wrote it. Otherwise the names must be the same ones.

mod file;
mod output;
mod query;
mod rule;
mod space;
mod told;
mod translation;

use std::fmt;

use indexmap::IndexSet;

use crate::fields::{Catalog, View, Vocabulary};
use crate::proof::{self, Comparison, Limit, Limits, Relation};
use crate::query::{Assumption, Expr, Schema};
use crate::rule::Logsource;

pub use file::{of_foreign, of_source, sole};
pub use output::of_output;
pub use query::{of_made, of_query, view_of};
pub use rule::of_rule;
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
    compare_leaning(left, right, logsource, &[], limits)
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
    let space::Space { left, right, schema, always, mut notes, is_rough, .. } = space;
    if is_rough {
        return Related { comparison: Comparison::open(Limit::WayBack), notes };
    }
    let free = proof::compare(&left, &right, &*schema, limits);
    if free.relation == Relation::Equal || always.is_empty() {
        return Related { comparison: free, notes };
    }
    let told = |side: &Expr| Expr::all(always.iter().map(|(expr, _)| expr).chain([side]).cloned());
    let comparison = proof::compare(&told(&left), &told(&right), &*schema, limits);
    if matches!(comparison.relation, Relation::Undecided(_)) {
        return Related { comparison: free, notes };
    }
    if comparison.relation == free.relation {
        return Related { comparison, notes };
    }
    // Only what the relation would not be the same without.
    let (mut needed, mut best) = (always, comparison);
    for at in (0..needed.len()).rev() {
        let mut less = needed.clone();
        less.remove(at);
        let told =
            |side: &Expr| Expr::all(less.iter().map(|(expr, _)| expr).chain([side]).cloned());
        let weaker = proof::compare(&told(&left), &told(&right), &*schema, limits);
        if weaker.relation == best.relation {
            // The events stay those of which all of it holds.
            needed = less;
            best.assumed = weaker.assumed;
        }
    }
    notes.extend(needed.into_iter().map(|(_, words)| words));
    Related { comparison: best, notes }
}

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

use std::fmt;

use crate::fields::{Catalog, Vocabulary};
use crate::proof::{self, Comparison, Limits, Relation};
use crate::query::Expr;
use crate::rule::Logsource;

pub use file::{of_foreign, of_source, sole};
pub use output::of_output;
pub use query::of_query;
pub use rule::of_rule;

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

/// A reading over the names of a catalogue's record, with what the way there leans on, in words.
pub fn of_record(
    reading: &Reading,
    catalog: &'static Catalog,
) -> Result<(Expr, Vec<String>), Unrelated> {
    let mut notes = Vec::new();
    let expr = space::raw(reading, catalog, &mut notes)?;
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
    let mut best: Option<Related> = None;
    for space in space::common(left, right, logsource)? {
        let related = within(space, limits);
        let decided = !matches!(related.comparison.relation, Relation::Undecided(_));
        if decided || best.is_none() {
            best = Some(related);
        }
        if best.as_ref().is_some_and(|best| best.comparison.relation == Relation::Equal) {
            break;
        }
    }
    let Some(Related { comparison, notes }) = best else {
        return Err(Unrelated::because("there is no vocabulary for both"));
    };
    let mut notes: Vec<String> =
        left.notes.iter().chain(&right.notes).cloned().chain(notes).collect();
    let mut seen = Vec::new();
    notes.retain(|note| {
        !seen.contains(note) && {
            seen.push(note.clone());
            true
        }
    });
    Ok(Related { comparison, notes })
}

/// Compares over one vocabulary. What is known of several fields together is taken only if the two
/// differ without it, and named if it mattered.
fn within(space: space::Space, limits: &Limits) -> Related {
    let space::Space { left, right, schema, always, mut notes } = space;
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
            (needed, best) = (less, weaker);
        }
    }
    notes.extend(needed.into_iter().map(|(_, words)| words));
    Related { comparison: best, notes }
}

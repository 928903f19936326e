//! The questions that an audit asks of expressions.
//!
//! All of them come down to one: is there an event on which an expression holds? Whoever answers it
//! implements [`Decide`]; the audit does not know how.

use serde::Serialize;
use serde_json::Value;

use crate::query::{Expr, Schema};

/// Finds events.
pub trait Decide: Sync {
    /// An event on which `wanted` holds, of the kind that `schema` describes.
    fn find(&self, wanted: &Expr, schema: &dyn Schema) -> Found;
}

/// What became of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// This event; the reference evaluator has confirmed it.
    Event(Value),
    /// There is certainly none.
    Never,
    /// Nobody knows; the name of what was run into.
    Undecided(&'static str),
}

/// How a rule stands to a part of a demand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// It finds every demanded event.
    Covered,
    /// It finds some of them.
    Narrowed {
        /// What it asks for beyond the demand.
        by: Vec<Narrowing>,
    },
    /// It finds none.
    NotCovered,
    /// Nobody knows; the name of the limit.
    Undecided {
        /// What was run into.
        limit: String,
    },
}

/// A condition that a rule has beyond a demand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Narrowing {
    /// What kind of condition it is.
    pub kind: NarrowingKind,
    /// The condition in words.
    pub condition: String,
    /// A demanded event that the rule does not find for that reason.
    pub witness: Option<Value>,
}

/// What kind of condition narrows a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NarrowingKind {
    /// Only calls that took effect, or only those that failed.
    Outcome,
    /// Something is left out.
    Exclusion,
    /// Something more is asked for.
    Condition,
    /// One event alone raises no alert.
    Count,
    /// Only the first occurrence raises an alert.
    FirstOnly,
}

impl NarrowingKind {
    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            NarrowingKind::Outcome => "outcome",
            NarrowingKind::Exclusion => "exclusion",
            NarrowingKind::Condition => "condition",
            NarrowingKind::Count => "count",
            NarrowingKind::FirstOnly => "first-only",
        }
    }
}

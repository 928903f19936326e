//! The questions that an audit asks of expressions, and the answers.
//!
//! All questions come down to one: is there an event on which an expression holds? The
//! [prover](crate::proof) answers it.

use serde::Serialize;
use serde_json::Value;

use crate::proof::{Limits, Satisfiable, satisfiable};
use crate::query::{Expr, Schema};

/// Whether there is an event on which something holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// This one; the reference evaluator has confirmed it.
    Event(Value),
    /// There is none, provided that these hold.
    Never(Vec<String>),
    /// Nobody knows; the name of what was run into.
    Undecided(&'static str),
}

/// Looks for an event of the kind that `schema` describes. `always` is what is known of several
/// fields together, with words for it: it is taken only where it matters.
pub(super) fn find(wanted: &Expr, schema: &dyn Schema, always: &[(Expr, String)]) -> Found {
    let free = ask(wanted, schema);
    let is_usual = |event: &Value| always.iter().all(|(expr, _)| expr.eval(event));
    if !matches!(&free, Found::Event(event) if !is_usual(event)) {
        return free;
    }
    let told = always.iter().map(|(expr, _)| expr.clone()).chain([wanted.clone()]);
    match ask(&Expr::all(told), schema) {
        Found::Undecided(_) => free,
        Found::Never(assumed) => Found::Never(needed(wanted, schema, always, assumed)),
        usual => usual,
    }
}

/// What the answer "never" leans on: of what is known of several fields only what it needs.
fn needed(
    wanted: &Expr,
    schema: &dyn Schema,
    always: &[(Expr, String)],
    assumed: Vec<String>,
) -> Vec<String> {
    let (mut needed, mut best) = (always.to_vec(), assumed);
    for at in (0..needed.len()).rev() {
        let mut less = needed.clone();
        less.remove(at);
        let told = less.iter().map(|(expr, _)| expr).chain([wanted]).cloned();
        if let Found::Never(assumed) = ask(&Expr::all(told), schema) {
            (needed, best) = (less, assumed);
        }
    }
    best.into_iter().chain(needed.into_iter().map(|(_, words)| words)).collect()
}

fn ask(wanted: &Expr, schema: &dyn Schema) -> Found {
    match satisfiable(wanted, schema, &Limits::default()) {
        Satisfiable::Yes(event) => Found::Event(event),
        Satisfiable::Undecided(limit) => Found::Undecided(limit.name()),
        Satisfiable::Never(assumed) => {
            let words =
                assumed.iter().map(|one| format!("`{}` {}", one.field, one.what.in_words()));
            Found::Never(words.collect())
        }
    }
}

/// How a rule stands to a part of a demand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// It finds every demanded event.
    Covered {
        /// Provided that these hold.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        assumed: Vec<String>,
    },
    /// It finds some of them.
    Narrowed {
        /// What it asks for beyond the demand.
        by: Vec<Narrowing>,
        /// What has to hold for it to find every demanded event of which that holds.
        #[serde(skip)]
        assumed: Vec<String>,
    },
    /// It finds none.
    NotCovered,
    /// Nobody knows; the name of the limit.
    Undecided {
        /// What was run into.
        limit: String,
    },
}

impl Verdict {
    /// Whether every demanded event is found.
    pub fn is_covered(&self) -> bool {
        matches!(self, Verdict::Covered { .. })
    }

    /// Whether some demanded event is found.
    pub fn is_reached(&self) -> bool {
        matches!(self, Verdict::Covered { .. } | Verdict::Narrowed { .. })
    }
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
    /// A field is missing that the rule needs, or that its alerts are grouped by.
    Presence,
    /// One event alone raises no alert.
    Count,
    /// Only the first occurrence raises an alert.
    FirstOnly,
    /// The rule is switched off.
    Disabled,
}

impl NarrowingKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Outcome,
        Self::Exclusion,
        Self::Condition,
        Self::Presence,
        Self::Count,
        Self::FirstOnly,
        Self::Disabled,
    ];

    /// The name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            NarrowingKind::Outcome => "outcome",
            NarrowingKind::Exclusion => "exclusion",
            NarrowingKind::Condition => "condition",
            NarrowingKind::Presence => "presence",
            NarrowingKind::Count => "count",
            NarrowingKind::FirstOnly => "first-only",
            NarrowingKind::Disabled => "disabled",
        }
    }
}

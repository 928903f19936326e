//! Checks that follow from proof: what can never matter, rules that say what others say, tests that
//! show nothing.
//!
//! They are decided by [`crate::proof`] with what is known of the fields of the log source. Where that
//! mattered, findings about whole rules say so.

mod dead_clause;
mod distant_test;
mod other_rules;
mod whole;

pub(super) use dead_clause::DEAD_CLAUSE;

use super::{Check, Subject};
use crate::fields::{View, Vocabulary};
use crate::proof::{Assumed, Limits};
use crate::query::{Expr, FieldFacts, FieldPath, Schema};
use crate::rule::{Rule, RuleSet, Shape};

/// The checks of this family. They run after the others, whose findings say more where both see the
/// same.
pub(super) const CHECKS: &[Check] = &[
    whole::NEVER,
    whole::ALWAYS,
    dead_clause::CHECK,
    distant_test::CHECK,
    other_rules::CHECK,
    other_rules::CONTAINED,
];

/// What one question may cost. There are many of them for each rule, and a check is no place to wait:
/// what takes longer stays unsaid.
const LIMITS: Limits = Limits { rounds: 200, states: 2_000, steps: 200_000 };

/// A rule over single events, with what is known of their fields.
struct Proven<'r> {
    subject: Subject<'r>,
    /// What it matches, with the filters of the set.
    expr: Expr,
    schema: Box<dyn Schema>,
}

impl<'r> Proven<'r> {
    /// `None` for rules that relate or count events, and for those without a meaning.
    fn of(set: &RuleSet, rule: &'r Rule) -> Option<Self> {
        let subject = Subject::of(rule)?;
        let (shape, logsource) = set.shape(rule, None).ok()?;
        let (Shape::Match(expr) | Shape::NewValue { expr, .. }) = shape else { return None };
        let vocabulary = Vocabulary::of_rule(rule.header.taxonomy.as_deref(), logsource.parts());
        let (expr, view) = match vocabulary {
            Vocabulary::View(view) => (expr.renamed(&|field| view.path(field.as_str())), view),
            _ => (expr, View::Raw),
        };
        let schema = vocabulary.schema(view, &[&expr]);
        Some(Self { subject, expr, schema })
    }
}

/// What the tables know, and what is known of the log source as a whole.
impl Schema for Proven<'_> {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let facts = self.schema.facts(field);
        FieldFacts { single: facts.single || self.subject.is_single(field), ..facts }
    }
}

/// What an answer leans on, for the end of a message.
fn leaning(assumed: &[Assumed]) -> String {
    let words = assumed.iter().map(|one| format!("`{}` {}", one.field, one.what.in_words()));
    match words.collect::<Vec<_>>().join(", ") {
        words if words.is_empty() => words,
        words => format!(", since {words}"),
    }
}

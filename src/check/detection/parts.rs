//! A condition as a conjunction of parts, each with the place that says it.

use std::borrow::Cow;

use super::Subject;
use super::subject::Meaning;
use crate::language::sigma::{Condition, Item, Quantifier};
use crate::query::Expr;
use crate::source::Span;

/// Most tests that a condition may be made of; what is larger is not looked at.
const MAX_TESTS: usize = 20_000;

/// One member of a conjunction.
#[derive(Clone, Debug)]
pub(super) struct Part<'s> {
    /// What it says, letters folded.
    pub(super) expr: Cow<'s, Expr>,
    /// Where the condition says it.
    pub(super) at: Span,
    /// How a person would call it.
    pub(super) name: String,
    /// The item of a selection that it is.
    pub(super) item: Option<&'s Item>,
    /// Whether the condition says `not`.
    pub(super) negated: bool,
    /// What it chooses from.
    pub(super) branches: Vec<Branch<'s>>,
}

/// One of several things of which one must hold.
#[derive(Clone, Debug)]
pub(super) enum Branch<'s> {
    /// A member of an "or".
    Condition(&'s Condition),
    /// A selection that a pattern means, and the place of the pattern.
    Selection(&'s str, Span),
}

/// Whether a condition is small enough to be taken apart.
pub(super) fn is_small(subject: &Subject<'_>, condition: &Condition) -> bool {
    let mut open = vec![condition];
    let mut tests = 0;
    while let Some(condition) = open.pop() {
        match condition {
            Condition::Name(name) => tests += weight(subject, name),
            Condition::Of(_, pattern) => {
                let names = subject.detection.matching(pattern);
                tests += 1 + names.map(|name| weight(subject, name)).sum::<usize>();
            }
            Condition::Not(inner) => open.push(inner),
            Condition::And(members) | Condition::Or(members) => open.extend(members),
        }
        if tests > MAX_TESTS {
            return false;
        }
    }
    true
}

fn weight(subject: &Subject<'_>, name: &str) -> usize {
    match subject.meaning(name) {
        Some(Meaning::All(items)) => items.iter().map(|(_, expr)| expr.tests().len()).sum(),
        Some(Meaning::Any(expr)) => expr.tests().len(),
        _ => 1,
    }
}

/// The parts that must all hold for the branch to hold.
pub(super) fn of_branch<'s>(subject: &'s Subject<'_>, branch: &Branch<'s>) -> Vec<Part<'s>> {
    let mut parts = Vec::new();
    match branch {
        Branch::Condition(condition) => collect(subject, condition, false, &mut parts),
        Branch::Selection(name, at) => selection(subject, name, *at, false, &mut parts),
    }
    parts
}

fn collect<'s>(
    subject: &'s Subject<'_>,
    condition: &'s Condition,
    negated: bool,
    parts: &mut Vec<Part<'s>>,
) {
    match condition {
        Condition::Name(name) => selection(subject, name, name.span, negated, parts),
        Condition::Not(inner) => collect(subject, inner, !negated, parts),
        Condition::Of(quantifier, pattern) => {
            let names = subject.detection.matching(pattern);
            if (*quantifier == Quantifier::All) != negated {
                names.for_each(|name| selection(subject, name, pattern.span, negated, parts));
            } else {
                let branch = |name| Branch::Selection(name, pattern.span);
                choice(subject, condition, negated, names.map(branch).collect(), parts);
            }
        }
        Condition::And(members) if !negated => {
            members.iter().for_each(|member| collect(subject, member, negated, parts));
        }
        Condition::Or(members) if negated => {
            members.iter().for_each(|member| collect(subject, member, negated, parts));
        }
        Condition::And(members) | Condition::Or(members) => {
            let branches = members.iter().map(Branch::Condition).collect();
            choice(subject, condition, negated, branches, parts);
        }
    }
}

/// A part that is true in several ways. Under `not` its branches are not looked at.
fn choice<'s>(
    subject: &'s Subject<'_>,
    condition: &'s Condition,
    negated: bool,
    branches: Vec<Branch<'s>>,
    parts: &mut Vec<Part<'s>>,
) {
    let Some(expr) = meaning(subject, condition) else { return };
    let expr = Cow::Owned(if negated { expr.negated() } else { expr });
    let branches = if negated { Vec::new() } else { branches };
    let name = crate::language::sigma::print::condition(condition);
    parts.push(Part { expr, at: place(condition), name, item: None, negated, branches });
}

fn selection<'s>(
    subject: &'s Subject<'_>,
    name: &str,
    at: Span,
    negated: bool,
    parts: &mut Vec<Part<'s>>,
) {
    let part =
        |expr, item| Part { expr, at, name: name.to_owned(), item, negated, branches: Vec::new() };
    match subject.meaning(name) {
        None | Some(Meaning::Unknown) => {}
        Some(meaning) if negated => {
            let whole = meaning.whole().map(|whole| part(Cow::Owned(whole.negated()), None));
            parts.extend(whole);
        }
        Some(Meaning::Any(expr)) => parts.push(part(Cow::Borrowed(expr), None)),
        Some(Meaning::All(items)) => {
            parts.extend(items.iter().map(|(item, expr)| part(Cow::Borrowed(expr), Some(*item))));
        }
    }
}

/// A condition as one expression; `None` if some selection has no meaning.
pub(super) fn meaning(subject: &Subject<'_>, condition: &Condition) -> Option<Expr> {
    let all = |members: &[Condition]| -> Option<Vec<Expr>> {
        members.iter().map(|member| meaning(subject, member)).collect()
    };
    match condition {
        Condition::Name(name) => subject.meaning(name)?.whole(),
        Condition::Not(inner) => Some(meaning(subject, inner)?.negated()),
        Condition::And(members) => Some(Expr::all(all(members)?)),
        Condition::Or(members) => Some(Expr::any_of(all(members)?)),
        Condition::Of(quantifier, pattern) => {
            let names = subject.detection.matching(pattern);
            let members: Option<Vec<Expr>> =
                names.map(|name| subject.meaning(name)?.whole()).collect();
            Some(match quantifier {
                Quantifier::One => Expr::any_of(members?),
                Quantifier::All => Expr::all(members?),
            })
        }
    }
}

/// From the first name of a condition to its last.
pub(super) fn place(condition: &Condition) -> Span {
    match condition {
        Condition::Name(name) => name.span,
        Condition::Of(_, pattern) => pattern.span,
        Condition::Not(inner) => place(inner),
        Condition::And(members) | Condition::Or(members) => {
            let places = members.iter().map(place);
            places.reduce(Span::to).unwrap_or_default()
        }
    }
}

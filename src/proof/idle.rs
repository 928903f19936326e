//! Tests of an expression on which nothing depends.
//!
//! A test matters if there is an event where it holds, and one where it does not, whose verdict is
//! another than it would be had the test come out the other way. Nearly all tests matter, and the event
//! that shows it for one shows it for its neighbours, or does so after a change of one value. So the
//! solver is asked only where no such event is at hand.

use serde_json::{Map, Value};

use super::facts::{Domain, Facts, assumable};
use super::limits::Limits;
use super::session::{Decision, Session};
use crate::query::{Expr, FieldPath, Op, Part, Schema, Test};

/// Most events that are tried before the solver is asked, the latest first.
const RECENT: usize = 8;

/// Tests on which nothing depends, each with what may stand for it: with that in its place the
/// expression matches the same events. Of several that say the same, one is kept. What could not be
/// told is not among them. Looks at no more than the first `most` distinct tests.
pub fn idle(expr: &Expr, schema: &dyn Schema, limits: &Limits, most: usize) -> Vec<(Test, bool)> {
    let facts = Facts::of(&assumable(&[expr], schema), schema);
    let mut tests: Vec<&Test> = Vec::new();
    let shape = Shape::of(expr, &mut tests);
    let fixed = vec![None; tests.len()];
    let mut search =
        Search { facts: &facts, limits, tests, shape, fixed, seen: Vec::new(), left: expr.clone() };
    let count = search.tests.len().min(most);
    (0..count).for_each(|at| search.settle(at));
    let settled = search.tests.iter().zip(&search.fixed);
    settled.filter_map(|(test, fixed)| fixed.map(|value| ((*test).clone(), value))).collect()
}

/// An expression with something in the place of a test.
pub(super) fn with(expr: &Expr, test: &Test, value: &Expr) -> Expr {
    expr.clone().map_tests(&|own| if own == *test { value.clone() } else { own.into() })
}

/// An expression over numbered tests.
enum Shape {
    Constant(bool),
    Test(usize),
    Not(Box<Shape>),
    All(Vec<Shape>),
    Any(Vec<Shape>),
}

impl Shape {
    /// Numbers the tests in the order in which they stand. The depth is that of the expression.
    fn of<'e>(expr: &'e Expr, tests: &mut Vec<&'e Test>) -> Self {
        let mut all = |members: &'e [Expr]| -> Vec<Self> {
            members.iter().map(|member| Self::of(member, tests)).collect()
        };
        match expr {
            Expr::True => Self::Constant(true),
            Expr::False => Self::Constant(false),
            Expr::Not(inner) => Self::Not(Box::new(Self::of(inner, tests))),
            Expr::And(members) => Self::All(all(members)),
            Expr::Or(members) => Self::Any(all(members)),
            Expr::Test(test) => {
                let known = tests.iter().position(|own| *own == test);
                Self::Test(known.unwrap_or_else(|| {
                    tests.push(test);
                    tests.len() - 1
                }))
            }
        }
    }

    fn holds(&self, truth: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Test(at) => truth(*at),
            Self::Not(inner) => !inner.holds(truth),
            Self::All(members) => members.iter().all(|member| member.holds(truth)),
            Self::Any(members) => members.iter().any(|member| member.holds(truth)),
        }
    }
}

/// An event, and how every test comes out on it.
struct Seen {
    event: Value,
    truth: Vec<bool>,
}

struct Search<'f> {
    facts: &'f Facts,
    limits: &'f Limits,
    tests: Vec<&'f Test>,
    shape: Shape,
    /// What stands for the tests that are idle.
    fixed: Vec<Option<bool>>,
    /// What showed that some test matters.
    seen: Vec<Seen>,
    /// The expression without the tests that are idle.
    left: Expr,
}

impl Search<'_> {
    /// Looks whether nothing depends on a test. If so, something stands for it from now on.
    fn settle(&mut self, at: usize) {
        let Some(test) = self.tests.get(at).copied() else { return };
        for holds in [true, false] {
            if !self.is_at_hand(at, test, holds) && self.is_impossible(test, holds) {
                // Where it holds it does not matter, so it may as well never hold; and the reverse.
                let stands_for = if holds { Expr::False } else { Expr::True };
                self.left = with(&self.left, test, &stands_for);
                if let Some(fixed) = self.fixed.get_mut(at) {
                    *fixed = Some(!holds);
                }
                return;
            }
        }
    }

    /// Whether an event that is there shows that the verdict depends on a test where it comes out this
    /// way: as it is, or with another value for the test's field.
    fn is_at_hand(&mut self, at: usize, test: &Test, holds: bool) -> bool {
        let mut recent = self.seen.iter().rev().take(RECENT);
        if recent.clone().any(|seen| self.decides(at, holds, &seen.truth)) {
            return true;
        }
        let changed = recent.find_map(|seen| {
            self.changed(seen, test, holds).filter(|seen| self.decides(at, holds, &seen.truth))
        });
        let found = changed.is_some();
        self.seen.extend(changed);
        found
    }

    fn decides(&self, at: usize, holds: bool, truth: &[bool]) -> bool {
        if truth.get(at) != Some(&holds) {
            return false;
        }
        let verdict = |asked: bool| {
            self.shape.holds(&|own| {
                let fixed = self.fixed.get(own).copied().flatten();
                let found = || truth.get(own).copied().unwrap_or_default();
                if own == at { asked } else { fixed.unwrap_or_else(found) }
            })
        };
        verdict(true) != verdict(false)
    }

    /// The event with what the test asks for, or without its field.
    fn changed(&self, seen: &Seen, test: &Test, holds: bool) -> Option<Seen> {
        let path = test.path()?;
        let mut event = seen.event.as_object()?.clone();
        remove(&mut event, path.as_str());
        if holds {
            let text = sample(&test.op)?;
            let fits = Domain::of(&self.facts.get(path)).admits(&text);
            event.insert(path.to_string(), fits.then_some(text)?.into());
        }
        let event = Value::Object(event);
        let outcome = |(own, before): (&&Test, &bool)| match touches(own, path) {
            true => own.eval(&event),
            false => *before,
        };
        let truth = self.tests.iter().zip(&seen.truth).map(outcome).collect();
        Some(Seen { event, truth })
    }

    fn is_impossible(&mut self, test: &Test, holds: bool) -> bool {
        let [holding, failing] =
            [Expr::True, Expr::False].map(|value| with(&self.left, test, &value));
        let own = Expr::from(test.clone());
        let mut session = Session::new(vec![&holding, &failing, &own], self.facts, self.limits);
        for because in [true, false] {
            match session.decide(&[(0, because), (1, !because), (2, holds)]) {
                Decision::Impossible => {}
                Decision::Event(event) => {
                    let truth = self.tests.iter().map(|test| test.eval(&event)).collect();
                    self.seen.push(Seen { event, truth });
                    return false;
                }
                Decision::Open(_) => return false,
            }
        }
        true
    }
}

/// Whether a change of a field may change how a test comes out: it is about this field, about one that
/// lies inside or around it, or about more than one.
fn touches(test: &Test, changed: &FieldPath) -> bool {
    let Some(path) = test.path().filter(|_| !matches!(test.op, Op::Field { .. })) else {
        return true;
    };
    let inside = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    inside(path.as_str(), changed.as_str()) || inside(changed.as_str(), path.as_str())
}

/// A text that a test of texts accepts.
fn sample(op: &Op) -> Option<String> {
    let Op::Matches { pattern, .. } = op else { return None };
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "x".to_owned(),
        Part::Any => String::new(),
    };
    Some(pattern.parts().iter().map(piece).collect())
}

/// Takes a field out of an event, whether its steps are nested or stand in one key.
fn remove(event: &mut Map<String, Value>, path: &str) {
    event.remove(path);
    for (at, _) in path.match_indices('.') {
        let (Some(first), Some(rest)) = (path.get(..at), path.get(at + 1..)) else { continue };
        if let Some(inner) = event.get_mut(first).and_then(Value::as_object_mut) {
            remove(inner, rest);
        }
    }
}

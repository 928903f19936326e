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
use crate::query::{Expr, Op, Part, Schema, Test};

/// Most events that are tried before the solver is asked, the latest first.
const RECENT: usize = 8;

/// Tests that could be left out: with true or false in their place the expression matches the same
/// events. Of several that say the same, one is kept. What could not be told is not among them.
/// Looks at no more than the first `most` distinct tests.
pub fn idle(expr: &Expr, schema: &dyn Schema, limits: &Limits, most: usize) -> Vec<Test> {
    let facts = Facts::of(&assumable(&[expr], schema), schema);
    let mut search = Search { facts: &facts, limits, events: Vec::new() };
    let mut left = expr.clone();
    let mut seen: Vec<&Test> = Vec::new();
    let mut idle = Vec::new();
    for test in expr.tests() {
        if seen.contains(&test) || seen.len() >= most {
            continue;
        }
        seen.push(test);
        if let Some(stands_for) = search.constant(&left, test) {
            left = with(&left, test, &stands_for);
            idle.push(test.clone());
        }
    }
    idle
}

/// An expression with something in the place of a test.
pub(super) fn with(expr: &Expr, test: &Test, value: &Expr) -> Expr {
    expr.clone().map_tests(&|own| if own == *test { value.clone() } else { own.into() })
}

struct Search<'f> {
    facts: &'f Facts,
    limits: &'f Limits,
    /// What showed that some test matters.
    events: Vec<Value>,
}

/// A question: whether the verdict depends on a test where it holds, or where it does not.
struct Question<'q> {
    test: &'q Test,
    holding: &'q Expr,
    failing: &'q Expr,
    holds: bool,
}

impl Question<'_> {
    fn is_answered_by(&self, event: &Value) -> bool {
        self.test.eval(event) == self.holds && self.holding.eval(event) != self.failing.eval(event)
    }
}

impl Search<'_> {
    /// What can stand for a test, if nothing depends on it.
    fn constant(&mut self, expr: &Expr, test: &Test) -> Option<Expr> {
        let [holding, failing] = [Expr::True, Expr::False].map(|value| with(expr, test, &value));
        for (holds, stands_for) in [(true, Expr::False), (false, Expr::True)] {
            let question = Question { test, holding: &holding, failing: &failing, holds };
            if !self.is_at_hand(&question) && self.is_impossible(&question) {
                return Some(stands_for);
            }
        }
        None
    }

    /// Whether an event that is there answers, as it is or with another value for the test's field.
    fn is_at_hand(&mut self, question: &Question<'_>) -> bool {
        let mut recent = self.events.iter().rev().take(RECENT);
        if recent.clone().any(|event| question.is_answered_by(event)) {
            return true;
        }
        let changed = recent.find_map(|event| {
            self.changed(event, question).filter(|event| question.is_answered_by(event))
        });
        let found = changed.is_some();
        self.events.extend(changed);
        found
    }

    /// The event with what the test asks for, or without its field.
    fn changed(&self, event: &Value, question: &Question<'_>) -> Option<Value> {
        let path = question.test.path()?;
        let mut event = event.as_object()?.clone();
        remove(&mut event, path.as_str());
        if question.holds {
            let text = sample(&question.test.op)?;
            let fits = Domain::of(&self.facts.get(path)).admits(&text);
            event.insert(path.to_string(), fits.then_some(text)?.into());
        }
        Some(Value::Object(event))
    }

    fn is_impossible(&mut self, question: &Question<'_>) -> bool {
        let own = Expr::from(question.test.clone());
        let exprs = vec![question.holding, question.failing, &own];
        let mut session = Session::new(exprs, self.facts, self.limits);
        for because in [true, false] {
            match session.decide(&[(0, because), (1, !because), (2, question.holds)]) {
                Decision::Impossible => {}
                Decision::Event(event) => {
                    self.events.push(event);
                    return false;
                }
                Decision::Open(_) => return false,
            }
        }
        true
    }
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

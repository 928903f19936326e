//! Events that put an expression to the test: for each of its tests one that matches because of
//! it, and one that just does not.

use serde::Serialize;
use serde_json::Value;

use super::facts::{Facts, assumable};
use super::idle::with;
use super::limits::{Limit, Limits};
use super::session::{Decision, Session};
use crate::query::{Expr, Schema, Test};

/// An event, and what it shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// The event.
    pub event: Value,
    /// Whether the expression matches it.
    pub matches: bool,
    /// The test on which this depends: were it otherwise, so would be the verdict.
    pub decisive: Test,
    /// Whether it holds for the event.
    pub holds: bool,
}

/// Events for an expression.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Examples {
    /// Matches and near misses, each event once.
    pub events: Vec<Example>,
    /// Tests on which nothing ever depends: with true or with false in their place the expression
    /// matches the same.
    pub idle: Vec<Test>,
    /// Tests of which this could not be told.
    pub open: Vec<(Test, Limit)>,
}

/// Makes events for the first `most` distinct tests of an expression, all of the kind that
/// `schema` describes.
pub fn synth(expr: &Expr, schema: &dyn Schema, limits: &Limits, most: usize) -> Examples {
    let facts = Facts::of(&assumable(&[expr], schema), schema);
    let mut tests: Vec<&Test> = Vec::new();
    for test in expr.tests() {
        if !tests.contains(&test) && tests.len() < most {
            tests.push(test);
        }
    }
    let mut examples = Examples::default();
    for test in tests {
        examples.add(expr, test, &facts, limits);
    }
    examples
}

impl Examples {
    fn add(&mut self, expr: &Expr, test: &Test, facts: &Facts, limits: &Limits) {
        let [with, without] = [Expr::True, Expr::False].map(|value| with(expr, test, &value));
        let own = Expr::from(test.clone());
        let mut session = Session::new(vec![&with, &without, &own], facts, limits);
        let mut decides = [false; 2];
        let mut open = None;
        // The test decides if the verdict with it is not the one without it.
        for because in [true, false] {
            for holds in [because, !because] {
                let matches = holds == because;
                match session.decide(&[(0, because), (1, !because), (2, holds)]) {
                    Decision::Event(event) => {
                        decides[usize::from(holds)] = true;
                        let decisive = test.clone();
                        self.note(Example { event, matches, decisive, holds });
                    }
                    Decision::Impossible => {}
                    Decision::Open(limit) => open = Some(limit),
                }
            }
        }
        // If nothing depends on it where it holds (or where it does not), it may stand for the other.
        match open {
            _ if decides == [true, true] => {}
            Some(limit) => self.open.push((test.clone(), limit)),
            None => self.idle.push(test.clone()),
        }
    }

    fn note(&mut self, example: Example) {
        if !self.events.iter().any(|own| own.event == example.event) {
            self.events.push(example);
        }
    }
}

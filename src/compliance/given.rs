//! What is given of an event, tests that hold and tests that do not, and what follows from it for
//! other tests. So what a part of a demand leaves of a rule is a small expression that can be shown.

use serde_json::{Map, Value};

use crate::query::{Case, Expr, FieldPath, Op, Part, Prover, Schema, Subject, Test};

/// Tests with their values, over the fields of one schema.
pub(super) struct Facts<'s> {
    schema: &'s dyn Schema,
    known: Vec<Known>,
}

/// One test whose value is known.
struct Known {
    test: Test,
    holds: bool,
    /// The test in the prover's normal form.
    folded: Expr,
    /// The only value that makes the test hold, where there is one: it stands in an event of its
    /// own, on which other tests of the field can be evaluated.
    value: Option<Value>,
}

impl<'s> Facts<'s> {
    /// Nothing but the schema.
    pub(super) fn new(schema: &'s dyn Schema) -> Self {
        Self { schema, known: Vec::new() }
    }

    /// Adds a test with its value.
    pub(super) fn learn(&mut self, test: &Test, holds: bool) {
        let folded = Expr::Test(test.clone()).folded();
        let value = if holds { only_value(test) } else { None };
        self.known.push(Known { test: test.clone(), holds, folded, value });
    }

    /// The expression with every test replaced whose value follows; `not` stands at tests only.
    pub(super) fn simplify(&self, expr: &Expr) -> Expr {
        self.walk(expr, false)
    }

    fn walk(&self, expr: &Expr, negated: bool) -> Expr {
        let all = |members: &[Expr], all: bool| {
            // Stop at the member that settles the junction: lists are long.
            let mut kept = Vec::new();
            for member in members {
                match (self.walk(member, negated), all) {
                    (Expr::False, true) => return Expr::False,
                    (Expr::True, false) => return Expr::True,
                    (member, _) => kept.push(member),
                }
            }
            if all { Expr::all(kept) } else { Expr::any_of(kept) }
        };
        match expr {
            Expr::True | Expr::False if negated => expr.clone().negated(),
            Expr::True | Expr::False => expr.clone(),
            Expr::Not(inner) => self.walk(inner, !negated),
            Expr::And(members) => all(members, !negated),
            Expr::Or(members) => all(members, negated),
            Expr::Test(test) => match self.value(test) {
                Some(holds) if holds != negated => Expr::True,
                Some(_) => Expr::False,
                None if negated => Expr::Test(test.clone()).negated(),
                None => Expr::Test(test.clone()),
            },
        }
    }

    /// Whether a test accepts some of the values that a fact demands of its field, and no others: "is
    /// `AccessDenied`" where `AccessDenied*` is demanded. What is merely not excluded is not demanded.
    pub(super) fn are_narrowed_by(&self, test: &Test) -> bool {
        if !asks(test) {
            return false;
        }
        let single = |field: &FieldPath| self.schema.facts(field).single;
        let prover = Prover::new(&single);
        let folded = Expr::Test(test.clone()).folded();
        let narrower =
            |known: &Known| known.demands(&test.subject) && prover.implies(&folded, &known.folded);
        self.known.iter().any(narrower)
    }

    /// What is demanded of a field.
    pub(super) fn demanded(&self, subject: &Subject) -> impl Iterator<Item = &Test> {
        self.known.iter().filter(|known| known.demands(subject)).map(|known| &known.test)
    }

    /// The value of a test, if it follows from one of the facts.
    pub(super) fn value(&self, test: &Test) -> Option<bool> {
        if test.op == Op::Null
            && let Subject::Field(field) = &test.subject
            && self.schema.facts(field).never_null
        {
            return Some(false);
        }
        // A keyword holds if it is in any of the values that are known.
        if test.path().is_none() {
            let holds = |known: &Known| known.value.as_ref().is_some_and(|event| test.eval(event));
            return self.known.iter().any(holds).then_some(true);
        }
        let same = |known: &&Known| known.test.subject == test.subject;
        let mut related = self.known.iter().filter(same).peekable();
        related.peek()?;
        let single = |field: &FieldPath| self.schema.facts(field).single;
        let prover = Prover::new(&single);
        let folded = Expr::Test(test.clone()).folded();
        related.find_map(|known| known.settles(test, &folded, &prover, &single))
    }
}

impl Known {
    /// Whether this asks for a value of a field.
    fn demands(&self, subject: &Subject) -> bool {
        self.holds && self.test.subject == *subject && asks(&self.test)
    }

    fn settles(
        &self,
        test: &Test,
        folded: &Expr,
        prover: &Prover<'_>,
        single: &dyn Fn(&FieldPath) -> bool,
    ) -> Option<bool> {
        if self.test == *test {
            return Some(self.holds);
        }
        if !self.holds {
            return prover.implies(folded, &self.folded).then_some(false);
        }
        if prover.implies(&self.folded, folded) {
            return Some(true);
        }
        if prover.disjoint(&self.folded, folded) {
            return Some(false);
        }
        let value = self.value.as_ref()?;
        if matches!(test.op, Op::Field { .. }) {
            return None;
        }
        match (test.eval(value), test.path()) {
            (true, _) => Some(true),
            (false, Some(field)) => single(field).then_some(false),
            (false, None) => None,
        }
    }
}

/// Whether a test asks for a value. That a field is there at all is not asking: some languages say so
/// beside every comparison.
pub(super) fn asks(test: &Test) -> bool {
    !matches!(test.op, Op::Exists | Op::Null) && !is_any_text(&test.op)
}

/// Whether a test accepts every text.
fn is_any_text(op: &Op) -> bool {
    let Op::Matches { pattern, .. } = op else { return false };
    !pattern.parts().iter().any(|part| matches!(part, Part::Literal(_)))
}

/// A test or its complement.
pub(super) fn literal(expr: &Expr) -> Option<(&Test, bool)> {
    match expr {
        Expr::Test(test) => Some((test, true)),
        Expr::Not(inner) => match &**inner {
            Expr::Test(test) => Some((test, false)),
            _ => None,
        },
        _ => None,
    }
}

/// The event with the one value that a test of a field accepts.
fn only_value(test: &Test) -> Option<Value> {
    let Op::Matches { pattern, case } = &test.op else { return None };
    let text = pattern.as_literal()?;
    if *case == Case::Insensitive && !pattern.is_caseless() {
        return None;
    }
    let mut event = Map::new();
    event.insert(test.path()?.as_str().to_owned(), Value::from(text));
    Some(Value::Object(event))
}

//! Deciding by search: the first of the ways to [`Decide`].
//!
//! An expression is taken apart until only tests are left that all hold or fail together. What
//! follows from them settles further tests ([`facts`]); if everything is settled, values are looked
//! for ([`realise`]) and the event is judged by the reference evaluator. So an event is certain, and
//! so is "never": every way was closed by a contradiction. Between them lies "undecided".

mod facts;
mod realise;
mod sample;

use serde_json::Value;

use super::decide::{Decide, Found};
use crate::query::{Expr, Schema, Test};

pub(super) use facts::Facts;

/// Most branches that one search looks at.
const WAYS: usize = 20_000;

/// Searches for events by taking expressions apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search;

impl Decide for Search {
    fn find(&self, wanted: &Expr, schema: &dyn Schema) -> Found {
        let mut walk = Walk { wanted, schema, facts: Facts::new(schema), left: WAYS, open: false };
        match walk.any(vec![wanted.clone()]) {
            Some(event) => Found::Event(event),
            None if walk.left == 0 => Found::Undecided("ways"),
            None if walk.open => Found::Undecided("values"),
            None => Found::Never,
        }
    }
}

struct Walk<'w> {
    wanted: &'w Expr,
    schema: &'w dyn Schema,
    facts: Facts<'w>,
    /// Branches that may still be looked at.
    left: usize,
    /// Whether some way was free of contradictions and had no values.
    open: bool,
}

impl Walk<'_> {
    /// An event on which all of these hold, given the facts.
    fn any(&mut self, open: Vec<Expr>) -> Option<Value> {
        let mark = self.facts.len();
        let found = self.all(open);
        self.facts.truncate(mark);
        found
    }

    fn all(&mut self, mut open: Vec<Expr>) -> Option<Value> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        // Tests first: what follows from them makes the rest small.
        loop {
            let rest = self.facts.simplify(&Expr::all(std::mem::take(&mut open)));
            let members = match rest {
                Expr::False => return None,
                Expr::True => Vec::new(),
                Expr::And(members) => members,
                other => vec![other],
            };
            let before = self.facts.len();
            for member in members {
                match literal(&member) {
                    // A member may contradict one learnt a moment ago.
                    Some((test, holds)) => match self.facts.value(test) {
                        Some(known) if known == holds => {}
                        Some(_) => return None,
                        None => self.facts.learn(test, holds),
                    },
                    None => open.push(member),
                }
            }
            if self.facts.len() == before || open.is_empty() {
                break;
            }
        }
        self.branch(open)
    }

    /// Tries the alternatives of the shortest junction.
    fn branch(&mut self, mut open: Vec<Expr>) -> Option<Value> {
        let size = |expr: &Expr| match expr {
            Expr::Or(members) => members.len(),
            _ => 1,
        };
        let shortest = (0..open.len()).min_by_key(|at| open.get(*at).map_or(usize::MAX, size));
        let Some(at) = shortest else { return self.settle() };
        let alternatives = match open.swap_remove(at) {
            Expr::Or(members) => members,
            other => vec![other],
        };
        alternatives.into_iter().find_map(|alternative| {
            let mut next = vec![alternative];
            next.extend(open.iter().cloned());
            self.any(next)
        })
    }

    /// Everything is settled: an event, if the evaluator agrees.
    fn settle(&mut self) -> Option<Value> {
        let event = realise::realise(&self.facts, self.schema);
        let event = event.filter(|event| self.wanted.eval(event));
        self.open |= event.is_none();
        event
    }
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

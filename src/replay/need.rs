//! What has to hold of an event before an expression is worth looking at.
//!
//! Of an "and" every member must hold, so the rarest will do; of an "or" one of them, so each has
//! to be watched. Most rules need one of a few values of one field, which most events do not have:
//! the index of tests finds the rules, not the rules their tests.

use super::atoms::{Atoms, Node, NodeId, TestId};
use crate::query::{Op, Pattern, Test};

/// Tests of which at least one holds wherever the expression does.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Need {
    pub(super) tests: Vec<TestId>,
    /// How often one of them may be expected to hold, in no unit.
    cost: u64,
}

/// The cheapest need of an expression; `None` if it holds of events on which no test does. `users`
/// says how many expressions each test stands in: values that many rules name are common ones.
pub(super) fn need(atoms: &Atoms, node: NodeId, users: &[u32]) -> Option<Need> {
    of(atoms, node, false, users)
}

fn of(atoms: &Atoms, node: NodeId, negated: bool, users: &[u32]) -> Option<Need> {
    let members = |ids: &[NodeId]| ids.iter().map(|id| of(atoms, *id, negated, users)).collect();
    match (atoms.node(node), negated) {
        (Node::True, false) | (Node::False, true) | (Node::Test(_), true) => None,
        (Node::True, true) | (Node::False, false) => Some(Need { tests: Vec::new(), cost: 0 }),
        (Node::Test(test), false) => {
            let users = users.get(*test as usize).copied().unwrap_or_default();
            let own = atoms.tests.get(*test as usize).map_or(0, cost);
            Some(Need { tests: vec![*test], cost: own + u64::from(users) })
        }
        (Node::Not(inner), _) => of(atoms, *inner, !negated, users),
        (Node::And(ids), false) | (Node::Or(ids), true) => {
            let members: Vec<Option<Need>> = members(ids);
            members.into_iter().flatten().min_by_key(|need| need.cost)
        }
        (Node::Or(ids), false) | (Node::And(ids), true) => {
            let members: Option<Vec<Need>> = members(ids).into_iter().collect();
            members.map(|needs| {
                let cost = needs.iter().map(|need| need.cost).sum();
                let mut tests: Vec<TestId> =
                    needs.into_iter().flat_map(|need| need.tests).collect();
                tests.sort_unstable();
                tests.dedup();
                Need { tests, cost }
            })
        }
    }
}

/// How often a test may be expected to hold. Only the order counts, and it costs time alone.
fn cost(test: &Test) -> u64 {
    match &test.op {
        Op::Matches { pattern, .. } if pattern.is_any() => 2000,
        Op::Matches { pattern, .. } if pattern.as_literal().is_some() => 4,
        Op::Matches { pattern, .. } => 8 + 64 / longest(pattern).max(1),
        Op::Words(_) => 16,
        Op::Regex(_) => 64,
        Op::Cidr(_) => 100,
        Op::Field { .. } => 200,
        Op::Compare { .. } => 300,
        Op::Time { .. } | Op::Null => 500,
        Op::Exists => 1000,
    }
}

/// The length of the longest text in a pattern.
fn longest(pattern: &Pattern) -> u64 {
    let lengths = pattern.parts().iter().map(|part| match part {
        crate::query::Part::Literal(text) => text.len() as u64,
        _ => 0,
    });
    lengths.max().unwrap_or_default()
}

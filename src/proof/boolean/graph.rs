//! Expressions as one graph: `not` at tests only, equal parts shared.

use std::collections::HashMap;

use super::Atoms;
use crate::query::Expr;

/// A test that holds or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::proof) struct Literal {
    pub(in crate::proof) atom: usize,
    pub(in crate::proof) holds: bool,
}

/// The place of a node; members stand before the nodes that they are in.
pub(in crate::proof) type NodeId = usize;

/// A junction or a test.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Literal(Literal),
    All(Vec<NodeId>),
    Any(Vec<NodeId>),
}

/// The nodes of all expressions that are looked at together.
#[derive(Debug, Default)]
pub(in crate::proof) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, NodeId>,
}

impl Graph {
    /// The node of an expression, or of its complement.
    pub(in crate::proof) fn add(&mut self, expr: &Expr, holds: bool, atoms: &mut Atoms) -> NodeId {
        let members = |graph: &mut Self, all: &[Expr], atoms: &mut Atoms| {
            let mut members: Vec<NodeId> =
                all.iter().map(|member| graph.add(member, holds, atoms)).collect();
            members.sort_unstable();
            members.dedup();
            members
        };
        match (expr, holds) {
            (Expr::True, true) | (Expr::False, false) => self.intern(Node::All(Vec::new())),
            (Expr::True, false) | (Expr::False, true) => self.intern(Node::Any(Vec::new())),
            (Expr::Test(test), _) => {
                let atom = atoms.intern(test);
                self.intern(Node::Literal(Literal { atom, holds }))
            }
            (Expr::Not(inner), _) => self.add(inner, !holds, atoms),
            (Expr::And(all), true) | (Expr::Or(all), false) => {
                let members = members(self, all, atoms);
                self.junction(members, Node::All)
            }
            (Expr::Or(all), true) | (Expr::And(all), false) => {
                let members = members(self, all, atoms);
                self.junction(members, Node::Any)
            }
        }
    }

    fn junction(&mut self, members: Vec<NodeId>, join: fn(Vec<NodeId>) -> Node) -> NodeId {
        match members.as_slice() {
            [only] => *only,
            _ => self.intern(join(members)),
        }
    }

    fn intern(&mut self, node: Node) -> NodeId {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        self.nodes.push(node.clone());
        self.known.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Few literals of an assignment that make all the goals hold; tests that need not hold nor
    /// fail are left out, and failing tests are preferred to holding ones.
    pub(in crate::proof) fn needed(
        &self,
        goals: &[NodeId],
        holds: &dyn Fn(usize) -> bool,
    ) -> Vec<Literal> {
        let costs = self.costs(holds);
        let cost = |node: NodeId| costs.get(node).copied().flatten();
        let mut needed = Vec::new();
        let mut seen = vec![false; self.nodes.len()];
        let mut open = goals.to_vec();
        while let Some(at) = open.pop() {
            if seen.get(at).is_none_or(|seen| *seen) {
                continue;
            }
            if let Some(seen) = seen.get_mut(at) {
                *seen = true;
            }
            match self.nodes.get(at) {
                Some(Node::Literal(literal)) => needed.push(*literal),
                Some(Node::All(members)) => open.extend(members),
                Some(Node::Any(members)) => {
                    open.extend(
                        members.iter().filter(|m| cost(**m).is_some()).min_by_key(|m| cost(**m)),
                    );
                }
                None => {}
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// What it takes to make each node hold under an assignment; `None` where it does not.
    fn costs(&self, holds: &dyn Fn(usize) -> bool) -> Vec<Option<u64>> {
        let mut costs: Vec<Option<u64>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let of = |member: &NodeId| costs.get(*member).copied().flatten();
            let cost = match node {
                Node::Literal(own) => (holds(own.atom) == own.holds).then_some(match own.holds {
                    true => 1_000,
                    false => 1,
                }),
                Node::All(members) => members
                    .iter()
                    .try_fold(1u64, |sum, member| Some(sum.saturating_add(of(member)?))),
                Node::Any(members) => members.iter().filter_map(of).min(),
            };
            costs.push(cost);
        }
        costs
    }
}

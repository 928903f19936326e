//! The distinct tests of all rules, and their expressions as one graph over them.
//!
//! Equal tests are one test and equal parts of expressions are one node, so whatever rules share is
//! held, and evaluated, once.

use std::collections::HashMap;

use crate::query::{Expr, Test};

/// A distinct test.
pub(super) type TestId = u32;

/// A node of the graph.
pub(super) type NodeId = u32;

/// An expression over tests and other nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    True,
    False,
    Test(TestId),
    Not(NodeId),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
}

/// Tests and nodes, each once.
#[derive(Debug, Default)]
pub(super) struct Atoms {
    pub(super) tests: Vec<Test>,
    pub(super) nodes: Vec<Node>,
    known_tests: HashMap<Test, TestId>,
    known_nodes: HashMap<Node, NodeId>,
}

impl Atoms {
    /// The node of an expression.
    pub(super) fn add(&mut self, expr: &Expr) -> NodeId {
        let node = match expr {
            Expr::True => Node::True,
            Expr::False => Node::False,
            Expr::Test(test) => Node::Test(self.test(test)),
            Expr::Not(inner) => Node::Not(self.add(inner)),
            Expr::And(members) => {
                Node::And(members.iter().map(|member| self.add(member)).collect())
            }
            Expr::Or(members) => Node::Or(members.iter().map(|member| self.add(member)).collect()),
        };
        if let Some(known) = self.known_nodes.get(&node) {
            return *known;
        }
        let id = number(self.nodes.len());
        self.nodes.push(node.clone());
        self.known_nodes.insert(node, id);
        id
    }

    fn test(&mut self, test: &Test) -> TestId {
        if let Some(known) = self.known_tests.get(test) {
            return *known;
        }
        let id = number(self.tests.len());
        self.tests.push(test.clone());
        self.known_tests.insert(test.clone(), id);
        id
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id as usize).unwrap_or(&Node::False)
    }

    /// Whether a node holds when these tests do.
    pub(super) fn holds(&self, id: NodeId, truth: &Truth) -> bool {
        match self.node(id) {
            Node::True => true,
            Node::False => false,
            Node::Test(test) => truth.is_on(*test),
            Node::Not(inner) => !self.holds(*inner, truth),
            Node::And(members) => members.iter().all(|member| self.holds(*member, truth)),
            Node::Or(members) => members.iter().any(|member| self.holds(*member, truth)),
        }
    }

    /// Forgets what is needed for building only.
    pub(super) fn finish(&mut self) {
        self.known_tests = HashMap::new();
        self.known_nodes = HashMap::new();
    }
}

/// A number of a thing; there are never so many.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The tests that hold of one event.
#[derive(Debug, Default)]
pub(super) struct Truth {
    bits: Vec<u64>,
    on: Vec<TestId>,
}

impl Truth {
    pub(super) fn of(tests: usize) -> Self {
        Self { bits: vec![0; tests.div_ceil(64)], on: Vec::new() }
    }

    pub(super) fn set(&mut self, test: TestId) {
        let bit = 1 << (test % 64);
        if let Some(word) = self.bits.get_mut(test as usize / 64)
            && *word & bit == 0
        {
            *word |= bit;
            self.on.push(test);
        }
    }

    pub(super) fn is_on(&self, test: TestId) -> bool {
        self.bits.get(test as usize / 64).is_some_and(|word| word >> (test % 64) & 1 == 1)
    }

    /// The tests that hold.
    pub(super) fn on(&self) -> &[TestId] {
        &self.on
    }

    pub(super) fn clear(&mut self) {
        for test in self.on.drain(..) {
            if let Some(word) = self.bits.get_mut(test as usize / 64) {
                *word = 0;
            }
        }
    }
}

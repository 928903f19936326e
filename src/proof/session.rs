//! The loop: the Boolean layer proposes, the theories judge, what clashes is learnt.

use serde_json::Value;

use super::boolean::{Atoms, Graph, Literal, NodeId, Proposed, Solver, lemmas};
use super::event::minimised;
use super::facts::{Domain, Facts};
use super::limits::{Limit, Limits};
use super::theory::{Theory, Verdict};
use crate::query::{Expr, FieldPath, Op};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Decision {
    /// Yes, as the evaluator confirms on this event.
    Event(Value),
    /// On no event.
    Impossible,
    /// Nobody knows.
    Open(Limit),
}

/// Some expressions, and everything learnt about their tests.
#[derive(Debug)]
pub(super) struct Session<'e> {
    exprs: Vec<&'e Expr>,
    /// The nodes of each expression and of its complement.
    nodes: Vec<[NodeId; 2]>,
    atoms: Atoms,
    graph: Graph,
    solver: Solver,
    theory: Theory,
    facts: Facts,
    rounds: usize,
}

impl<'e> Session<'e> {
    pub(super) fn new(exprs: Vec<&'e Expr>, facts: &Facts, limits: &Limits) -> Self {
        let (mut atoms, mut graph) = (Atoms::default(), Graph::default());
        let mut nodes = Vec::new();
        for expr in &exprs {
            let expr = facts.rewrite(expr);
            nodes.push([true, false].map(|holds| graph.add(&expr, holds, &mut atoms)));
        }
        let mut solver = Solver::new(&graph, atoms.len());
        for clause in lemmas(&atoms) {
            solver.learn(clause);
        }
        let theory = Theory::new(&atoms, facts.clone(), limits);
        let (facts, rounds) = (facts.clone(), limits.rounds);
        Self { exprs, nodes, atoms, graph, solver, theory, facts, rounds }
    }

    /// Whether these expressions, by number, can be true or false as wanted on one event.
    pub(super) fn decide(&mut self, wanted: &[(usize, bool)]) -> Decision {
        let node = |(expr, holds): &(usize, bool)| {
            self.nodes.get(*expr).map(|[yes, no]| if *holds { *yes } else { *no })
        };
        let goals: Vec<NodeId> = wanted.iter().filter_map(node).collect();
        let switch = self.solver.switch();
        let mut open = None;
        for _ in 0..self.rounds {
            match self.solver.propose(&goals, switch) {
                Proposed::None => return open.map_or(Decision::Impossible, Decision::Open),
                Proposed::Open => return Decision::Open(Limit::Conflicts),
                Proposed::Some => {}
            }
            let needed = self.graph.needed(&goals, &|atom| self.solver.holds(atom));
            match self.theory.judge(&needed, &self.atoms) {
                Verdict::Clash(clashes) => {
                    for clash in clashes {
                        let not = |literal: Literal| Literal { holds: !literal.holds, ..literal };
                        self.solver.learn(clash.into_iter().map(not));
                    }
                }
                Verdict::Open(limit, literals) => {
                    open = Some(limit);
                    self.solver.block(switch, &literals);
                }
                Verdict::Model(model) => {
                    let keeps = |event: &Value| {
                        wanted.iter().all(|(expr, holds)| {
                            self.exprs.get(*expr).is_some_and(|expr| expr.eval(event) == *holds)
                        })
                    };
                    match minimised(model, &keeps, &|field| self.is_plain(field)) {
                        Some(event) => return Decision::Event(event),
                        None => {
                            open = Some(self.unconfirmed(&needed));
                            self.solver.block(switch, &needed);
                        }
                    }
                }
            }
        }
        Decision::Open(Limit::Rounds)
    }

    /// Whether a field holds numbers or truth values, as far as its type or its tests tell.
    fn is_plain(&self, field: &FieldPath) -> bool {
        let is_compared = || {
            self.atoms.iter().any(|(_, atom)| {
                atom.test.path() == Some(field) && matches!(atom.test.op, Op::Compare { .. })
            })
        };
        Domain::of(&self.facts.get(field)).is_plain() || is_compared()
    }

    /// What an event that is not as it should be is put down to: comparisons of fields that fail by
    /// chance, or else an error here.
    fn unconfirmed(&self, needed: &[Literal]) -> Limit {
        let related = needed.iter().any(|literal| {
            let op = self.atoms.get(literal.atom).map(|atom| &atom.test.op);
            matches!(op, Some(Op::Field { .. }))
        });
        if related { Limit::FieldToField } else { Limit::Unconfirmed }
    }
}

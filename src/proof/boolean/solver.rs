//! The SAT solver under the graph: nodes become clauses once, what the theories find out is added.
//!
//! Every node stands where it is wanted true, so one direction of each definition is enough
//! (Plaisted and Greenbaum's encoding).

use batsat::{Callbacks, Lit, Solver as Sat, SolverInterface, SolverOpts, Var, lbool};

use super::graph::Node;
use super::{Graph, Literal, NodeId};

/// Most restarts within one call; the solver is deterministic, so a clock would not be.
const MAX_RESTARTS: usize = 200;

/// Counts restarts.
#[derive(Debug, Default)]
struct Patience {
    restarts: usize,
}

impl Callbacks for Patience {
    fn on_start(&mut self) {
        self.restarts = 0;
    }

    fn on_restart(&mut self) {
        self.restarts += 1;
    }

    fn stop(&self) -> bool {
        self.restarts > MAX_RESTARTS
    }
}

/// The solver's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::proof) enum Proposed {
    /// An assignment, to be asked for with [`Solver::holds`].
    Some,
    /// There is none.
    None,
    /// It gave up.
    Open,
}

/// A solver for the nodes of a graph.
pub(in crate::proof) struct Solver {
    sat: Sat<Patience>,
    atoms: Vec<Var>,
    nodes: Vec<Lit>,
}

impl std::fmt::Debug for Solver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Solver").field("atoms", &self.atoms.len()).finish_non_exhaustive()
    }
}

impl Solver {
    /// A solver for a finished graph over `atoms` tests.
    pub(in crate::proof) fn new(graph: &Graph, atoms: usize) -> Self {
        let sat = Sat::new(SolverOpts::default(), Patience::default());
        let mut solver = Self { sat, atoms: Vec::new(), nodes: Vec::new() };
        solver.atoms = (0..atoms).map(|_| solver.sat.new_var_default()).collect();
        for node in graph.nodes() {
            let own = match node {
                Node::Literal(literal) => solver.lit(*literal),
                _ => Lit::new(solver.sat.new_var_default(), true),
            };
            match node {
                Node::Literal(_) => {}
                Node::All(members) => {
                    for member in members {
                        let member = solver.node(*member);
                        solver.sat.add_clause_reuse(&mut vec![!own, member]);
                    }
                }
                Node::Any(members) => {
                    let mut clause: Vec<Lit> =
                        members.iter().map(|member| solver.node(*member)).collect();
                    clause.push(!own);
                    solver.sat.add_clause_reuse(&mut clause);
                }
            }
            solver.nodes.push(own);
        }
        solver
    }

    fn lit(&self, literal: Literal) -> Lit {
        self.atoms.get(literal.atom).map_or(Lit::UNDEF, |var| Lit::new(*var, literal.holds))
    }

    fn node(&self, node: NodeId) -> Lit {
        self.nodes.get(node).copied().unwrap_or(Lit::UNDEF)
    }

    /// A switch: what is blocked under it counts only where it is among the `switches`.
    pub(in crate::proof) fn switch(&mut self) -> Lit {
        Lit::new(self.sat.new_var_default(), true)
    }

    /// At least one of these holds.
    pub(in crate::proof) fn learn(&mut self, clause: impl IntoIterator<Item = Literal>) {
        let mut clause: Vec<Lit> = clause.into_iter().map(|literal| self.lit(literal)).collect();
        self.sat.add_clause_reuse(&mut clause);
    }

    /// Not all of these together, under a switch.
    pub(in crate::proof) fn block(&mut self, switch: Lit, literals: &[Literal]) {
        let mut clause: Vec<Lit> = literals.iter().map(|literal| !self.lit(*literal)).collect();
        clause.push(!switch);
        self.sat.add_clause_reuse(&mut clause);
    }

    /// An assignment under which all the goals hold.
    pub(in crate::proof) fn propose(&mut self, goals: &[NodeId], switch: Lit) -> Proposed {
        let mut wanted: Vec<Lit> = goals.iter().map(|goal| self.node(*goal)).collect();
        wanted.push(switch);
        let answer = self.sat.solve_limited(&wanted);
        if answer == lbool::TRUE {
            Proposed::Some
        } else if answer == lbool::FALSE {
            Proposed::None
        } else {
            Proposed::Open
        }
    }

    /// Whether a test holds in the proposed assignment.
    pub(in crate::proof) fn holds(&self, atom: usize) -> bool {
        self.atoms.get(atom).is_some_and(|var| self.sat.value_var(*var) == lbool::TRUE)
    }
}

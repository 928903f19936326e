//! The Boolean layer: distinct tests as variables, expressions as a shared graph over them, a SAT
//! solver that proposes which tests hold.

mod atoms;
mod graph;
mod lemmas;
mod solver;

pub(super) use atoms::{Atom, Atoms, Probe};
pub(super) use graph::{Graph, Literal, NodeId};
pub(super) use lemmas::lemmas;
pub(super) use solver::{Proposed, Solver};

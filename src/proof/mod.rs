//! Proof: whether two expressions detect the same, and if not, on which event they differ.
//!
//! `A and not B` is decided lazily, as SMT solvers do. Every distinct test is one Boolean variable,
//! so what two expressions share is settled by the Boolean layer alone, however long the lists. It
//! proposes which tests hold; [a theory per field](theory) looks for values that make them hold,
//! and hands back the few tests that clash if there are none. What it finds is put together to an
//! event, made small, and judged by the reference evaluator before anybody sees it, so that an
//! error in here can hide a difference only by calling something impossible. Nothing is called
//! equal in doubt: what no theory can decide is undecided, with the name of the limit.

mod automaton;
mod boolean;
mod compare;
mod event;
mod facts;
mod idle;
mod limits;
mod session;
mod synth;
mod theory;

pub use compare::{Comparison, Relation, Satisfiable, Side, compare, satisfiable};
pub use facts::{Assumed, AssumedFact};
pub use idle::idle;
pub use limits::{Limit, Limits};
pub use synth::{Example, Examples, synth};

//! Automata over texts: what a pattern or a regular expression accepts, and the shortest readable
//! text that some accept and others do not.

mod charset;
mod language;
mod nfa;
mod product;
mod run;
mod simulation;

pub(super) use language::{Accepted, is_canonical_address};
pub(super) use product::{Search, Searched};

#[cfg(test)]
mod tests;

//! EQL against Elastic's rules, the measured facts of other engines and real events.

mod grammar;
mod laws;
mod meaning;
mod raising;
mod round_trip;
mod rules;
mod sequences;

#[path = "../common/mod.rs"]
mod common;

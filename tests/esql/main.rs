//! ES|QL against Elastic's rules, Sigma's rules and real events.

mod elastic;
mod expressions;
mod grammar;
mod lists;
mod meaning;
mod raising;
mod refusals;
mod round_trip;
mod sigma;
mod trees;

#[path = "../common/mod.rs"]
mod common;

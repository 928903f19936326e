//! ES|QL against Elastic's rules, Sigma's rules and real events.

mod corpora;
mod elastic;
mod expressions;
mod grammar;
mod meaning;
mod raising;
mod refusals;
mod round_trip;
mod sigma;
mod synthesis;
mod trees;

//! Query strings against Lucene's parser, peers' queries and Sigma's rules.

mod fields;
mod grammar;
mod meaning;
mod peers;
mod raising;
mod round_trip;
mod sigma;

#[path = "../common/mod.rs"]
mod common;

//! Query strings against Lucene's parser, peers' queries and Sigma's rules.

mod corpora;
mod grammar;
mod round_trip;
mod sigma;

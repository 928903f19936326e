//! Query strings against Lucene's parser, peers' queries and Sigma's rules.

mod corpora;
mod fields;
mod grammar;
mod meaning;
mod raising;
mod round_trip;
mod sigma;

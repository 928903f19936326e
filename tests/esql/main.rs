//! ES|QL against Elastic's rules, Sigma's rules and real events.

mod corpora;
mod grammar;
mod meaning;
mod raising;
mod round_trip;
mod synthesis;

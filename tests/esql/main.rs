//! ES|QL against Elastic's rules and real events.

mod corpora;
mod grammar;
mod meaning;

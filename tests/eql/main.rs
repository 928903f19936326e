//! EQL against Elastic's rules, the measured facts of other engines and real events.

mod corpora;
mod grammar;

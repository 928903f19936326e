//! KQL against Kibana's grammar, Elastic's rules and real events.

mod grammar;
mod meaning;
mod raising;
mod round_trip;

#[path = "../common/mod.rs"]
mod common;

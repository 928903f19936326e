//! KQL against Kibana's grammar, Elastic's rules and real events.

mod corpora;
mod grammar;
mod meaning;
mod raising;
mod round_trip;

//! What the query languages of Elasticsearch share: a literal means what the mapping of its field
//! makes of it, whatever language it was written in.

pub(in crate::language) mod address;
pub(in crate::language) mod mapping;

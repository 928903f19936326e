//! Field tables: what `push` makes of an expression, and whether the table agrees with records
//! and the documents that the platforms make of them.

mod build;
mod corpus;
mod meaning;
mod project;
mod push;
mod table;

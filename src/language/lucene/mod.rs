//! Query strings: Lucene's query language, as Elasticsearch's `query_string` reads it.
//!
//! What sets it apart:
//!
//! - `AND` and `OR` have no precedence. They mark the clauses beside them as required or optional,
//!   so `a OR b AND c` is `b AND c`, and `a OR NOT b` is `a AND NOT b`. The tree keeps these marks
//!   ([`Occur`]); [`print()`] writes parentheses wherever a reader could be misled.
//! - Words that no operator separates are one text for the field: on a keyword field, `f:(a b)`
//!   finds the value `a b`.
//! - Terms have no type. The mapping of the field decides what they mean, so [`lower`] and
//!   [`raise`] ask a [`Schema`](crate::query::Schema).
//!
//! Sources: Elasticsearch's reference on `query_string`, Lucene's on its classic query parser, and
//! the verdicts of Lucene 8.8 itself on the queries of the tests.

mod ast;
mod atom;
mod chars;
mod group;
mod lex;
mod literal;
mod lower;
mod network;
mod parse;
mod print;
mod raise;
mod range;
mod stream;
mod term;
mod text;

pub use ast::{Clause, FieldName, Node, Occur, Query, Term};
pub use atom::{Bound, Comparison, Decimal, Expression, Wildcard, Word, Words};
pub use lower::lower;
pub use parse::parse;
pub use print::{pretty, print};
pub use raise::raise;

super::contract::language! {
    /// Query strings in the registry.
    Lucene = "lucene", "Lucene", pretty
}

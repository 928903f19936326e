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
mod layout;
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

use super::kit::QueryError;
use super::registry::{self, Language};
use crate::query::{Meaning, Refusal, Schema, Translated};

/// Query strings in the registry.
#[derive(Debug)]
pub struct Lucene;

impl Language for Lucene {
    type Query = Query;
    const NAME: &'static str = "lucene";
    const TITLE: &'static str = "Lucene";

    fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
        parse(text)
    }

    fn print(query: &Query) -> String {
        print(query)
    }

    fn pretty(query: &Query, width: usize) -> String {
        pretty(query, width)
    }

    fn lower(query: &Query, schema: &dyn Schema) -> Result<Translated<Meaning>, Vec<QueryError>> {
        lower(query, schema).map(|lowered| lowered.map(Meaning::Match))
    }

    fn raise(meaning: &Meaning, schema: &dyn Schema) -> Result<Translated<Query>, Vec<Refusal>> {
        raise(registry::single(meaning, Self::TITLE)?, schema)
    }
}

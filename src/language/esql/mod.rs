//! ES|QL, the piped query language of Elasticsearch.
//!
//! Sources: Elastic's reference pages of ES|QL (basic syntax, commands, functions and operators,
//! multivalued fields, NULL values). What sets ES|QL apart:
//!
//! - A query is a pipe: a source command and commands that filter rows, change columns, or make
//!   other rows. Only part of that asks for events; [`lower`] says which part it follows.
//! - Conditions are three-valued. A comparison with an absent field is null, `NOT` leaves it null,
//!   and `WHERE` keeps a row only where its condition is true.
//! - A comparison with a field of several values is null too. Nothing in a query tells how many
//!   values a field has, so both [`lower`] and [`raise`] name the assumption (`single-valued`). Where
//!   the schema has several, [`raise`] lets Lucene look for them, and [`lower`] names what it reads
//!   more into a comparison than there is (`several-values`).
//! - Texts are compared in their letter case; any case is asked for by `TO_LOWER`.
//!
//! [`print()`] writes keywords and functions in capitals, as Elastic's reference pages do, and
//! [`pretty`] keeps the comments before commands.

mod ast;
mod expression;
mod lex;
mod lower;
mod name;
mod parse;
mod print;
mod raise;
mod source;

pub use ast::{
    Aggregate, Assignment, Command, Enriched, FromItem, Fuse, Indices, Query, Renaming, SortKey,
    Source, Stage, Stats,
};
pub use expression::{Comparison, Expression, Node, OptionValue, Options};
pub use lower::lower;
pub use name::{Name, NamePattern};
pub use parse::parse;
pub use print::{limited, pretty, print};
pub use raise::raise;
pub use source::{set_source, source};

pub use super::kit::Arithmetic;

super::contract::language! {
    /// ES|QL in the registry.
    Esql = "esql", "ES|QL", pretty, source, set_source
}

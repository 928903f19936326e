//! KQL, the Kibana Query Language.
//!
//! The grammar is Kibana's own, not that of the libraries that imitate it. What sets KQL apart:
//!
//! - An unquoted literal may hold blanks and ends only at a special character or at a keyword;
//!   `*` is its only wildcard. Between quotes nothing is a wildcard, and `?` never is one.
//! - `and` and `or` need a blank on both sides; `not` takes one operand, so `not not` is an error.
//! - Literals have no type. The mapping of the field decides what they mean, so [`lower`] and
//!   [`raise`] ask a [`Schema`](crate::query::Schema).
//!
//! [`print()`] quotes and escapes; [`raise`] decides which literals stand in quotes: all but
//! patterns, numbers, booleans and single lower-case words (`event.outcome:success`).

mod anywhere;
mod ast;
mod group;
mod hint;
mod lex;
mod literal;
mod lower;
mod parse;
mod print;
mod raise;
mod regex;

pub use ast::{Bound, Clause, Literal, Located, Node, Query, Tree, Values};
pub use lower::lower;
pub use parse::parse;
pub use print::{pretty, print};
pub use raise::raise;

super::contract::language! {
    /// KQL in the registry.
    Kql = "kql", "KQL", pretty
}

//! EQL, the Event Query Language of Elasticsearch.
//!
//! What is read is what Elasticsearch reads, not the language's first implementation, which has
//! more (`join`, `child of`, further pipes and functions; they are refused by name) and reads
//! texts between single quotes. What sets EQL apart:
//!
//! - Conditions are true, false or null. A comparison with a missing field is null, its `not` too,
//!   and null is no match, so `a != "x"` asks for events *with* the field. See `truth`.
//! - `==` and `in` are exact; `:` compares in any case and has the wildcards `*` and `?`, which
//!   cannot be escaped; `like` has the wildcards too; `~` behind a word means any case.
//! - Regular expressions are Lucene's and match the whole value, see
//!   [`lucene_regex`](super::kit::lucene_regex).
//! - A query asks for single events, for a sequence, or for a sample. The word before `where` is
//!   compared with a field that whoever runs the query chooses, see [`Options`].
//! - `?` before a field lets it be missing from an *index*; from an event every field may be.
//!
//! Elasticsearch folds the letters of ASCII only, the algebra all; where a query has others, that
//! is named as an assumption.

mod ast;
mod compare;
mod condition;
mod exact;
mod expression;
mod fold;
mod function;
mod group;
mod hint;
mod lex;
mod literal;
mod lookup;
mod lower;
mod operand;
mod parse;
mod parser;
mod part;
mod pretty;
mod print;
mod raise;
mod sign;
mod truth;
mod typed;
mod value;
mod write;

pub use ast::{Category, Event, Form, MaxSpan, Pipe, Query, Sample, Sequence, Step, Unit};
pub use expression::{Comparison, Expression, Field, Literal, Lookup, Node};
pub use function::Function;
pub use lower::{Options, lower, lower_with};
pub use parse::parse;
pub use pretty::pretty;
pub use print::print;
pub use raise::raise;

pub use super::kit::{Arithmetic, Located};

super::contract::language! {
    /// EQL in the registry.
    Eql = "eql", "EQL", pretty
}

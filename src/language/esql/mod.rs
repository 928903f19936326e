//! ES|QL, the piped query language of Elasticsearch.
pub mod ast;
pub mod expression;
mod lex;
mod name;
mod parse;
mod print;

pub use name::{Name, NamePattern};
pub use parse::parse;
pub use print::{pretty, print};

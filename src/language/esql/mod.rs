//! ES|QL, the piped query language of Elasticsearch.
mod address;
pub mod ast;
pub mod expression;
mod lex;
mod lower;
mod name;
mod parse;
mod print;

pub use lower::lower;
pub use name::{Name, NamePattern};
pub use parse::parse;
pub use print::{pretty, print};

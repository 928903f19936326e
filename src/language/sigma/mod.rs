//! The Sigma detection language, version 2.1.
//!
//! Unlike the other languages it is not one line of text but a tree of YAML with a condition on
//! top, so [`parse`](parse::detection) starts from a spanned tree. Specification: SigmaHQ's
//! `sigma-specification`, `sigma-rules-specification.md` and `sigma-appendix-modifiers.md`,
//! version 2.1.0. Where pySigma and the specification differ, the specification wins.

mod affixes;
mod apply;
pub mod ast;
mod budget;
pub mod codes;
mod condition;
mod encode;
mod expand;
mod finish;
mod lower;
pub mod modifier;
pub mod parse;
pub mod print;
mod raise;
mod text;
mod whole;
mod working;

pub use ast::{Condition, Detection, Item, Quantifier, Selection, Value};
pub use condition::parse_condition;
pub use lower::{lower, lower_condition, lower_item};
pub use modifier::Modifier;
pub use raise::raise;
pub use text::{escape, parse_text};
pub use whole::Sigma;

//! The algebra of detection: what a query means, whatever language it was written in.
//!
//! An event is a JSON object; a [`FieldPath`] denotes the set of values found by walking it,
//! fanning out over every array on the way; a [`Test`] holds if *some* value of its field
//! satisfies it; an [`Expr`] combines tests with two-valued logic. `not` is the complement, so it
//! holds on events that lack the field. Case rules, types and wildcards stand in the test, never
//! in a property of some backend: two languages mean the same exactly if they lower to the same
//! `Expr`. [`eval`](Expr::eval) is the reference against which everything faster is judged.

mod cidr;
mod eval;
mod expr;
mod field;
mod fold;
mod loss;
mod matching;
mod meaning;
mod normal;
mod outline;
mod pattern;
mod prover;
mod regex;
mod schema;
mod spelling;
mod test;
mod value;
mod why;

pub use cidr::Cidr;
pub use expr::Expr;
pub use field::{FieldPath, Found};
pub use fold::{equal_folded, fold};
pub use loss::{Assumption, Effect, Ledger, Loss, Refusal, Translated};
pub use meaning::{Counted, Having, JoinKey, Meaning, Sequence, Step, Threshold};
pub use pattern::{Part, Pattern};
pub use prover::Prover;
pub use regex::{Regex, RegexError};
pub use schema::{FieldFacts, FieldType, Letters, Schema};
pub use spelling::{Respelt, Spelling, SpellingRule};
pub use test::{Affix, Case, Op, Order, Subject, Test, TimePart};
pub use value::{Number, text_of};
pub use why::Reason;

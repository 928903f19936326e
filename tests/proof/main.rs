//! Proofs against judges that know nothing of how they are made: the evaluator on every event of a
//! small world, on changed expressions of public rules, and on rules that say the same in another
//! order.

mod adversary;
mod brute;
mod corpora;
mod held;
mod laws;
mod limits;
mod readable;
mod translations;

#[path = "../common/mod.rs"]
mod common;

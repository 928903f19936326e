//! Foreign rules as canonical rules: what an import says, and that building its result gives the
//! foreign rule again.

#[path = "../common/mod.rs"]
mod common;

mod again;
mod cases;
mod corpora;
mod groups;
mod lost;
mod meaning;
mod round;
mod seeds;
mod sigma;
mod versions;

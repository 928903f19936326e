//! What every query language must do, held against all of them: a language is tested here by being
//! in the registry and having a file of samples, `samples/NAME.txt`.

mod corpora;
mod hostile;
mod laws;
mod meaning;
mod samples;

#[path = "../common/mod.rs"]
mod common;

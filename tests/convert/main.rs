//! `convert` as a library: every public rule to every language, and what a target refuses, by
//! reason. What a language itself must do is in `tests/languages`.

mod corpora;
mod documents;
mod expected;
mod logsource;
mod queries;

#[path = "../common/mod.rs"]
mod common;

use std::sync::Arc;

use crosswalk::convert::{Batch, Input, To, Unit};
use crosswalk::diagnostic::Finding;
use crosswalk::source::SourceFile;

/// Converts some files; with it everything that was found.
fn converted(
    sources: Vec<Arc<SourceFile>>,
    from: Option<Input>,
    to: To,
) -> (Vec<Unit>, Vec<Finding>) {
    let batch = Batch::read(sources, from);
    let (mut all, mut findings) = (Vec::new(), batch.findings().to_vec());
    let done: Result<(), std::convert::Infallible> = batch.convert(to, |units, more| {
        all.extend(units);
        findings.extend(more);
        Ok(())
    });
    let Ok(()) = done;
    (all, findings)
}

/// Converts one text that must be in a form.
fn one(text: &str, from: &str, to: &str) -> Unit {
    let from = Input::from_name(from).expect(from);
    let to = To::from_name(to).expect(to);
    let (mut units, _) = converted(vec![SourceFile::new("test", text)], Some(from), to);
    assert_eq!(units.len(), 1, "{text}");
    units.remove(0)
}

/// The texts of a rule that converts.
fn texts(unit: &Unit) -> Vec<&str> {
    let done = unit.result.as_ref().unwrap_or_else(|refused| panic!("{refused:?}"));
    done.texts.iter().map(|text| text.text.as_str()).collect()
}

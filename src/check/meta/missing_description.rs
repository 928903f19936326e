//! A rule that does not say what it is about.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a rule has no description, or one that repeats the title
    ///
    /// Who gets the alert reads the description first. It should say what has happened and why that
    /// matters, which a title cannot.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// description: Root user signed in.
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// description: >-
    ///   The root user can do everything, and daily work never needs it.
    /// ```
    MISSING_DESCRIPTION = "missing-description", Note;
}

pub(super) const CHECK: Check = Check { code: &MISSING_DESCRIPTION, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let header = &rule.header;
    let (span, message) = match &header.description {
        None => (header.title_span, "this rule has no description"),
        Some(text) if !bare(text).is_empty() && bare(text) == bare(&header.title) => {
            (text.span, "the description says no more than the title")
        }
        Some(_) => return,
    };
    findings
        .add(&MISSING_DESCRIPTION, span, message)
        .help("say in a sentence what has happened when the rule fires, and why that matters");
}

/// The letters and digits of a text in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

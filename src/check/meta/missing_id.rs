//! A rule without an id.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a rule has no id
    ///
    /// Titles change. Without an id, an edited rule arrives at a platform as a second rule beside the
    /// first, and no correlation, exception or ticket can point at it for good.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// id: 4b692c01-6860-436c-837b-02de65495da1
    /// ```
    MISSING_ID = "missing-id", Warning;
}

pub(super) const CHECK: Check = Check { code: &MISSING_ID, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    if rule.header.id.is_none() {
        findings
            .add(&MISSING_ID, rule.header.title_span, "this rule has no id")
            .help("give it a random UUID as `id`");
    }
}

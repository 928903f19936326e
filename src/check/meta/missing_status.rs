//! A rule without a status.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, any_of, code};
use crate::rule::{Rule, Status};

code! {
    /// a rule has no status
    ///
    /// The status says how far a rule can be trusted, and which rules a deployment may leave out. A rule
    /// without one counts as ready for production.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// status: test
    /// ```
    MISSING_STATUS = "missing-status", Note;
}

pub(super) const CHECK: Check = Check { code: &MISSING_STATUS, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    if rule.header.status.is_none() {
        findings
            .add(&MISSING_STATUS, rule.header.title_span, "this rule has no status")
            .help(format!("`status` is one of {}", any_of(Status::WORDS.iter().copied())));
    }
}

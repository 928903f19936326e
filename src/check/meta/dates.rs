//! A rule that was changed before it was written.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a rule was changed before it was written
    ///
    /// One of the two dates is wrong. Whoever looks for what has changed since the last release will
    /// miss the rule.
    ///
    /// Bad:
    /// ```yaml
    /// date: 2026-11-21
    /// modified: 2025-12-01
    /// ```
    /// Good:
    /// ```yaml
    /// date: 2026-11-21
    /// modified: 2026-12-01
    /// ```
    MODIFIED_BEFORE_DATE = "modified-before-date", Warning;
}

pub(super) const CHECK: Check = Check { code: &MODIFIED_BEFORE_DATE, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let (Some(date), Some(modified)) = (&rule.header.date, &rule.header.modified) else { return };
    if modified.value < date.value {
        let message = format!("changed on {}, written on {}", modified.value, date.value);
        let written = findings.place(date.span);
        findings
            .add(&MODIFIED_BEFORE_DATE, modified.span, message)
            .related(written, "written here")
            .help("correct one of the two");
    }
}

//! A rule without a level.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, any_of, code};
use crate::rule::{Level, Rule};

code! {
    /// a rule has no level
    ///
    /// The level decides how urgent an alert is: Elastic's severity and risk score and the status of
    /// Datadog's cases come from it. Only the author knows it.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// level: high
    /// ```
    MISSING_LEVEL = "missing-level", Warning;
}

pub(super) const CHECK: Check = Check { code: &MISSING_LEVEL, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    if rule.header.level.is_none() {
        findings
            .add(&MISSING_LEVEL, rule.header.title_span, "this rule has no level")
            .help(format!("`level` is one of {}", any_of(Level::WORDS.iter().copied())));
    }
}

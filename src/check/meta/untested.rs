//! A stable rule that nothing tests.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::{Logic, Rule, Status};

code! {
    /// a stable rule has no tests
    ///
    /// `stable` promises that the rule works, and nothing shows it: a slip in an edit or a change of
    /// translation stays unseen. A rule without any of Crosswalk's sections is let be, because Sigma has no
    /// place for tests.
    ///
    /// Bad:
    /// ```yaml
    /// status: stable
    /// triage: Ask the owner of the account.
    /// ```
    /// Good:
    /// ```yaml
    /// status: stable
    /// triage: Ask the owner of the account.
    /// tests:
    ///   - {name: the root user matches, match: true, event: {userIdentity: {type: Root}}}
    ///   - {name: a role is quiet, match: false, event: {userIdentity: {type: AssumedRole}}}
    /// ```
    UNTESTED = "untested-rule", Warning;
}

pub(super) const CHECK: Check = Check { code: &UNTESTED, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let Some(status) = &rule.header.status else { return };
    let sections = &rule.sections;
    let is_ours = !sections.controls.is_empty()
        || sections.strategy.is_some()
        || sections.triage.is_some()
        || !sections.changelog.is_empty();
    let is_over_events = matches!(rule.logic, Logic::Detection { .. });
    if status.value == Status::Stable && is_ours && is_over_events && sections.tests.is_empty() {
        findings
            .add(&UNTESTED, status.span, "nothing shows that this rule works")
            .help("add events to `tests` that must match and that must not, or use `status: test`");
    }
}

//! Tests that an always-true or always-false rule would pass.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// all tests of a rule expect the same verdict
    ///
    /// A rule that matches everything passes tests that must all match, and a rule that matches nothing
    /// passes tests that must all be quiet. One event of each kind shows that the rule can tell them apart.
    ///
    /// Bad:
    /// ```yaml
    /// tests:
    ///   - {name: the root user matches, match: true, event: {userIdentity: {type: Root}}}
    /// ```
    /// Good:
    /// ```yaml
    /// tests:
    ///   - {name: the root user matches, match: true, event: {userIdentity: {type: Root}}}
    ///   - {name: a role is quiet, match: false, event: {userIdentity: {type: AssumedRole}}}
    /// ```
    ONE_SIDED = "one-sided-tests", Warning;
}

pub(super) const CHECK: Check = Check { code: &ONE_SIDED, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let tests = &rule.sections.tests;
    let Some(first) = tests.first() else { return };
    if tests.iter().all(|test| test.matches == first.matches) {
        let (message, help) = if first.matches {
            ("every test must match", "add an event that must not match")
        } else {
            ("every test must stay quiet", "add an event that must match")
        };
        findings.add(&ONE_SIDED, first.name.span, message).help(help);
    }
}

//! Tests with one name.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// two tests have the same name
    ///
    /// Reports name a test by its name alone, so nobody can tell which of the two failed.
    ///
    /// ```yaml
    /// # bad
    /// - {name: matches, match: true, event: {eventName: StopLogging}}
    /// - {name: matches, match: true, event: {eventName: DeleteTrail}}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// - {name: stopping a trail matches, match: true, event: {eventName: StopLogging}}
    /// - {name: deleting a trail matches, match: true, event: {eventName: DeleteTrail}}
    /// ```
    TEST_NAME = "duplicate-test-name", Warning;
}

pub(super) const CHECK: Check = Check { code: &TEST_NAME, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut first = HashMap::new();
    for test in &rule.sections.tests {
        if let Some(place) = first.get(test.name.as_str()).copied() {
            let place = findings.place(place);
            findings
                .add(&TEST_NAME, test.name.span, "another test has this name")
                .related(place, "first used here");
        } else {
            first.insert(test.name.as_str(), test.name.span);
        }
    }
}

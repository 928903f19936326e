//! Tests with one event.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// two tests have the same event
    ///
    /// The second one shows nothing that the first does not. Most often the event was copied and
    /// the one value that matters was not changed.
    ///
    /// ```yaml
    /// # bad
    /// - {name: stopping a trail matches, match: true, event: {eventName: StopLogging}}
    /// - {name: deleting a trail matches, match: true, event: {eventName: StopLogging}}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// - {name: stopping a trail matches, match: true, event: {eventName: StopLogging}}
    /// - {name: deleting a trail matches, match: true, event: {eventName: DeleteTrail}}
    /// ```
    TEST_EVENT = "duplicate-test-event", Warning;
}

pub(super) const CHECK: Check = Check { code: &TEST_EVENT, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut first = HashMap::new();
    for test in &rule.sections.tests {
        // Keys in the order of the file: the same event in another order is written on purpose.
        let text = test.event.to_string();
        if let Some(place) = first.get(&text).copied() {
            let place = findings.place(place);
            findings
                .add(&TEST_EVENT, test.name.span, "this test has the event of another test")
                .related(place, "that one");
        } else {
            first.insert(text, test.name.span);
        }
    }
}

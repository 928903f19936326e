//! Test events with the wrong verdict.

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::rule::RuleSet;
use crate::source::Place;

code! {
    /// a test event does not get its verdict
    ///
    /// The rule's condition, with the filters of the set, matches an event that must not match, or
    /// misses one that must. Either the rule is wrong or the test.
    ///
    /// ```yaml
    /// # bad
    /// detection: {selection: {eventName: StopLogging}, condition: selection}
    /// tests: [{name: logging stopped, match: true, event: {eventName: DeleteTrail}}]
    /// ```
    ///
    /// ```yaml
    /// # good
    /// tests: [{name: logging stopped, match: true, event: {eventName: StopLogging}}]
    /// ```
    FAILING_TEST = "failing-test", Error;
}

pub(super) const CHECK: Check = Check { code: &FAILING_TEST, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for rule in set.rules().filter(|rule| !rule.sections.tests.is_empty()) {
        // A rule without a meaning has findings that say why.
        let Ok(expr) = set.expr(rule, None) else { continue };
        for test in &rule.sections.tests {
            let message = match (test.matches, expr.eval(&test.event)) {
                (true, false) => "the rule misses this event",
                (false, true) => "the rule matches this event",
                _ => continue,
            };
            let place = Place::new(&rule.source, test.name.span);
            let mut finding = Finding::new(&FAILING_TEST, place, message);
            finding.help("`crosswalk explain` shows what the rule tests, step by step");
            findings.push(finding);
        }
    }
}

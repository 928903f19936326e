//! A condition for one platform that says what the rule says.

use crate::check::{Check, Run, Subject};
use crate::diagnostic::{Findings, code};

code! {
    /// a platform's own condition says what the rule's condition says
    ///
    /// A variant's condition is for where a platform must differ. One that does not differ has to
    /// be kept in step by hand, and makes readers look for the difference.
    ///
    /// ```yaml
    /// # bad
    /// detection: {root: {userIdentity.type: Root}, condition: root}
    /// elastic: {condition: root}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// detection: {root: {userIdentity.type: Root}, condition: root}
    /// ```
    IDLE_CONDITION = "idle-variant-condition", Note;
}

pub(super) const CHECK: Check = Check { code: &IDLE_CONDITION, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let sections = &subject.rule.sections;
    let variants = [&sections.elastic.condition, &sections.datadog.condition];
    for condition in variants.into_iter().flatten() {
        let (Some(own), Some(variant)) = (subject.whole(), subject.condition(condition)) else {
            continue;
        };
        if own.same_alternatives(&variant) {
            let message = "this condition matches what the rule's own condition matches";
            findings.add(&IDLE_CONDITION, condition.span, message).help("leave it out");
        }
    }
}

//! Datadog cases with one name.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// two Datadog cases have the same name
    ///
    /// The name stands in the title of the signal and is all that tells an analyst which case it
    /// was.
    ///
    /// ```yaml
    /// # bad
    /// - {name: user changed, condition: created, status: info}
    /// - {name: user changed, condition: deleted, status: low}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// - {name: user created, condition: created, status: info}
    /// - {name: user deleted, condition: deleted, status: low}
    /// ```
    CASE_NAME = "duplicate-case-name", Warning;
}

pub(super) const CHECK: Check = Check { code: &CASE_NAME, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut first = HashMap::new();
    let cases = rule.sections.datadog.cases.iter();
    for name in cases.map(|case| &case.name).filter(|name| !name.is_empty()) {
        if let Some(place) = first.get(name.as_str()).copied() {
            let place = findings.place(place);
            findings
                .add(&CASE_NAME, name.span, "another case has this name")
                .related(place, "first used here");
        } else {
            first.insert(name.as_str(), name.span);
        }
    }
}

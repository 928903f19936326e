//! Filters that shut nothing out.

use super::Subject;
use super::parts::{Branch, is_small, of_branch};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::Prover;

code! {
    /// an exclusion shuts nothing out
    ///
    /// What the filter describes can never be among what the rest of the condition lets in, so
    /// leaving it out changes nothing. Often the filter tests the wrong field or value, and the
    /// false positives that it was written for still come through.
    ///
    /// ```yaml
    /// # bad
    /// login: {eventName: ConsoleLogin}
    /// pipeline: {eventName: AssumeRole, userAgent: terraform}
    /// condition: login and not pipeline
    /// ```
    ///
    /// ```yaml
    /// # good
    /// pipeline: {userAgent: terraform}
    /// condition: login and not pipeline
    /// ```
    IDLE_EXCLUSION = "idle-exclusion", Warning;
}

pub(super) const CHECK: Check = Check { code: &IDLE_EXCLUSION, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let single = |field: &_| subject.is_single(field);
    let prover = Prover::new(&single);
    for condition in subject.conditions().filter(|condition| is_small(subject, condition)) {
        let parts = of_branch(subject, &Branch::Condition(&condition.value));
        for filter in parts.iter().filter(|part| part.negated) {
            let out = filter.expr.clone().into_owned().negated();
            let mut rest = parts.iter().filter(|part| !part.negated);
            let Some(other) = rest.find(|part| prover.disjoint(&out, &part.expr)) else { continue };
            let message = format!("`{}` shuts nothing out beside `{}`", filter.name, other.name);
            let item = other.item.map(|item| findings.place(item.span));
            let finding = findings.add(&IDLE_EXCLUSION, filter.at, message);
            if let Some(place) = item {
                finding.related(place, "this item already keeps it out");
            }
        }
    }
}

//! A history that is no longer than one look.

use super::look_back::Schedule;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// the history of a new value is no longer than the look-back
    ///
    /// A value is new if it does not stand in the history before the events that a run looks at.
    /// If these reach back as far as the history, there is nothing before them: on Elastic the
    /// rule cannot run.
    ///
    /// ```yaml
    /// # bad
    /// new_value: {fields: [userIdentity.arn], history: 1h}
    /// elastic: {from: now-2h}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// new_value: {fields: [userIdentity.arn], history: 14d}
    /// elastic: {from: now-2h}
    /// ```
    SHORT_HISTORY = "short-history", Error;
}

pub(super) const CHECK: Check = Check { code: &SHORT_HISTORY, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let Some(new) = &rule.sections.new_value else { return };
    let elastic = &rule.sections.elastic;
    let Some(schedule) = Schedule::of(elastic) else { return };
    if new.history.seconds() > schedule.look_back {
        return;
    }
    let message = "the history is no longer than what each run looks at";
    let from = elastic.from.as_ref().map(|from| findings.place(from.span));
    let finding = findings.add(&SHORT_HISTORY, new.history.span, message);
    finding.help("let `history` reach back days, at least");
    if let Some(from) = from {
        finding.related(from, "each run looks at this time");
    }
}

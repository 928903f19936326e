//! An Elastic rule whose runs meet without overlap.

use super::look_back::Schedule;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// two runs of a rule do not overlap
    ///
    /// The rule looks back exactly as far as it sleeps, or less than a minute further. A run that
    /// starts late, or an event that is indexed late, leaves a gap in which nothing is looked at.
    /// Kibana adds a minute by itself. With `timestamp_override: event.ingested`, the time at
    /// which an event was indexed counts, and only late runs matter.
    ///
    /// ```yaml
    /// elastic: {interval: 5m, from: now-5m}    # bad
    /// elastic: {interval: 5m, from: now-6m}    # good
    /// ```
    LOOK_BACK_MARGIN = "look-back-margin", Warning;
}

pub(super) const CHECK: Check = Check { code: &LOOK_BACK_MARGIN, run: Run::Rule(run) };

/// What Kibana adds when a rule is made by hand, in seconds.
const MARGIN: u64 = 60;

fn run(rule: &Rule, findings: &mut Findings) {
    let elastic = &rule.sections.elastic;
    let (Some(from), Some(schedule)) = (&elastic.from, Schedule::of(elastic)) else { return };
    // A gap between runs has a finding of its own.
    let Some(margin) = schedule.look_back.checked_sub(schedule.interval) else { return };
    if margin < MARGIN {
        let message = match margin {
            0 => "the rule looks back exactly as far as it sleeps".to_owned(),
            _ => format!("the rule looks back only {margin} seconds further than it sleeps"),
        };
        findings
            .add(&LOOK_BACK_MARGIN, from.span, message)
            .help("let `from` reach back at least a minute further than `interval`");
    }
}

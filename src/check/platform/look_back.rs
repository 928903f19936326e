//! An Elastic rule that looks back less far than it sleeps.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::{Duration, ElasticVariant, Rule};

code! {
    /// a rule looks back less far than the time between two runs
    ///
    /// Events that arrive in the gap are never looked at. `from` should reach back further than
    /// `interval`, by at least the time that events take to be indexed.
    ///
    /// Bad:
    /// ```yaml
    /// elastic: {interval: 10m, from: now-5m}
    /// ```
    /// Good:
    /// ```yaml
    /// elastic: {interval: 10m, from: now-15m}
    /// ```
    LOOK_BACK = "look-back-gap", Error;
}

pub(super) const CHECK: Check = Check { code: &LOOK_BACK, run: Run::Rule(run) };

/// Kibana's defaults: every five minutes, six minutes back.
const DEFAULT: Schedule = Schedule { look_back: 360, interval: 300 };

/// How far back each run looks and how long it is to the next one, in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    /// From the start of the look-back to the run.
    pub(super) look_back: u64,
    /// From one run to the next.
    pub(super) interval: u64,
}

impl Schedule {
    /// The schedule of a variant; `None` if its start is no plain length of time before now.
    pub(super) fn of(elastic: &ElasticVariant) -> Option<Self> {
        let from = elastic.from.as_ref();
        let look_back = from.map(|from| from.strip_prefix("now-").and_then(Duration::parse));
        Some(Self {
            look_back: look_back.map_or(Some(DEFAULT.look_back), |back| Some(back?.seconds()))?,
            interval: elastic.interval.as_ref().map_or(DEFAULT.interval, |i| i.value.seconds()),
        })
    }
}

fn run(rule: &Rule, findings: &mut Findings) {
    let elastic = &rule.sections.elastic;
    let (Some(from), Some(schedule)) = (&elastic.from, Schedule::of(elastic)) else { return };
    if schedule.look_back < schedule.interval {
        let message = format!(
            "the rule looks back {} and runs every {}",
            in_words(schedule.look_back),
            in_words(schedule.interval)
        );
        findings
            .add(&LOOK_BACK, from.span, message)
            .help("let `from` reach back further than `interval`");
    }
}

fn in_words(seconds: u64) -> String {
    Duration { count: seconds, unit: crate::rule::Unit::Second }.in_words()
}

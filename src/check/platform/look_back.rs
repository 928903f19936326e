//! An Elastic rule that looks back less far than it sleeps.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::{Duration, Rule};

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

/// Kibana's default interval.
const DEFAULT_INTERVAL: u64 = 300;

fn run(rule: &Rule, findings: &mut Findings) {
    let elastic = &rule.sections.elastic;
    let Some(from) = &elastic.from else { return };
    let look_back = from.strip_prefix("now-").and_then(Duration::parse);
    let interval = elastic.interval.as_ref().map_or(DEFAULT_INTERVAL, |i| i.value.seconds());
    if let Some(look_back) = look_back.filter(|look_back| look_back.seconds() < interval) {
        let message = format!(
            "the rule looks back {} and runs every {}",
            look_back.in_words(),
            minutes(interval)
        );
        findings
            .add(&LOOK_BACK, from.span, message)
            .help("let `from` reach back further than `interval`");
    }
}

fn minutes(seconds: u64) -> String {
    Duration { count: seconds, unit: crate::rule::Unit::Second }.in_words()
}

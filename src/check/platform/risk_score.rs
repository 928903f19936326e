//! Severity and risk score that say different things.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::{Rule, Severity};

code! {
    /// severity and risk score are out of step
    ///
    /// Kibana's bands are low 0 to 21, medium 22 to 47, high 48 to 73 and critical 74 to 100. A
    /// rule outside its band sorts wrongly in every list of alerts.
    ///
    /// Bad:
    /// ```yaml
    /// level: high
    /// elastic: {risk_score: 21}
    /// ```
    /// Good:
    /// ```yaml
    /// level: high
    /// elastic: {risk_score: 73}
    /// ```
    RISK_SCORE = "risk-score-band", Warning;
}

pub(super) const CHECK: Check = Check { code: &RISK_SCORE, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let elastic = &rule.sections.elastic;
    let Some(score) = &elastic.risk_score else { return };
    let level = rule.header.level.as_ref().map(|level| level.value);
    let declared = elastic.severity.as_ref().map(|severity| severity.value);
    let Some(severity) = declared.or(level.map(Severity::of_level)) else { return };
    let band = Severity::of_score(score.value);
    if band != severity {
        let message =
            format!("risk score {} is `{band}`, the severity is `{severity}`", score.value);
        findings
            .add(&RISK_SCORE, score.span, message)
            .help(format!("`{severity}` usually goes with {}", severity.risk_score()));
    }
}

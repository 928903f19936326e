//! ATT&CK: the techniques that rules are tagged with.

use super::super::Failure;
use super::form::{Form, lines};
use super::rules::Rules;
use crate::compliance::{AttackCoverage, report};
use crate::rule::attack;

/// The report on techniques; only those below `wanted`, if any are named.
pub(super) fn report(rules: &Rules, wanted: &[String], form: Form) -> Result<String, Failure> {
    for name in wanted {
        if attack::technique(name).is_none() {
            let version = attack::VERSION;
            return Err(Failure(format!(
                "error: ATT&CK v{version} has no technique `{name}`; an id looks like `T1686.001`"
            )));
        }
    }
    let mut coverage = AttackCoverage::of(&rules.gathered.detectors);
    coverage.retain(wanted);
    anstream::eprintln!("{}", report::techniques_summary(&coverage));
    match form {
        Form::Navigator => Ok(lines(&report::navigator(&coverage, "Detection rules"))),
        Form::Json => Ok(lines(&serde_json::json!({"format": report::FORMAT, "attack": coverage}))),
        Form::Table => Ok(report::techniques(&coverage)),
        Form::Md => Ok(report::techniques_markdown(&coverage)),
        Form::Csv => Ok(report::techniques_csv(&coverage)),
        other => {
            use clap::ValueEnum;
            let name = other.to_possible_value().map(|value| value.get_name().to_owned());
            Err(Failure(format!(
                "error: techniques have no form `{}`; there are table, md, json, csv and navigator",
                name.unwrap_or_default()
            )))
        }
    }
}

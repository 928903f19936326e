//! Checks: one file each, found in one table.
//!
//! What the reader itself can know is wrong (types, keys, modifiers, references) is reported while
//! reading. A check looks at what was read: at one rule, or at the whole set. To add one, write
//! its file with its code and its function, and add the line to [`CHECKS`].

mod duplicate_id;
mod look_back;
mod risk_score;
mod unknown_rule;

use rayon::prelude::*;

use crate::diagnostic::{Code, Finding, Findings};
use crate::language::{kit, sigma};
use crate::rule::{Rule, RuleSet};

/// One check.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The code that it reports.
    pub code: &'static Code,
    /// How it looks.
    pub run: Run,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// One rule by itself.
    Rule(fn(&Rule, &mut Findings)),
    /// All rules together.
    Set(fn(&RuleSet, &mut Vec<Finding>)),
}

/// Every check, in the order of the names of their codes.
pub const CHECKS: &[Check] =
    &[duplicate_id::CHECK, look_back::CHECK, risk_score::CHECK, unknown_rule::CHECK];

/// Runs every check.
pub fn check(set: &RuleSet) -> Vec<Finding> {
    let rules: Vec<&Rule> = set.rules().collect();
    let mut findings: Vec<Finding> = rules
        .par_iter()
        .flat_map_iter(|rule| {
            let mut findings = Findings::new(&rule.source);
            for check in CHECKS {
                if let Run::Rule(run) = check.run {
                    run(rule, &mut findings);
                }
            }
            findings.into_sorted()
        })
        .collect();
    for check in CHECKS {
        if let Run::Set(run) = check.run {
            run(set, &mut findings);
        }
    }
    findings
}

/// Every code that reading and checking can report. `crosswalk explain` adds those of the stages
/// behind.
pub fn codes() -> Vec<&'static Code> {
    let tables = [crate::rule::codes::CODES, sigma::codes::CODES, kit::CODES];
    let mut codes: Vec<&Code> = tables.into_iter().flatten().copied().collect();
    codes.extend(CHECKS.iter().map(|check| check.code));
    codes.sort_by_key(|code| code.name);
    codes.dedup();
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_explained() {
        let codes = codes();
        for pair in codes.windows(2) {
            assert_ne!(pair[0].name, pair[1].name);
        }
        for code in codes {
            assert!(code.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
            assert!(code.summary().len() > 10, "{code} has no summary");
            assert!(!code.summary().ends_with('.'), "{code}: {}", code.summary());
        }
    }
}

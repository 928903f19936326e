//! Checks: one file each, in families, found in one table.
//!
//! What the reader itself can know is wrong (types, keys, modifiers, references) is reported while
//! reading. A check looks at what was read: at one rule, or at the whole set. To add one, write
//! its file with its code and its function, add the line to the `CHECKS` of its family, and show
//! it in `tests/checks/CODE`. The doc comment of the code is its page in `docs/checks`.

mod choice;
mod detection;
mod meta;
mod platform;
mod proof;
mod report;

pub use choice::{Choice, can_be_allowed};
pub use detection::{FAILING_TEST, Subject};
pub use meta::{ONE_SIDED, UNTESTED};
pub use report::{Fixed, Report};

use rayon::prelude::*;

use crate::diagnostic::{Code, Finding, Findings, suppress};
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
    /// One rule over single events, with what several checks ask of it.
    Detection(fn(&Subject<'_>, &mut Findings)),
    /// All rules together.
    Set(fn(&RuleSet, &mut Vec<Finding>)),
    /// What the check of another code finds in passing.
    Beside(&'static Code),
}

/// The families of checks, each in its own folder.
const FAMILIES: &[&[Check]] = &[detection::CHECKS, meta::CHECKS, platform::CHECKS, proof::CHECKS];

/// Every check.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    FAMILIES.iter().copied().flatten()
}

/// Most findings of checks that one rule may have.
const MAX_FINDINGS: usize = 1000;

/// Those that whoever takes a rule over from another platform has to hear of at once: the rule
/// never did what its author meant.
const OF_IMPORTED: &[&Code] = &[detection::LITERAL_WILDCARD, detection::MAP_TEXT];

/// Runs every check.
pub fn check(set: &RuleSet) -> Vec<Finding> {
    run(set, &|_| true)
}

/// Runs the checks that rules of other platforms need, on what became of these rules.
pub fn check_imported(set: &RuleSet) -> Vec<Finding> {
    run(set, &|check| OF_IMPORTED.contains(&check.code))
}

fn run(set: &RuleSet, wanted: &(dyn Fn(&Check) -> bool + Sync)) -> Vec<Finding> {
    let rules: Vec<&Rule> = set.rules().collect();
    let mut findings: Vec<Finding> = rules
        .par_iter()
        .flat_map_iter(|rule| {
            let mut findings = Findings::new(&rule.source);
            let subject = Subject::of(rule);
            for check in checks().filter(|check| wanted(check)) {
                match (check.run, &subject) {
                    (Run::Rule(run), _) => run(rule, &mut findings),
                    (Run::Detection(run), Some(subject)) => run(subject, &mut findings),
                    _ => {}
                }
            }
            findings.limit(MAX_FINDINGS, &crate::rule::codes::TOO_MANY_FINDINGS);
            findings.into_sorted()
        })
        .collect();
    for check in checks().filter(|check| wanted(check)) {
        if let Run::Set(run) = check.run {
            run(set, &mut findings);
        }
    }
    findings
}

/// Every code that reading can report.
pub fn reader_codes() -> Vec<&'static Code> {
    let tables = [crate::rule::codes::CODES, sigma::codes::CODES, kit::CODES];
    sorted(tables.into_iter().flatten().copied().collect())
}

/// Every code that reading and checking can report. `crosswalk explain` adds those of the stages
/// behind.
pub fn codes() -> Vec<&'static Code> {
    let mut codes = reader_codes();
    codes.extend(checks().map(|check| check.code));
    codes.extend(suppress::CODES);
    sorted(codes)
}

fn sorted(mut codes: Vec<&'static Code>) -> Vec<&'static Code> {
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

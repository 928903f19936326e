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

/// The families of checks, each in its own folder, but for those that follow from proof.
const FAMILIES: &[&[Check]] = &[detection::CHECKS, meta::CHECKS, platform::CHECKS];

/// Every check. Those that follow from proof come last: what another check says of a clause is not
/// said again.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    FAMILIES.iter().copied().flatten().chain(proof::CHECKS)
}

/// Most findings of checks that one rule may have.
const MAX_FINDINGS: usize = 1000;

/// Those that whoever takes a rule over from another platform has to hear of at once: the rule
/// never did what its author meant.
const OF_IMPORTED: &[&Code] = &[detection::LITERAL_WILDCARD, detection::MAP_TEXT];

/// Runs every check.
pub fn check(set: &RuleSet) -> Vec<Finding> {
    run(set, &checks().collect::<Vec<_>>())
}

/// Runs the checks whose findings a run wants to see, and those that they go by. So what these find
/// may be among the findings, too.
fn check_chosen(set: &RuleSet, choice: &Choice) -> Vec<Finding> {
    let wanted: Vec<&Check> = checks().filter(|check| choice.asks_for(check, set)).collect();
    let is_needed = |check: &Check| {
        let needs = |own: &&Check| match own.run {
            Run::Beside(code) => code == check.code,
            _ => own.code == check.code,
        };
        wanted.iter().any(needs)
    };
    let before_all = wanted.iter().any(|check| *check.code == proof::DEAD_CLAUSE);
    let own = FAMILIES.iter().copied().flatten().filter(|check| before_all || is_needed(check));
    let proofs = proof::CHECKS.iter().filter(|check| is_needed(check));
    run(set, &own.chain(proofs).collect::<Vec<_>>())
}

/// Runs the checks that rules of other platforms need, on what became of these rules.
pub fn check_imported(set: &RuleSet) -> Vec<Finding> {
    let is_needed = |check: &&Check| OF_IMPORTED.contains(&check.code);
    run(set, &checks().filter(is_needed).collect::<Vec<_>>())
}

fn run(set: &RuleSet, wanted: &[&Check]) -> Vec<Finding> {
    let rules: Vec<&Rule> = set.rules().collect();
    let mut findings: Vec<Finding> = rules
        .par_iter()
        .flat_map_iter(|rule| {
            let mut findings = Findings::new(&rule.source);
            let subject = Subject::of(rule);
            for check in wanted {
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
    for check in wanted {
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

//! Everything that is said about the files of a run, and the texts with their fixes applied.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Choice, check_chosen, choice};
use crate::diagnostic::{Code, Finding, Severity, apply};
use crate::rule::RuleSet;
use crate::source::SourceFile;

/// What reading and checking have found.
#[derive(Debug, Default)]
pub struct Report {
    /// The rules as far as they could be read.
    pub set: RuleSet,
    /// What there is to say, sorted by place.
    pub findings: Vec<Finding>,
    /// Number of findings that comments allow.
    pub allowed: usize,
}

impl Report {
    /// Reads and checks texts.
    pub fn of(sources: &[Arc<SourceFile>], choice: &Choice) -> Self {
        let (set, mut findings) = RuleSet::parse(sources);
        findings.extend(check_chosen(&set, choice));
        let allowed = choice::suppress(&set, &mut findings);
        findings.retain(|finding| choice.keeps(finding));
        findings.sort_by(|a, b| a.order().cmp(&b.order()));
        Self { set, findings, allowed }
    }

    /// Reads texts, applies every fix of what is found, and begins again until nothing changes.
    pub fn fixed(sources: Vec<Arc<SourceFile>>, choice: &Choice) -> Fixed {
        let mut fixed =
            Fixed { report: Self::of(&sources, choice), sources, applied: BTreeMap::new() };
        for _ in 0..MAX_ROUNDS {
            if !fixed.round(choice) {
                break;
            }
        }
        fixed
    }
}

/// Most times that a run applies fixes: one fix may uncover another.
const MAX_ROUNDS: usize = 10;

/// Texts after their fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The texts in the order in which they were given.
    pub sources: Vec<Arc<SourceFile>>,
    /// What is left to say about them.
    pub report: Report,
    /// What was repaired: name of the file → code → how often.
    pub applied: BTreeMap<String, BTreeMap<&'static str, usize>>,
}

impl Fixed {
    /// Applies the fixes of the present findings; `false` if there is none.
    fn round(&mut self, choice: &Choice) -> bool {
        let mut changed = false;
        let own = by_source(&self.report.findings);
        for source in &mut self.sources {
            let Some(own) = own.get(&Arc::as_ptr(source)) else { continue };
            let Some((text, codes)) = apply(source.text(), own.iter().copied()) else { continue };
            let next = SourceFile::new(source.name(), text);
            if errors(&next) > own.iter().filter(|one| one.severity == Severity::Error).count() {
                // A fix must not break a rule. That it would is our fault, and the file stays.
                continue;
            }
            note(&mut self.applied, source.name(), &codes);
            *source = next;
            changed = true;
        }
        if changed {
            self.report = Report::of(&self.sources, choice);
        }
        changed
    }
}

/// The findings of each text, by its address.
fn by_source(findings: &[Finding]) -> HashMap<*const SourceFile, Vec<&Finding>> {
    let mut own: HashMap<_, Vec<&Finding>> = HashMap::new();
    for finding in findings {
        if let Some(place) = &finding.place {
            own.entry(Arc::as_ptr(&place.source)).or_default().push(finding);
        }
    }
    own
}

/// Number of errors that the reader sees in a text.
fn errors(source: &Arc<SourceFile>) -> usize {
    let (_, findings) = crate::rule::read(source);
    findings.into_sorted().iter().filter(|one| one.severity == Severity::Error).count()
}

fn note(
    applied: &mut BTreeMap<String, BTreeMap<&'static str, usize>>,
    name: &str,
    codes: &[&'static Code],
) {
    let counts = applied.entry(name.to_owned()).or_default();
    for code in codes {
        *counts.entry(code.name).or_default() += 1;
    }
}

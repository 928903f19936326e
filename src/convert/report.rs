//! How a run went, counted by reason.

mod markdown;

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::Unit;
use crate::diagnostic::{Finding, Severity};
use crate::target::reasons;

/// The rules of a run by what became of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The target.
    pub to: String,
    /// Rules that mean the same as before.
    pub exact: usize,
    /// Rules that mean something else, each named with a reason.
    pub lossy: usize,
    /// Rules that the target cannot have.
    pub refused: usize,
    /// Exact and lossy rules that lean on assumptions.
    pub leaning: usize,
    /// Lossy rules by the name of the loss; a rule may have several.
    pub losses: BTreeMap<&'static str, Reason>,
    /// Refused rules by the name of the reason.
    pub refusals: BTreeMap<&'static str, Reason>,
    /// Exact and lossy rules by the assumptions that they lean on.
    pub assumptions: BTreeMap<&'static str, Reason>,
    /// Files that no rule came out of because they cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// Files that are counted, by their rules or as not readable.
    #[serde(skip)]
    told: HashSet<String>,
    /// The folder of every file so far; `None` before the first.
    #[serde(skip)]
    root: Option<String>,
}

/// Rules that have something in common.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reason {
    /// What the name means.
    pub meaning: &'static str,
    /// The rules, in the order of the run.
    pub rules: Vec<Named>,
}

/// A file that cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct Unreadable {
    /// The file.
    pub source: String,
    /// The first error in it.
    pub reason: String,
}

/// One rule under a reason.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    /// Its file.
    pub source: String,
    /// Its title.
    pub title: String,
    /// The reason in words, where it first holds in the rule.
    pub reason: String,
}

impl Report {
    /// An empty report.
    pub fn new(to: &str) -> Self {
        Self { to: to.to_owned(), ..Self::default() }
    }

    /// Counts a rule.
    pub fn add(&mut self, unit: &Unit) {
        self.told.insert(unit.source.clone());
        let folder = unit.source.rfind('/').map_or("", |end| &unit.source[..=end]);
        match &mut self.root {
            Some(root) => root.truncate(shared(root, folder)),
            none => *none = Some(folder.to_owned()),
        }
        match &unit.result {
            Ok(done) => {
                *if done.losses.is_empty() { &mut self.exact } else { &mut self.lossy } += 1;
                self.leaning += usize::from(!done.assumptions.is_empty());
                let losses = done.losses.iter().map(|loss| (loss.code, loss.reason.as_str()));
                count(&mut self.losses, unit, losses);
                let leant_on = done.assumptions.iter();
                let leant_on = leant_on.map(|fact| (fact.code, fact.reason.as_str()));
                count(&mut self.assumptions, unit, leant_on);
            }
            Err(refused) => {
                self.refused += 1;
                let reasons = refused.refused.iter().map(|r| (r.code, r.reason.as_str()));
                count(&mut self.refusals, unit, reasons);
            }
        }
    }

    /// Notes the files that have errors and gave no rule; for the end of a run.
    pub fn add_unreadable(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
            let Some(place) = &finding.place else { continue };
            let source = place.source.name().to_owned();
            // One error a file will do.
            if self.told.insert(source.clone()) {
                self.unreadable.push(Unreadable { source, reason: finding.message.clone() });
            }
        }
    }

    /// All rules.
    pub fn total(&self) -> usize {
        self.exact + self.lossy + self.refused
    }
}

/// Bytes of the folders that two folders have in common, each with `/` at its end.
fn shared(one: &str, other: &str) -> usize {
    let folders = one.split_inclusive('/').zip(other.split_inclusive('/'));
    folders.take_while(|(a, b)| a == b).map(|(a, _)| a.len()).sum()
}

/// Counts a rule once for each name, with the words of its first occurrence.
fn count<'w>(
    counts: &mut BTreeMap<&'static str, Reason>,
    unit: &Unit,
    reasons: impl Iterator<Item = (&'static str, &'w str)>,
) {
    let mut seen = Vec::new();
    for (name, words) in reasons {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let reason = counts.entry(name).or_default();
        reason.meaning = reasons::meaning(name).unwrap_or_default();
        reason.rules.push(Named {
            source: unit.source.clone(),
            title: unit.title.clone(),
            reason: words.to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn folders_are_shared_whole() {
        assert_eq!(shared("rules/aws/", "rules/azure/"), "rules/".len());
        assert_eq!(shared("rules/", "rules/"), "rules/".len());
        assert_eq!(shared("/a/", "/b/"), 1);
        assert_eq!(shared("", "rules/"), 0);
    }
}

//! How a run went, counted by reason.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::Unit;
use crate::target::reasons;

/// Most rules that are named for one reason.
const NAMED: usize = 3;

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
    /// Lossy rules by the name of the loss; a rule may have several.
    pub losses: BTreeMap<&'static str, Reason>,
    /// Refused rules by the name of the reason.
    pub refusals: BTreeMap<&'static str, Reason>,
    /// Exact and lossy rules by the assumptions that they lean on.
    pub assumptions: BTreeMap<&'static str, Reason>,
}

/// Rules that have something in common.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reason {
    /// How many.
    pub rules: usize,
    /// The first of them: file and words.
    pub examples: Vec<(String, String)>,
}

impl Report {
    /// An empty report.
    pub fn new(to: &str) -> Self {
        Self { to: to.to_owned(), ..Self::default() }
    }

    /// Counts a rule.
    pub fn add(&mut self, unit: &Unit) {
        match &unit.result {
            Ok(done) => {
                if done.losses.is_empty() {
                    self.exact += 1;
                } else {
                    self.lossy += 1;
                }
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

    /// All rules.
    pub fn total(&self) -> usize {
        self.exact + self.lossy + self.refused
    }

    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# Conversion to {}\n\n", self.to);
        out.push_str("| rules | exact | lossy | refused |\n|---:|---:|---:|---:|\n");
        let Report { exact, lossy, refused, .. } = self;
        let _ = writeln!(out, "| {} | {exact} | {lossy} | {refused} |", self.total());
        section(&mut out, "Lossy, by reason", &self.losses);
        section(&mut out, "Refused, by reason", &self.refusals);
        section(&mut out, "Assumptions", &self.assumptions);
        out
    }
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
        reason.rules += 1;
        if reason.examples.len() < NAMED {
            reason.examples.push((unit.source.clone(), words.to_owned()));
        }
    }
}

fn section(out: &mut String, title: &str, reasons: &BTreeMap<&'static str, Reason>) {
    if reasons.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "\n## {title}\n\n| reason | rules | meaning | for example |\n|---|---:|---|---|\n"
    );
    let mut rows: Vec<_> = reasons.iter().collect();
    rows.sort_by_key(|(name, reason)| (std::cmp::Reverse(reason.rules), **name));
    for (name, reason) in rows {
        let meaning = reasons::meaning(name).unwrap_or_default();
        let example = reason.examples.first().map(|(file, words)| format!("{words} ({file})"));
        let example = cell(&example.unwrap_or_default());
        let _ = writeln!(out, "| `{name}` | {} | {} | {example} |", reason.rules, cell(meaning));
    }
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ")
}

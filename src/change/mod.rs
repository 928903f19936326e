//! What a change to rules does to detection.
//!
//! Rules of two versions of a rule set are [paired](pairs); of each pair the expressions are
//! compared by proof, with an event for every difference, and everything else value by value.

mod deciding;
mod git;
mod metadata;
mod pair;
mod platform;
mod report;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value as Json;

use crate::proof::{Comparison, Limits, Relation};
use crate::relate::{Related, compare, counting, of_rule};
use crate::rule::{Logic, Rule, RuleSet};
use crate::source::Spanned;

pub use git::{GitError, read as read_revision};
pub use metadata::{Edit, edits};
pub use pair::{Pair, pairs};
pub use platform::OnPlatform;
pub use report::{markdown, text};

use deciding::beyond_events;
use platform::platforms;

/// What became of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleChange {
    /// The title, the new one if it changed.
    pub title: String,
    /// The file that it stands in, or stood in.
    pub file: String,
    /// What it detects now, compared with before.
    pub detection: Detection,
    /// What platforms detect now that have a condition of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<OnPlatform>,
    /// What else changed.
    pub edits: Vec<Edit>,
}

/// What a change does to the events that a rule matches.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detection {
    /// The rule is new.
    Added,
    /// The rule is gone.
    Removed,
    /// It matches the same events.
    Same,
    /// It does not, or that could not be told.
    Changed(Box<Comparison>),
    /// It matches the same events, and something beside them decides over alerts in another way.
    Beside {
        /// What, in words.
        reasons: Vec<String>,
    },
    /// It cannot be compared.
    Unknown {
        /// Why, in words.
        reasons: Vec<String>,
    },
}

impl RuleChange {
    /// Whether anything is to be said of the rule.
    pub fn is_change(&self) -> bool {
        self.is_other() || !self.edits.is_empty()
    }

    /// Whether anything else is detected than before, by the rule or on a platform.
    pub fn is_other(&self) -> bool {
        !matches!(self.detection, Detection::Same) || !self.platforms.is_empty()
    }
}

/// Everything that differs between two versions of a rule set, in the order of the new one. Rules
/// that did not change are left out.
pub fn changes(old: &RuleSet, new: &RuleSet, limits: &Limits) -> Vec<RuleChange> {
    among(&pairs(old, new), old, new, limits)
}

/// The same for two versions of one file: if each holds one rule, these are the versions of it,
/// whatever they are called.
pub fn changes_of_file(old: &RuleSet, new: &RuleSet, limits: &Limits) -> Vec<RuleChange> {
    match (sole(old), sole(new)) {
        (before @ Some(_), after @ Some(_)) => {
            among(&[Pair { old: before, new: after }], old, new, limits)
        }
        _ => changes(old, new, limits),
    }
}

/// The only rule of a set that raises alerts.
fn sole(set: &RuleSet) -> Option<&Rule> {
    let mut alerting = set.rules().filter(|rule| set.raises_alerts(rule));
    alerting.next().filter(|_| alerting.next().is_none())
}

fn among(pairs: &[Pair<'_>], old: &RuleSet, new: &RuleSet, limits: &Limits) -> Vec<RuleChange> {
    pairs
        .par_iter()
        .filter_map(|pair| one(old, new, pair, limits))
        .filter(RuleChange::is_change)
        .collect()
}

fn one(old: &RuleSet, new: &RuleSet, pair: &Pair<'_>, limits: &Limits) -> Option<RuleChange> {
    let shown = pair.new.or(pair.old)?;
    let (detection, platforms, edits) = match (pair.old, pair.new) {
        (Some(before), Some(after)) => {
            let mut edits = edits(before, after);
            edits.extend(logs(before, after));
            edits.extend(counts(old, before, new, after));
            let detection = match detection(old, before, new, after, limits) {
                Detection::Same => beyond_events(&edits, after),
                other => other,
            };
            (detection, platforms(old, before, new, after, limits), edits)
        }
        (None, _) => (Detection::Added, Vec::new(), Vec::new()),
        (_, None) => (Detection::Removed, Vec::new(), Vec::new()),
    };
    let file = shown.source.name().to_owned();
    Some(RuleChange { title: shown.header.title.clone(), file, detection, platforms, edits })
}

fn detection(
    old: &RuleSet,
    before: &Rule,
    new: &RuleSet,
    after: &Rule,
    limits: &Limits,
) -> Detection {
    let related = of_rule(old, before).and_then(|left| {
        let right = of_rule(new, after)?;
        // Most rules of a set stay as they are, and what is written alike needs no proof.
        let is_same = (&left.expr, &left.logsource, &left.beyond.reads, &before.header.taxonomy)
            == (&right.expr, &right.logsource, &right.beyond.reads, &after.header.taxonomy);
        if is_same { Ok(None) } else { compare(&left, &right, None, limits).map(Some) }
    });
    match related {
        Ok(None) => Detection::Same,
        Ok(Some(related)) => of_related(related),
        // What stands in a platform's own language, word for word the same, is the same.
        Err(_) if same_logic(before, after) => match changed_members(old, before, new, limits) {
            reasons if reasons.is_empty() => Detection::Same,
            reasons => Detection::Unknown { reasons },
        },
        Err(unrelated) => Detection::Unknown { reasons: unrelated.0 },
    }
}

/// How a rule counts is compared as its values are, so here only the events.
fn of_related(related: Related) -> Detection {
    match related.comparison.relation {
        Relation::Equal => Detection::Same,
        _ => Detection::Changed(Box::new(related.comparison)),
    }
}

/// Which rules that a correlation is about detect something else than before.
fn changed_members(old: &RuleSet, rule: &Rule, new: &RuleSet, limits: &Limits) -> Vec<String> {
    let Logic::Correlation(correlation) = &rule.logic else { return Vec::new() };
    let is_other = |name: &&Spanned<String>| match (old.find(name), new.find(name)) {
        // A correlation over correlations has no meaning, so this ends.
        (Some(before), Some(after)) if !matches!(before.logic, Logic::Correlation(_)) => {
            !matches!(detection(old, before, new, after, limits), Detection::Same)
        }
        (Some(_), Some(_)) | (None, None) => false,
        _ => true,
    };
    let others = correlation.rules.iter().filter(is_other);
    others.map(|name| format!("the rule `{}`, which it relates, changed", name.value)).collect()
}

fn same_logic(before: &Rule, after: &Rule) -> bool {
    let logic = |rule: &Rule| serde_json::to_value(&rule.logic).ok();
    logic(before) == logic(after)
}

/// The log source, which is part of what is detected.
fn logs(before: &Rule, after: &Rule) -> Vec<Edit> {
    let of = |rule: &Rule| serde_json::to_value(rule.logic.logsource()).unwrap_or_default();
    metadata::between("logsource", &of(before), &of(after))
}

/// How a rule counts the events that it matches, which a comparison of expressions does not see.
fn counts(old: &RuleSet, before: &Rule, new: &RuleSet, after: &Rule) -> Vec<Edit> {
    let of = |set, rule| Json::Object(counting(set, rule));
    metadata::between("counting", &of(old, before), &of(new, after))
}

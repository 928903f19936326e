//! Two rules with one title.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::rule::RuleSet;
use crate::source::Place;

code! {
    /// a title is used by two rules
    ///
    /// The title is what people see in lists of alerts and rules. They cannot tell the two apart.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// ---
    /// title: Root user signed in
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// ---
    /// title: Root user signed in without MFA
    /// ```
    DUPLICATE_TITLE = "duplicate-title", Warning;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_TITLE, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    let mut first: HashMap<String, Place> = HashMap::new();
    for rule in set.rules() {
        let title = rule.header.title.trim().to_lowercase();
        if title.is_empty() {
            continue;
        }
        let place = Place::new(&rule.source, rule.header.title_span);
        match first.entry(title) {
            Entry::Vacant(entry) => {
                entry.insert(place);
            }
            Entry::Occupied(entry) => {
                let message = "another rule has this title";
                let mut finding = Finding::new(&DUPLICATE_TITLE, place, message);
                finding
                    .related(entry.get().clone(), "first used here")
                    .help("let each title say what only this rule detects");
                findings.push(finding);
            }
        }
    }
}

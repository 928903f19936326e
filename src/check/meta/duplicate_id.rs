//! Two rules with one id.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::rule::RuleSet;
use crate::source::Place;

code! {
    /// an id is used by two rules
    ///
    /// Platforms address rules by their id: importing the second rule overwrites the first.
    ///
    /// Bad:
    /// ```yaml
    /// title: Root user signed in
    /// id: 4b692c01-6860-436c-837b-02de65495da1
    /// ---
    /// title: Root user signed in without MFA
    /// id: 4b692c01-6860-436c-837b-02de65495da1
    /// ```
    /// Good:
    /// ```yaml
    /// title: Root user signed in
    /// id: 4b692c01-6860-436c-837b-02de65495da1
    /// ---
    /// title: Root user signed in without MFA
    /// id: 188e15de-409e-4a66-ba81-ac67cdb51a5e
    /// ```
    DUPLICATE_ID = "duplicate-id", Error;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_ID, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    let mut first = HashMap::new();
    for rule in set.rules() {
        let Some(id) = &rule.header.id else { continue };
        let place = Place::new(&rule.source, id.span);
        match first.entry(id.value) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(place);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let message = format!("the id `{}` belongs to another rule", id.value);
                let mut finding = Finding::new(&DUPLICATE_ID, place, message);
                finding
                    .related(entry.get().clone(), "first used here")
                    .help("give one of the two a new UUID");
                findings.push(finding);
            }
        }
    }
}

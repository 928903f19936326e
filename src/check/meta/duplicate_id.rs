//! Two rules with one id.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

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
    let mut first: HashMap<Uuid, Place> = HashMap::new();
    for rule in set.rules() {
        let own = rule.header.id.as_ref().map(|id| (id.value, id.span));
        // Kibana knows the rule by this id instead.
        let kibana = rule.sections.elastic.rule_id.as_ref().map(|id| (id.value, id.span));
        let kibana = kibana.filter(|(id, _)| own.is_none_or(|(own, _)| own != *id));
        for (id, span) in own.into_iter().chain(kibana) {
            let place = Place::new(&rule.source, span);
            match first.entry(id) {
                Entry::Vacant(entry) => {
                    entry.insert(place);
                }
                Entry::Occupied(entry) => {
                    let message = format!("the id `{id}` belongs to another rule");
                    let mut finding = Finding::new(&DUPLICATE_ID, place, message);
                    finding
                        .related(entry.get().clone(), "first used here")
                        .help("give one of the two a new UUID");
                    findings.push(finding);
                }
            }
        }
    }
}

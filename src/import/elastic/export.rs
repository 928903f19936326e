//! What an export of rules holds beside them: exception lists with their items, connectors, and a
//! last line that counts it all.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::diagnostic::{Findings, Severity};
use crate::import::codes::IMPORT_BESIDE;
use crate::import::foreign::Foreign;
use crate::import::tell::tell;
use crate::import::tree::Node;

/// Most that documents may take up beside the rules that name them: one list may be named by
/// thousands of rules.
const MAX_KEPT_BYTES: usize = 16 << 20;

/// What the documents of a file were found to be.
#[derive(Default)]
pub(super) struct Export {
    pub(super) rules: Vec<Foreign>,
    pub(super) connectors: Vec<Node>,
    lists: Vec<Node>,
    items: Vec<Node>,
    summaries: Vec<Node>,
}

/// Members of a summary that say how many documents of a kind there are.
const COUNTED: &[(&str, &str)] = &[
    ("exported_rules_count", "rules"),
    ("exported_exception_list_count", "exception lists"),
    ("exported_exception_list_item_count", "exception items"),
    ("exported_action_connector_count", "connectors"),
];

/// Members of a summary that say what should have been exported and was not.
const MISSING: &[(&str, &str)] = &[
    ("missing_rules_count", "rules"),
    ("missing_exception_lists_count", "exception lists"),
    ("missing_exception_list_items_count", "exception items"),
    ("missing_action_connection_count", "connectors"),
    ("excluded_action_connection_count", "connectors that the exporter may not see"),
];

impl Export {
    /// Takes a document that is a part of an export and no rule.
    pub(super) fn takes(&mut self, document: &Node) -> bool {
        let has = |name| document.get(name).is_some();
        let place = if COUNTED.iter().any(|(name, _)| has(name)) || has("exported_count") {
            &mut self.summaries
        } else if has("list_id") && has("item_id") {
            &mut self.items
        } else if has("list_id") && !has("risk_score") {
            &mut self.lists
        } else {
            return false;
        };
        place.push(document.clone());
        true
    }

    /// The rules, each with the exceptions and connectors that it names.
    pub(super) fn finish(mut self, findings: &mut Findings) -> Vec<Foreign> {
        self.count(findings);
        let mut rules = std::mem::take(&mut self.rules);
        let mut room = MAX_KEPT_BYTES;
        for (kind, documents) in KINDS.iter().zip([&self.lists, &self.items, &self.connectors]) {
            let users = kind.users(&rules);
            for document in documents {
                let id = document.text_of(kind.id).unwrap_or_default();
                let users = users.get(id).map(Vec::as_slice).unwrap_or_default();
                let size = document.span.len().saturating_mul(users.len());
                let is_kept = size <= room;
                if is_kept {
                    room -= size;
                    users.iter().for_each(|user| kind.keep(document, rules.get_mut(*user)));
                }
                kind.report(document, users.len(), is_kept, findings);
            }
        }
        rules
    }

    /// Holds the summary against what was read.
    fn count(&self, findings: &mut Findings) {
        let here = [self.rules.len(), self.lists.len(), self.items.len(), self.connectors.len()];
        let total = |name: &str| -> Option<u64> {
            let counts: Vec<u64> =
                self.summaries.iter().filter_map(|summary| summary.get(name)?.count()).collect();
            (!counts.is_empty()).then(|| counts.iter().fold(0_u64, |sum, n| sum.saturating_add(*n)))
        };
        let Some(summary) = self.summaries.last() else { return };
        for ((name, noun), here) in COUNTED.iter().zip(here) {
            if let Some(told) = total(name).filter(|told| *told != here as u64) {
                let message = format!("the export counts {told} {noun}, and this file has {here}");
                findings.add(&IMPORT_BESIDE, summary.span, message);
            }
        }
        for (name, noun) in MISSING {
            if let Some(missing) = total(name).filter(|missing| *missing > 0) {
                let message = format!("the export says that {missing} {noun} are missing in it");
                findings.add(&IMPORT_BESIDE, summary.span, message);
            }
        }
    }
}

/// A kind of documents that rules name.
struct Named {
    /// What people call it.
    noun: &'static str,
    /// The document's own member that rules name it by.
    id: &'static str,
    /// The member of a rule that holds the names.
    names: &'static str,
    /// Where documents are kept beside a rule.
    kept: &'static str,
    /// How bad it is that they are no part of the rule: exceptions change what it reports.
    severity: Severity,
}

const KINDS: &[Named] = &[
    Named {
        noun: "exception list",
        id: "list_id",
        names: "exceptions_list",
        kept: "exception_lists",
        severity: Severity::Warning,
    },
    Named {
        noun: "exception",
        id: "list_id",
        names: "exceptions_list",
        kept: "exception_items",
        severity: Severity::Warning,
    },
    Named {
        noun: "connector",
        id: "id",
        names: "actions",
        kept: "action_connectors",
        severity: Severity::Note,
    },
];

impl Named {
    /// The rules, by index, that name each document.
    fn users(&self, rules: &[Foreign]) -> HashMap<String, Vec<usize>> {
        let mut users: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, rule) in rules.iter().enumerate() {
            let names = rule.body.get(self.names).and_then(Json::as_array);
            let ids = names.into_iter().flatten().filter_map(|name| name.get(self.id)?.as_str());
            for id in ids {
                let users = users.entry(id.to_owned()).or_default();
                if users.last() != Some(&index) {
                    users.push(index);
                }
            }
        }
        users
    }

    fn keep(&self, document: &Node, rule: Option<&mut Foreign>) {
        let Some(rule) = rule else { return };
        let kept = rule.beside.other.entry(self.kept).or_insert(Json::Array(Vec::new()));
        if let Json::Array(kept) = kept {
            kept.push(document.to_json());
        }
    }

    fn report(&self, document: &Node, users: usize, is_kept: bool, findings: &mut Findings) {
        let name = document.text_of("name").or(document.text_of(self.id)).unwrap_or_default();
        let noun = self.noun;
        let (message, severity) = match users {
            0 => {
                let message =
                    format!("no rule of this file names the {noun} `{name}`: it is left out");
                (message, Severity::Warning)
            }
            _ if is_kept => {
                let rules = if users == 1 { "rule that names" } else { "rules that name" };
                let message = format!("the {noun} `{name}` is kept beside the {users} {rules} it");
                (message, self.severity)
            }
            _ => {
                let message = format!(
                    "the {noun} `{name}` is left out: beside all {users} rules that name it, the \
                     file would grow beyond {} MiB",
                    MAX_KEPT_BYTES >> 20
                );
                (message, Severity::Warning)
            }
        };
        if let Some(finding) = tell(findings, &IMPORT_BESIDE, document.span, message) {
            finding.severity = severity;
        }
    }
}

//! A canonical document in the making.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::config::ElasticDefaults;
use crate::diagnostic::{Finding, apply};
use crate::format::format;
use crate::rule::{Header, Rule, RuleFile, RuleSet, codes, write_rule};
use crate::source::SourceFile;
use crate::target::{Request, Unknown};

/// Documents of one rule file with remarks for whoever reads it.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// Further documents that the rule builds on; they come first.
    pub(super) before: Vec<Map<String, Json>>,
    /// The rule. The order of its keys is the formatter's business.
    pub(super) rule: Map<String, Json>,
    /// What the rule could not say, one remark each; comments at the top of the file.
    pub(super) remarks: Vec<String>,
}

/// Sets a key unless there is nothing to say.
pub(super) fn set(map: &mut Map<String, Json>, key: &str, value: impl Serialize) {
    match serde_json::to_value(value) {
        Ok(Json::Null) | Err(_) => {}
        Ok(Json::Array(list)) if list.is_empty() => {}
        Ok(Json::Object(object)) if object.is_empty() => {}
        Ok(value) => {
            map.insert(key.to_owned(), value);
        }
    }
}

impl Draft {
    /// Sets a key of the rule unless there is nothing to say.
    pub(super) fn set(&mut self, key: &str, value: impl Serialize) {
        set(&mut self.rule, key, value);
    }

    /// Sets a key of one of the rule's sections unless there is nothing to say.
    pub(super) fn set_in(&mut self, section: &str, key: &str, value: impl Serialize) {
        let mut inner = match self.rule.shift_remove(section) {
            Some(Json::Object(inner)) => inner,
            _ => Map::new(),
        };
        set(&mut inner, key, value);
        self.set(section, inner);
    }

    /// Takes a key of one of the rule's sections away.
    pub(super) fn unset_in(&mut self, section: &str, key: &str) {
        if let Some(Json::Object(inner)) = self.rule.get_mut(section) {
            inner.shift_remove(key);
        }
    }

    /// Sets a section's patch, also an empty one: it tells that the section brings the logic.
    pub(super) fn patch(&mut self, section: &str, patch: Map<String, Json>) {
        let inner = self.rule.entry(section).or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(inner) = inner {
            inner.insert("patch".to_owned(), Json::Object(patch));
        }
    }

    /// Puts the tags in the order of `order`, each once, once they are of the shipped version of
    /// ATT&CK. What `order` does not know comes last.
    pub(super) fn settle_attack(&mut self, order: impl FnOnce(&Header) -> Option<Vec<String>>) {
        let settled = self.read(|request| {
            let header = &request.rule.header;
            let own = header.tags.iter().map(|tag| tag.value.clone());
            let mut tags: Vec<String> = Vec::new();
            for tag in order(header).unwrap_or_default().into_iter().chain(own) {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            tags
        });
        if let Some(tags) = settled {
            self.set("tags", tags);
        }
    }

    /// All documents in one line each, in the order of their keys: equal if nothing differs.
    pub(super) fn documents(&self) -> Vec<String> {
        let documents = self.before.iter().chain(std::iter::once(&self.rule));
        documents.map(|document| Json::Object(document.clone()).to_string()).collect()
    }

    /// The text as it is now, in Crosswalk's style, with ATT&CK ids of the shipped version; and what
    /// the reader of rules says of it.
    pub(super) fn text(&self) -> (String, Vec<Finding>) {
        let remarks = self.remarks.iter().flat_map(|remark| remark.lines());
        let remarks = remarks.map(|line| format!("# {line}\n"));
        let Migrated { text, findings, .. } = migrated(remarks.chain([self.plain()]).collect());
        (format(&SourceFile::new("draft", text.as_str())).unwrap_or(text), findings)
    }

    /// The documents as they come.
    fn plain(&self) -> String {
        let documents = self.before.iter().chain(std::iter::once(&self.rule));
        let documents = documents.map(|document| write_rule(&Json::Object(document.clone())));
        documents.collect::<Vec<_>>().join("---\n")
    }

    /// The rule as the reader of rules sees it, with what a target needs to see; `None` if it does
    /// not read. In which style it is written makes no difference.
    pub(super) fn read<T>(&self, f: impl FnOnce(&Request<'_>) -> T) -> Option<T> {
        let set = RuleSet::of(vec![migrated(self.plain()).file]);
        let rule: &Rule = set.rules().last()?;
        let elastic = ElasticDefaults::default();
        Some(f(&Request {
            rule,
            set: &set,
            name: "draft",
            elastic: &elastic,
            unknown: Unknown::Refuse,
        }))
    }
}

/// A text of rules, and what the reader makes of it.
pub(in crate::import) struct Migrated {
    pub(in crate::import) text: String,
    pub(in crate::import) file: RuleFile,
    pub(in crate::import) findings: Vec<Finding>,
}

/// The text with the fixes that the reader offers for ATT&CK ids that were revoked.
pub(in crate::import) fn migrated(mut text: String) -> Migrated {
    // A former tactic waits for its techniques, so there may be two rounds; one more to be safe.
    let mut rounds = 0..3;
    loop {
        let (file, findings) = RuleFile::parse("draft.yml", &text);
        let revoked = findings.iter().filter(|finding| finding.code == &codes::REVOKED_ATTACK);
        match apply(&text, revoked) {
            Some((fixed, _)) if rounds.next().is_some() => text = fixed,
            _ => return Migrated { text, file, findings },
        }
    }
}

/// The id of a rule that has none of its own: the same for the same words, on every machine
/// (a UUID of version 8, made of the words' SHA-256).
pub(super) fn derived_id(words: &str) -> Uuid {
    let digest = Sha256::digest(words.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// A file name for a title, as SigmaHQ writes them: `aws_ec2_security_group_changed`.
pub(in crate::import) fn file_stem(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut stem = String::new();
    for word in words {
        if stem.len() + word.len() > MAX_STEM {
            break;
        }
        if !stem.is_empty() {
            stem.push('_');
        }
        stem.push_str(word);
    }
    if stem.is_empty() { "rule".to_owned() } else { stem }
}

/// Longest file name, in characters.
const MAX_STEM: usize = 80;

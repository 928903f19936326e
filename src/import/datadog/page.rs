//! A page of Datadog's documentation of a default rule, in the form that `site::datadog_page`
//! writes (`content/en/security/default_rules` of `DataDog/documentation`, 2022 and 2023).
//!
//! The text below the front matter is the rule's message, letter by letter; the front matter holds
//! the rule's `key:value` tags among entries that every page has. A page shows no query.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::diagnostic::Findings;
use crate::import::{Beside, Foreign, Platform, codes};
use crate::source::{
    Entry, Kind, Mapping, Node, SourceFile, Span, YamlErrorKind, read_yaml, to_json,
};

/// Where the pages of default rules stand.
const ADDRESS: &str = "/security_monitoring/default_rules/";

/// How pages call the types of rules; the newest words first. `Cloud Security Management` stands
/// beside several of them and says nothing.
const CATEGORIES: &[(&str, &str)] = &[
    ("Cloud SIEM (Log Detection)", "log_detection"),
    ("Cloud SIEM (Signal Correlation)", "signal_correlation"),
    ("Workload Security", "workload_security"),
    ("Application Security", "application_security"),
    ("Posture Management (Cloud)", "cloud_configuration"),
    ("Posture Management (Infra)", "infrastructure_configuration"),
    ("Log Detection", "log_detection"),
    ("Cloud Configuration", "cloud_configuration"),
];

/// Entries that are the same on every page.
const CONSTANT: &[(&str, &str)] =
    &[("disable_edit", "true"), ("kind", "documentation"), ("type", "security_rules")];

/// Whether a text with front matter looks like a page of a rule.
pub(super) fn is_page(text: &str) -> bool {
    split(text).is_some_and(|(front, ..)| {
        front.lines().any(|line| line == "type: security_rules" || line == "rule_category:")
    })
}

/// The front matter with its place, and the text below it.
fn split(text: &str) -> Option<(&str, usize, &str)> {
    let start = text.find('\n')? + 1;
    if text[..start].trim_end() != "---" {
        return None;
    }
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((&text[start..at], start, &text[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// Reads the page of a rule.
pub(in crate::import) fn page(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Foreign> {
    let blank = source.text().len() - source.text().trim_start().len();
    let text = &source.text()[blank..];
    let Some((front, start, below)) = split(text) else {
        let message = "the front matter of this page has no end";
        findings.add(&codes::IMPORT_SYNTAX, Span::new(blank, blank + 3), message);
        return Vec::new();
    };
    let offset = blank + start;
    let (documents, errors) = read_yaml(front);
    for error in &errors {
        let finding =
            findings.add(&codes::IMPORT_SYNTAX, error.span.shifted(offset), error.kind.message());
        if let YamlErrorKind::Syntax { help: Some(help), .. } = &error.kind {
            finding.help(*help);
        }
    }
    let Some(entries) = documents.first().and_then(Node::as_mapping) else {
        if errors.is_empty() {
            let span = Span::new(offset, offset + front.len());
            findings.add(&codes::IMPORT_SYNTAX, span, "front matter must be a mapping");
        }
        return Vec::new();
    };
    let span = Span::new(blank, source.text().trim_end().len());
    let mut page = Page { entries, offset, findings };
    let (body, beside) = page.read(below.trim());
    vec![Foreign { platform: Platform::Datadog, body, beside, span, query_start: None }]
}

struct Page<'p> {
    entries: &'p Mapping,
    /// Where the front matter begins.
    offset: usize,
    findings: &'p mut Findings,
}

impl Page<'_> {
    fn read(&mut self, message: &str) -> (Map<String, Json>, Beside) {
        let mut beside = Beside { without_query: true, ..Beside::default() };
        let mut body = Map::new();
        let mut tags = Vec::new();
        for entry in &self.entries.entries {
            let text = entry.value.as_scalar().map(|scalar| scalar.text.as_str());
            match (entry.key.value.as_str(), text) {
                ("title", Some(title)) => {
                    body.insert("name".to_owned(), title.into());
                }
                ("aliases", None) => self.aliases(&entry.value, &mut beside),
                ("rule_category", None) => {
                    let kind = self.category(entry);
                    body.extend(kind.map(|kind| ("type".to_owned(), kind.into())));
                }
                // Says again what the tags say; checked below.
                ("integration_id", Some(_)) => {}
                (key, Some(text)) if CONSTANT.contains(&(key, text)) => {}
                (key, Some(text)) if !is_own(key) => tags.push(format!("{key}:{text}")),
                (key, _) => {
                    let message = format!("`{key}` is not what pages of rules have there");
                    self.finding(entry.value.span, message);
                    beside.other.insert(key.to_owned(), to_json(&entry.value));
                }
            }
        }
        self.integration(&mut beside);
        if !body.contains_key("name") {
            let start = Span::new(0, 0);
            self.findings.add(
                &codes::IMPORT_SYNTAX,
                start.shifted(self.offset),
                "a page of a rule needs a `title`",
            );
        }
        body.insert("message".to_owned(), message.into());
        body.insert("tags".to_owned(), tags.into());
        (body, beside)
    }

    fn finding(&mut self, span: Span, message: String) {
        self.findings.add(&codes::IMPORT_FIELD, span.shifted(self.offset), message);
    }

    /// The id of the default rule stands alone; the page's address ends in id or slug.
    fn aliases(&mut self, node: &Node, beside: &mut Beside) {
        let Kind::Sequence(items) = &node.kind else { return };
        let texts = items.iter().filter_map(|item| item.as_scalar());
        let (addresses, plain): (Vec<_>, Vec<_>) =
            texts.map(|scalar| scalar.text.as_str()).partition(|text| text.starts_with('/'));
        beside.default_id = plain.first().map(|id| (*id).to_owned());
        let ends: Vec<&str> = addresses.iter().filter_map(|a| a.strip_prefix(ADDRESS)).collect();
        let slug = ends.iter().find(|end| Some(**end) != beside.default_id.as_deref());
        beside.slug = slug.map(|slug| (*slug).to_owned());
        let more = plain.len() > 1 || ends.len() < addresses.len() || ends.len() > 2;
        if more {
            beside.other.insert("aliases".to_owned(), to_json(node));
        }
    }

    fn category(&mut self, entry: &Entry) -> Option<&'static str> {
        let Kind::Sequence(items) = &entry.value.kind else { return None };
        let words = items.iter().filter_map(|item| item.as_scalar());
        let kinds = words.filter_map(|word| {
            CATEGORIES.iter().find(|(name, _)| *name == word.text).map(|(_, kind)| *kind)
        });
        let kind = kinds.into_iter().next();
        if kind.is_none() {
            let message = "no type of rules is known by these names".to_owned();
            self.finding(entry.value.span, message);
        }
        kind
    }

    /// The page's integration is the tag `scope`, or else `source`; another one is kept.
    fn integration(&mut self, beside: &mut Beside) {
        let text = |key: &str| Some(self.entries.get(key)?.as_scalar()?.text.as_str());
        let integration = text("integration_id");
        if integration.is_some() && integration != text("scope").or_else(|| text("source")) {
            let value = integration.unwrap_or_default().into();
            beside.other.insert("integration_id".to_owned(), value);
        }
    }
}

/// Whether an entry is the page's own, so that no tag is behind it.
fn is_own(key: &str) -> bool {
    let constant = CONSTANT.iter().map(|(name, _)| *name);
    ["title", "aliases", "rule_category", "integration_id"]
        .into_iter()
        .chain(constant)
        .any(|own| own == key)
}

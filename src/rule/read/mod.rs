//! From a file to typed documents.
//!
//! Nothing stops at the first fault: each section is read on its own, and a rule with findings is
//! still returned as far as it could be read, so that later checks see it too.

mod datadog;
mod elastic;
mod header;
mod logic;
mod section;
mod sections;
mod tags;

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Document, Filter, Logic, Rule, RuleFile, codes};
use crate::diagnostic::{Findings, closest};
use crate::source::{Node, SourceFile, Span, YamlError, YamlErrorKind, read_yaml};
use section::Section;

/// Most documents that one file may hold.
pub const MAX_DOCUMENTS: usize = 1000;

/// Reads every document of a file. The findings tell everything that is wrong with it.
pub fn read(source: &Arc<SourceFile>) -> (RuleFile, Findings) {
    let mut findings = Findings::new(source);
    let (documents, errors) = read_yaml(source.text());
    let usable = documents.len();
    errors.into_iter().for_each(|error| report(error, &mut findings));
    if usable == 0 && findings.is_empty() {
        findings.add(&codes::NOT_A_RULE, Span::default(), "this file is empty");
    }
    if let Some(extra) = documents.get(MAX_DOCUMENTS) {
        let message = format!("a file may hold {MAX_DOCUMENTS} documents");
        findings.add(&codes::YAML_LIMIT, extra.span, message);
    }
    if let Some(action) = documents.iter().find_map(legacy_action) {
        let message = "rule collections with `action` are not part of Sigma 2";
        findings.add(&codes::LEGACY_COLLECTION, action, message);
        return (RuleFile { source: Arc::clone(source), documents: Vec::new() }, findings);
    }
    let documents = documents.iter().take(MAX_DOCUMENTS);
    let documents = documents.filter_map(|node| document(node, &mut findings)).collect();
    (RuleFile { source: Arc::clone(source), documents }, findings)
}

/// Where a document says that it belongs to a collection of Sigma 1: its parts are no rules by
/// themselves, so none of the file can be read.
fn legacy_action(node: &Node) -> Option<Span> {
    let entry = node.as_mapping()?.entry("action")?;
    let action = entry.value.as_scalar()?;
    matches!(action.text.as_str(), "global" | "reset" | "repeat").then_some(entry.key.span)
}

fn report(error: YamlError, findings: &mut Findings) {
    match error.kind {
        YamlErrorKind::Syntax(message) => {
            findings.add(&codes::YAML_SYNTAX, error.span, message);
        }
        YamlErrorKind::DuplicateKey(key, first) => {
            let first = findings.place(first);
            findings
                .add(
                    &codes::DUPLICATE_KEY,
                    error.span,
                    format!("the key `{key}` stands here twice"),
                )
                .label("second time")
                .related(first, "first time");
        }
        YamlErrorKind::ComplexKey => {
            findings.add(&codes::COMPLEX_KEY, error.span, "a key must be a text");
        }
        YamlErrorKind::Limit(what) => {
            findings.add(
                &codes::YAML_LIMIT,
                error.span,
                format!("the limit for {what} is reached here"),
            );
        }
    }
}

fn document(node: &Node, findings: &mut Findings) -> Option<Document> {
    let Some(mapping) = node.as_mapping() else {
        let message = format!("a rule is a mapping, not {}", node.noun());
        findings.add(&codes::NOT_A_RULE, node.span, message);
        return None;
    };
    let section = Section::new(node, "rule", findings)?;
    if mapping.get("filter").is_some() {
        return filter(section, findings).map(|filter| Document::Filter(Box::new(filter)));
    }
    rule(section, findings).map(|rule| Document::Rule(Box::new(rule)))
}

fn rule(section: Section<'_>, findings: &mut Findings) -> Option<Rule> {
    let header = header::read(&section, findings);
    let logic = match section.get("correlation") {
        Some(node) => logic::correlation(node, findings).map(Logic::Correlation),
        None => logic::detection(&section, findings),
    };
    let sections = sections::read(&section, findings);
    let custom = custom(&section, findings);
    if let Some(Logic::Detection { detection, .. }) = &logic
        && let Some(node) = section.get("detection")
    {
        logic::validate(detection, &sections, node, findings);
    }
    let source = Arc::clone(findings.source());
    Some(Rule { source, span: section.span, header, logic: logic?, sections, custom })
}

fn filter(section: Section<'_>, findings: &mut Findings) -> Option<Filter> {
    let header = header::read(&section, findings);
    let span = section.span;
    let filter = logic::filter(&section, header, span, findings);
    custom(&section, findings);
    filter
}

/// Top-level keys that nobody knows. Sigma allows them; near misses are pointed out.
fn custom(section: &Section<'_>, findings: &mut Findings) -> IndexMap<String, serde_json::Value> {
    for entry in section.unknown() {
        if let Some(near) = closest(&entry.key, KNOWN.iter().copied()) {
            let message = format!("`{}` is no known key of a rule", entry.key.value);
            findings
                .add(&codes::MISSPELT_KEY, entry.key.span, message)
                .help(format!("did you mean `{near}`?"));
        }
    }
    section::rest(section)
}

/// Keys at the top of a document, for suggestions.
const KNOWN: &[&str] = &[
    "title",
    "id",
    "name",
    "related",
    "taxonomy",
    "status",
    "description",
    "license",
    "author",
    "references",
    "date",
    "modified",
    "tags",
    "logsource",
    "detection",
    "correlation",
    "filter",
    "fields",
    "falsepositives",
    "scope",
    "level",
    "controls",
    "strategy",
    "triage",
    "new_value",
    "elastic",
    "datadog",
    "tests",
    "changelog",
];

//! From a file to typed documents.
//!
//! Nothing stops at the first fault: each section is read on its own, and a rule with findings is
//! still returned as far as it could be read, so that later checks see it too.

mod correlation;
mod datadog;
mod elastic;
mod filter;
mod header;
mod logic;
pub(super) mod section;
mod sections;
mod tags;

use std::sync::Arc;

use indexmap::IndexMap;

use super::{Document, Filter, Logic, Rule, RuleFile, codes};
use crate::diagnostic::{Findings, closest};
use crate::source::{Node, SourceFile, Span, YamlError, YamlErrorKind, read_yaml};
pub use elastic::is_date_math;
use section::Section;

/// Most documents that one file may hold.
pub const MAX_DOCUMENTS: usize = 1000;

/// Most findings that one file may have.
const MAX_FINDINGS: usize = 1000;

/// Reads every document of a file. The findings tell everything that is wrong with it.
pub fn read(source: &Arc<SourceFile>) -> (RuleFile, Findings) {
    let mut findings = Findings::new(source);
    let documents = documents(source, &mut findings);
    findings.limit(MAX_FINDINGS, &codes::TOO_MANY_FINDINGS);
    (RuleFile { source: Arc::clone(source), documents }, findings)
}

fn documents(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Document> {
    let (mut documents, errors) = read_yaml(source.text());
    errors.iter().for_each(|error| report(error, findings));
    // What stands between two `---` may be nothing, as after a last one.
    documents.retain(|node| !node.span.is_empty());
    if documents.is_empty() && findings.is_empty() {
        findings.add(&codes::NOT_A_RULE, Span::default(), "this file is empty");
    }
    if let Some(extra) = documents.get(MAX_DOCUMENTS) {
        let message = format!("a file may hold {MAX_DOCUMENTS} documents");
        findings.add(&codes::YAML_LIMIT, extra.span, message);
    }
    if let Some(action) = documents.iter().find_map(legacy_action) {
        let message = "rule collections with `action` are not part of Sigma 2";
        findings.add(&codes::LEGACY_COLLECTION, action, message);
        return Vec::new();
    }
    let documents = documents.iter().take(MAX_DOCUMENTS);
    documents.filter_map(|node| document(node, findings)).collect()
}

/// Where a document says that it belongs to a collection of Sigma 1: its parts are no rules by
/// themselves, so none of the file can be read.
fn legacy_action(node: &Node) -> Option<Span> {
    let entry = node.as_mapping()?.entry("action")?;
    let action = entry.value.as_scalar()?;
    matches!(action.text.as_str(), "global" | "reset" | "repeat").then_some(entry.key.span)
}

fn report(error: &YamlError, findings: &mut Findings) {
    let code = match error.kind {
        YamlErrorKind::Syntax { .. } => &codes::YAML_SYNTAX,
        YamlErrorKind::DuplicateKey(..) => &codes::DUPLICATE_KEY,
        YamlErrorKind::ComplexKey => &codes::COMPLEX_KEY,
        YamlErrorKind::MergeKey => &codes::MERGE_KEY,
        YamlErrorKind::TooDeep | YamlErrorKind::TooMany => &codes::YAML_LIMIT,
    };
    let first = match error.kind {
        YamlErrorKind::DuplicateKey(_, first) => Some(findings.place(first)),
        _ => None,
    };
    let finding = findings.add(code, error.span, error.kind.message());
    if let Some(first) = first {
        finding.label("second time").related(first, "first time");
    }
    if let Some(help) = error.kind.help() {
        finding.help(help);
    }
}

/// One of these makes a document one of Sigma's.
const MARKS: &[&str] = &["title", "logsource", "detection", "correlation", "filter"];

fn document(node: &Node, findings: &mut Findings) -> Option<Document> {
    let Some(mapping) = node.as_mapping() else {
        let message = format!("a rule is a mapping, not {}", node.noun());
        findings.add(&codes::NOT_A_RULE, node.span, message);
        return None;
    };
    if MARKS.iter().all(|key| mapping.get(key).is_none()) {
        let message = "this document is no rule, correlation or filter";
        findings
            .add(&codes::NOT_A_RULE, node.span, message)
            .help("a rule has `title`, `logsource` and `detection`");
        return None;
    }
    let kind = ["filter", "correlation"].into_iter().find(|key| mapping.get(key).is_some());
    let section = Section::named(node, format!("a {}", kind.unwrap_or("rule")), findings)?;
    match section.get("filter") {
        Some(node) => filter(&section, node, findings).map(|one| Document::Filter(Box::new(one))),
        None => rule(&section, findings).map(|rule| Document::Rule(Box::new(rule))),
    }
}

fn rule(section: &Section<'_>, findings: &mut Findings) -> Option<Rule> {
    let header = header::read(section, findings);
    let correlation = section.get("correlation");
    let logic = match correlation {
        Some(node) => correlation::read(section, node, findings).map(Logic::Correlation),
        None => logic::logic(section, findings),
    };
    let sections = sections::read(section, findings);
    if correlation.is_some() {
        correlation::foreign(section, &sections, findings);
    } else if let Some(Logic::Detection { detection, .. }) = &logic
        && let Some(node) = section.get("detection")
    {
        logic::validate(detection, &sections, node, section.span, findings);
    }
    let custom = custom(section, findings);
    let source = Arc::clone(findings.source());
    Some(Rule { source, span: section.span, header, logic: logic?, sections, custom })
}

fn filter(section: &Section<'_>, node: &Node, findings: &mut Findings) -> Option<Filter> {
    let header = header::read(section, findings);
    let filter = filter::read(section, node, header, findings);
    custom(section, findings);
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

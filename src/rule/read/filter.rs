//! Filters (Sigma filters specification 2.1): rules, selections and one condition.

use super::logic;
use super::section::{Section, text_of};
use crate::diagnostic::Findings;
use crate::language::sigma;
use crate::rule::{Filter, Header, codes};
use crate::source::{Kind, Node, Spanned};

/// Keys of rules that say nothing in a filter.
const FOREIGN: &[&str] = &[
    "detection",
    "correlation",
    "controls",
    "strategy",
    "triage",
    "new_value",
    "elastic",
    "datadog",
    "tests",
    "changelog",
];

/// The keys of the section `filter:` that are no selections.
const SKIP: &[&str] = &["rules"];

/// Reads a filter document, whose section `filter:` is `node`.
pub(super) fn read(
    document: &Section<'_>,
    node: &Node,
    header: Header,
    findings: &mut Findings,
) -> Option<Filter> {
    for entry in FOREIGN.iter().filter_map(|key| document.entry(key)) {
        let message = format!("a filter has no `{}`", entry.key.value);
        findings.add(&codes::UNKNOWN_KEY, entry.key.span, message);
    }
    let logsource = document.get("logsource");
    let logsource = document.require("logsource", logsource, findings);
    let logsource = logsource.and_then(|node| logic::logsource(node, findings));
    let body = Section::new(node, "filter", findings)?;
    let rules = rules(&body, findings);
    let detection = sigma::parse::detection(node, SKIP, findings)?;
    sigma::parse::validate(&detection, node, SKIP, findings);
    sigma::parse::unused(&detection, document.span, findings);
    if let [_, second, ..] = detection.conditions.as_slice() {
        findings.add(&sigma::codes::SHAPE, second.span, "a filter has exactly one condition");
    }
    let source = std::sync::Arc::clone(findings.source());
    let span = document.span;
    Some(Filter { source, header, logsource: logsource?, rules, detection, span })
}

/// Names or ids of rules; nothing stands for any rule of the log source, which must be said in so
/// many words (pySigma's extension).
fn rules(body: &Section<'_>, findings: &mut Findings) -> Vec<Spanned<String>> {
    match body.get("rules") {
        None => {
            findings
                .add(&codes::MISSING_FIELD, body.span, "`filter` needs `rules`")
                .help("write `rules: any` for every rule of the log source");
            Vec::new()
        }
        Some(node) if matches!(node.kind, Kind::Scalar(_)) && text_of(node) == Some("any") => {
            Vec::new()
        }
        Some(_) => body.text_or_texts("rules", findings),
    }
}

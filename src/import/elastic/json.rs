//! Kibana's JSON: one rule, a list of rules, the answer to a search, an export of one document a
//! line, and the saved objects of Elastic's package.

use std::sync::Arc;

use serde_json::Map;

use super::export::Export;
use super::fields;
use crate::diagnostic::Findings;
use crate::import::codes::{IMPORT_BESIDE, IMPORT_FIELD, IMPORT_SYNTAX};
use crate::import::foreign::{Beside, Foreign, Platform};
use crate::import::json_tree;
use crate::import::tell::tell;
use crate::import::tree::{Member, Node};
use crate::rule::Date;
use crate::source::{SourceFile, Span};

/// Members of the answer to a search beside the rules, which say how the answer was cut.
pub(super) const PAGING: &[&str] = &["page", "perPage", "per_page", "total", "warnings"];

/// Every rule of a file.
pub(in crate::import) fn json(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Foreign> {
    let mut export = Export::default();
    for span in documents(source.text()) {
        if let Some(document) = json_tree::read_within(span, findings) {
            classify(&document, &mut export, findings);
        }
    }
    export.finish(findings)
}

/// Where the documents of a text stand: one, or one a line.
fn documents(text: &str) -> Vec<Span> {
    let whole = Span::new(0, text.len());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let begins = |line: Option<&str>| line.is_some_and(|line| line.starts_with('{'));
    // A document over several lines ends in a line that closes something.
    let is_lines = begins(lines.next()) && begins(lines.next_back());
    if !is_lines || json_tree::is_json(text) {
        return vec![whole];
    }
    let mut spans = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            spans.push(Span::new(start, start + line.len()));
        }
        start += line.len();
    }
    spans
}

/// Finds the rules in a document, whatever holds them.
fn classify(document: &Node, export: &mut Export, findings: &mut Findings) {
    if let Some(items) = document.items() {
        return items.iter().for_each(|item| classify_one(item, export, findings));
    }
    let found = document.get("data").and_then(Node::items);
    match (found, document.get("type")) {
        (Some(items), None) => {
            paging(document, items.len(), findings);
            items.iter().for_each(|item| classify_one(item, export, findings));
        }
        _ => classify_one(document, export, findings),
    }
}

/// The answer to a search is one page of it.
fn paging(answer: &Node, here: usize, findings: &mut Findings) {
    for Member { key: name, value } in answer.members().unwrap_or_default() {
        if name.value == "total" && value.count().is_some_and(|total| total != here as u64) {
            let message =
                format!("the search found {}, and this file holds {here}", value.to_json());
            let finding = findings.add(&IMPORT_BESIDE, value.span, message);
            finding.help("ask for the other pages, or export the rules");
        } else if name.value != "data" && !PAGING.contains(&name.value.as_str()) {
            let message = format!("`{}` beside the rules is left out", name.value);
            tell(findings, &IMPORT_BESIDE, name.span, message);
        }
    }
}

fn classify_one(document: &Node, export: &mut Export, findings: &mut Findings) {
    let kind = document.text_of("type");
    if let (Some(attributes), Some(kind)) = (document.get("attributes"), kind) {
        return saved_object(document, attributes, kind, export, findings);
    }
    if export.takes(document) {
        return;
    }
    if let Some(error) = document.get("error") {
        let words = error.text_of("message").unwrap_or("it does not say why");
        let message = format!("this is Kibana's answer that it refused a rule: {words}");
        tell(findings, &IMPORT_SYNTAX, document.span, message);
        return;
    }
    if document.get("deprecated").is_some() && document.get("query").is_none() {
        let message = "this is a note that Elastic withdrew a rule, without the rule";
        tell(findings, &IMPORT_SYNTAX, document.span, message);
        return;
    }
    let is_rule = ["name", "rule_id", "query"].iter().any(|name| document.get(name).is_some());
    if kind.is_none() || !is_rule {
        let message = format!("{} is no rule of Kibana", a_thing(document));
        if let Some(finding) = tell(findings, &IMPORT_SYNTAX, document.span, message) {
            finding.help("a rule has a `type`, such as `query`, and a `name`");
        }
        return;
    }
    export.rules.push(rule(document, findings));
}

fn a_thing(document: &Node) -> String {
    match document.members() {
        Some(_) => "this object".to_owned(),
        None => document.noun().to_owned(),
    }
}

/// A saved object around something: rules of Elastic's package and connectors have one.
fn saved_object(
    object: &Node,
    attributes: &Node,
    kind: &str,
    export: &mut Export,
    findings: &mut Findings,
) {
    match kind {
        "security-rule" => classify_one(attributes, export, findings),
        "action" => export.connectors.push(object.clone()),
        _ => {
            let message = format!("a saved object of the type `{kind}` is not read");
            if let Some(finding) = tell(findings, &IMPORT_SYNTAX, object.span, message) {
                finding
                    .help("export detection rules from the page of rules, not from saved objects");
            }
        }
    }
}

/// One rule, as the API takes it or as it answers.
fn rule(document: &Node, findings: &mut Findings) -> Foreign {
    let mut beside = Beside::default();
    let mut body = Map::new();
    for Member { key: name, value } in document.members().unwrap_or_default() {
        let name = name.value.as_str();
        let date = match name {
            "created_at" => Some(&mut beside.date),
            "updated_at" => Some(&mut beside.modified),
            _ => None,
        };
        if let Some(date) = date {
            *date = day(value);
            if date.is_none() {
                let message = format!("`{name}` is no time such as `2026-11-21T10:00:00.000Z`");
                findings.add(&IMPORT_FIELD, value.span, message);
                beside.other.insert(name.to_owned(), value.to_json());
            }
        } else if !fields::only_in_answers(name) {
            fields::check(name, value, findings);
            body.insert(name.to_owned(), value.to_json());
        }
    }
    let query_start = document.get("query").and_then(Node::placed_text).and_then(|text| text.start);
    Foreign { platform: Platform::Elastic, body, beside, span: document.span, query_start }
}

/// The day of a time in UTC, as Kibana writes times.
fn day(value: &Node) -> Option<Date> {
    Date::parse(value.text()?.get(..10)?)
}

//! The JSON of Datadog's API: bodies that create rules, answers with one rule or a list, the files
//! of a bulk export, and the payload of a test, which holds a rule.

use serde_json::{Map, Value as Json};

use super::typed::{self, Names};
use super::{fields, response};
use crate::diagnostic::Findings;
use crate::import::tree::{Data, Node};
use crate::import::{Beside, Foreign, Platform, codes, json_tree};

/// Fields of which a rule has at least one.
const MARKS: &[&str] = &["name", "message", "queries", "cases", "options"];

/// Documents of the API that are no rules, by a field that only they have, with what to do.
const OTHERS: &[(&str, &str, &str)] = &[
    ("terraformContent", "the answer of a conversion", "save its `terraformContent` as a .tf file"),
    ("errors", "an error that the API answered with", "ask for the rule again"),
];

/// Reads every rule of a document.
pub(in crate::import) fn json(findings: &mut Findings) -> Vec<Foreign> {
    let Some(tree) = json_tree::read(findings) else { return Vec::new() };
    let mut rules = Vec::new();
    document(&tree, &mut rules, findings);
    rules
}

/// Unwraps lists and envelopes. JSON is at most 128 levels deep, and so is this.
fn document(node: &Node, rules: &mut Vec<Foreign>, findings: &mut Findings) {
    if let Data::List(items) = &node.data {
        for item in items {
            document(item, rules, findings);
        }
        return;
    }
    let other = OTHERS.iter().find(|(mark, ..)| node.get(mark).is_some());
    if MARKS.iter().any(|mark| node.get(mark).is_some()) {
        rules.extend(rule(node, findings));
    } else if let Some(data) = node.get("data") {
        // Beside it stands `meta`: the number of pages.
        document(data, rules, findings);
    } else if let Some(inner) = node.get("rule").filter(|inner| inner.members().is_some()) {
        let mut found = rule(inner, findings);
        if let (Some(found), Some(tests)) = (&mut found, node.get("ruleQueryPayloads")) {
            found.beside.other.insert("ruleQueryPayloads".to_owned(), tests.to_json());
        }
        rules.extend(found);
    } else if let Some((_, what, help)) = other {
        let message = format!("this is {what}, not a rule");
        findings.add(&codes::IMPORT_SYNTAX, node.span, message).help(*help);
    } else {
        let message = format!("a rule of Datadog is expected, not {}", node.noun());
        let help = format!("a rule is an object with {}", quoted(MARKS));
        findings.add(&codes::IMPORT_SYNTAX, node.span, message).help(help);
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One rule in the API's names.
pub(super) fn rule(node: &Node, findings: &mut Findings) -> Option<Foreign> {
    let mut body = typed::object(node.members()?, fields::RULE, Names::Api, findings);
    let mut beside = Beside::default();
    for name in response::split(&mut body, &mut beside) {
        let span = node.get(name).map_or(node.span, |value| value.span);
        let message = format!("`{name}` is not what the API answers there");
        findings.add(&codes::IMPORT_FIELD, span, message).help(typed::KEPT);
    }
    Some(foreign(body, beside, node, query_start(node, "queries")))
}

pub(super) fn foreign(
    body: Map<String, Json>,
    beside: Beside,
    node: &Node,
    query_start: Option<usize>,
) -> Foreign {
    Foreign { platform: Platform::Datadog, body, beside, span: node.span, query_start }
}

/// Where the query stands, if there is just one.
pub(super) fn query_start(rule: &Node, queries: &str) -> Option<usize> {
    match rule.get(queries)?.items()? {
        [only] => only.get("query")?.placed_text()?.start,
        _ => None,
    }
}

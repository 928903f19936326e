//! The rule files of `elastic/detection-rules`: `[metadata]`, `[rule]` and `[transform]`.
//!
//! `[rule]` is the API's body but for `new_terms`, which the files write as pairs of a field's name
//! and its value (facts of the rule schemas, stacks 7.8 to 9.5). Placeholders in `note` that
//! `[transform]` fills at the project's build (`$osquery_0`) stay what they are.

use serde_json::{Map, Value as Json};

use super::{fields, toml_tree};
use crate::diagnostic::Findings;
use crate::import::codes::{IMPORT_FIELD, IMPORT_SYNTAX};
use crate::import::foreign::{Beside, Foreign, Platform};
use crate::import::tree::{Member, Node};
use crate::rule::Date;
use crate::source::Span;

/// The rule of a file: none if it cannot be read or has no `[rule]`.
pub(in crate::import) fn toml(findings: &mut Findings) -> Vec<Foreign> {
    let Some(file) = toml_tree::read(findings) else { return Vec::new() };
    let Some(rule) = file.get("rule").and_then(Node::members) else {
        let message = "this file has no `[rule]` table";
        let finding = findings.add(&IMPORT_SYNTAX, Span::default(), message);
        finding.help("rules of `elastic/detection-rules` are read; hunts and other files are not");
        return Vec::new();
    };
    let query_start = file
        .get("rule")
        .and_then(|rule| rule.get("query"))
        .and_then(Node::placed_text)
        .and_then(|text| text.start);
    let body = body(rule, findings);
    let beside = beside(&file, findings);
    vec![Foreign { platform: Platform::Elastic, body, beside, span: file.span, query_start }]
}

fn body(rule: &[Member], findings: &mut Findings) -> Map<String, Json> {
    let mut body = Map::new();
    for Member { key: name, value } in rule {
        let pairs = if name.value == "new_terms" { new_terms(value) } else { None };
        match pairs {
            Some(pairs) => {
                for (name, value) in pairs {
                    fields::check(&name, value, findings);
                    body.insert(name, value.to_json());
                }
            }
            None => {
                if name.value == "new_terms" {
                    let message = "`new_terms` does not hold the pairs `field` and `value`";
                    findings.add(&IMPORT_FIELD, value.span, message);
                }
                fields::check(&name.value, value, findings);
                body.insert(name.value.clone(), value.to_json());
            }
        }
    }
    body
}

/// `{field, value, history_window_start: [{field, value}]}` as the fields that it names. `None` if
/// it holds anything else.
fn new_terms(table: &Node) -> Option<Vec<(String, &Node)>> {
    let mut fields = vec![pair(table, 3)?];
    let windows = table.get("history_window_start")?.items()?;
    for window in windows {
        fields.push(pair(window, 2)?);
    }
    Some(fields)
}

/// A table of a given number of members as the field that it names with its value.
fn pair(table: &Node, members: usize) -> Option<(String, &Node)> {
    let has_all = table.members()?.len() == members;
    let name = table.text_of("field")?.to_owned();
    has_all.then_some((name, table.get("value")?))
}

/// What stands outside of `[rule]`.
fn beside(file: &Node, findings: &mut Findings) -> Beside {
    let mut beside = Beside::default();
    for Member { key: name, value } in file.members().unwrap_or_default() {
        match (name.value.as_str(), value.members()) {
            ("rule", _) => {}
            ("metadata", Some(members)) => {
                for Member { key: name, value } in members {
                    metadata(&name.value, value, &mut beside, findings);
                }
            }
            _ => keep(name.value.clone(), value, &mut beside),
        }
    }
    beside
}

/// One field of `[metadata]`: to its place, or kept by name.
fn metadata(name: &str, value: &Node, beside: &mut Beside, findings: &mut Findings) {
    let known = match name {
        "creation_date" => value.text().and_then(Date::parse).map(|day| beside.date = Some(day)),
        "updated_date" => value.text().and_then(Date::parse).map(|day| beside.modified = Some(day)),
        "maturity" => value.text().map(|word| beside.maturity = Some(word.to_owned())),
        "integration" => integrations(value).map(|names| beside.integration = names),
        _ => return keep(name.to_owned(), value, beside),
    };
    if known.is_none() {
        let wanted = match name {
            "creation_date" | "updated_date" => "a date such as `2026/11/21`",
            "maturity" => "text",
            _ => "text or a list of texts",
        };
        let message = format!("`{name}` is expected to be {wanted}");
        findings.add(&IMPORT_FIELD, value.span, message);
        keep(name.to_owned(), value, beside);
    }
}

/// One name or a list of them.
fn integrations(value: &Node) -> Option<Vec<String>> {
    match value.items() {
        Some(items) => items.iter().map(|item| item.text().map(str::to_owned)).collect(),
        None => value.text().map(|name| vec![name.to_owned()]),
    }
}

/// Keeps a value under its name. `[metadata]` comes first in every file, so a table of the same
/// name as one of its fields gets a longer one.
fn keep(name: String, value: &Node, beside: &mut Beside) {
    let taken = beside.other.contains_key(&name);
    let name = if taken { format!("[{name}]") } else { name };
    beside.other.insert(name, value.to_json());
}

//! Terraform's form of Datadog's rules, in HCL and in its JSON syntax.
//!
//! Read are the resources `datadog_security_monitoring_rule`, whose arguments `fields` gives the
//! API's names for, and `datadog_security_monitoring_rule_json`, whose one argument is a body of
//! the API. Only what is written out is read: a value that Terraform works out when it runs
//! (`${...}`, references, most functions) is refused at its place, and its rule with it; other
//! rules of the file are read.
//!
//! Source of the syntax: HashiCorp's documentation of HCL and of Terraform's JSON configuration
//! syntax.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::typed::{self, Names};
use super::{fields, json};
use crate::diagnostic::{Findings, Severity};
use crate::import::tree::{Data, Member, Node, Text};
use crate::import::{Beside, Foreign, Platform, codes, json_tree};
use crate::source::{Place, SourceFile, Span};

mod hcl;
mod template;
mod write;
mod write_text;

pub use write::terraform;
pub(super) use write::{JSON_RESOURCE, RESOURCE};

/// The rules of a configuration in HCL.
pub(in crate::import) fn hcl(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Foreign> {
    let mut file = File::default();
    hcl::read(source.text(), &mut file, findings);
    file.finish(findings)
}

/// The rules of a configuration in Terraform's JSON syntax.
pub(in crate::import) fn json_syntax(findings: &mut Findings) -> Vec<Foreign> {
    let Some(tree) = json_tree::read(findings) else { return Vec::new() };
    let mut file = File::default();
    for (kind, node) in labelled(&tree) {
        if kind.key.value != "resource" {
            file.not_read(&kind.key.value, kind.key.span);
            continue;
        }
        for (resource, node) in labelled(node) {
            for (name, node) in labelled(node) {
                let span = name.key.span.to(node.span);
                if !is_rule(&resource.key.value) {
                    file.not_read(&resource.key.value, span);
                    continue;
                }
                let arguments = template::arguments(node, findings);
                file.rule(&resource.key.value, &name.key.value, span, arguments, findings);
            }
        }
    }
    file.finish(findings)
}

/// The entries of an object, or of every object of a list, as both stand for blocks with a label.
/// Entries named `//` are comments.
fn labelled(node: &Node) -> Vec<(&Member, &Node)> {
    let nodes = node.items().unwrap_or(std::slice::from_ref(node));
    let members = nodes.iter().filter_map(Node::members).flatten();
    let members = members.filter(|member| member.key.value != "//");
    members.map(|member| (member, &member.value)).collect()
}

/// Whether a resource is a rule that is read.
fn is_rule(resource: &str) -> bool {
    [RESOURCE, JSON_RESOURCE].contains(&resource)
}

/// Arguments that every resource of Terraform has, and the rule's `validate`: about Terraform's
/// run, not about the rule. They are kept beside it as they are written.
const META: &[&str] = &[
    "count",
    "for_each",
    "depends_on",
    "provider",
    "lifecycle",
    "provisioner",
    "connection",
    "validate",
];

/// Arguments that make several rules of one resource, or none.
const REPEATS: &[&str] = &["count", "for_each"];

/// What stands in a resource.
#[derive(Default)]
struct Arguments {
    /// What describes the rule.
    members: Vec<Member>,
    /// [`META`] arguments with their text.
    meta: Vec<(String, Span, Json)>,
    /// Whether something was refused, so that the rule would lack it.
    refused: bool,
}

/// What was found in a file.
#[derive(Default)]
struct File {
    rules: Vec<Foreign>,
    /// Kinds of blocks that are not read: how many, and the place of the first.
    others: BTreeMap<String, (usize, Span)>,
}

impl File {
    fn not_read(&mut self, kind: &str, span: Span) {
        self.others.entry(kind.to_owned()).or_insert((0, span)).0 += 1;
    }

    fn rule(
        &mut self,
        resource: &str,
        name: &str,
        span: Span,
        arguments: Arguments,
        findings: &mut Findings,
    ) {
        if arguments.refused {
            return;
        }
        let node = Node { span, data: Data::Object(arguments.members) };
        let rule = if resource == JSON_RESOURCE {
            embedded(&node, findings)
        } else {
            Some(plain(&node, findings))
        };
        let Some(mut rule) = rule else { return };
        let address = format!("{resource}.{name}");
        rule.beside.other.insert("resource".to_owned(), address.into());
        for (key, span, text) in arguments.meta {
            if REPEATS.contains(&key.as_str()) {
                let message = format!("one rule is read, however many `{key}` makes of it");
                findings.add(&codes::IMPORT_FIELD, span, message);
            }
            rule.beside.other.insert(key, text);
        }
        self.rules.push(rule);
    }

    fn finish(self, findings: &mut Findings) -> Vec<Foreign> {
        for (kind, (number, span)) in self.others {
            let message = match number {
                1 => format!("`{kind}` is not read"),
                _ => format!("`{kind}` is not read, here and in {} more places", number - 1),
            };
            findings.add(&codes::IMPORT_FIELD, span, message).severity = Severity::Note;
        }
        self.rules
    }
}

/// A rule in arguments of its own.
fn plain(node: &Node, findings: &mut Findings) -> Foreign {
    let members = node.members().unwrap_or_default();
    let body = typed::object(members, fields::RULE, Names::Terraform, findings);
    let queries = members.iter().filter(|member| member.key.value == "query");
    let query_start = match &queries.collect::<Vec<_>>()[..] {
        [only] => query_text(&only.value).and_then(|text| text.start),
        _ => None,
    };
    json::foreign(body, Beside::default(), node, query_start)
}

/// The text of the query in a block; in the JSON syntax the block may stand in a list.
fn query_text(block: &Node) -> Option<&Text> {
    let block = match block.items() {
        Some([only]) => only,
        Some(_) => return None,
        None => block,
    };
    block.get("query")?.placed_text()
}

/// A rule in the text of the argument `json`, with its findings put where the text stands.
fn embedded(node: &Node, findings: &mut Findings) -> Option<Foreign> {
    let Some(text) = node.get("json").and_then(Node::placed_text) else {
        let message = "a rule in JSON needs the argument `json` with its text";
        findings.add(&codes::IMPORT_SYNTAX, node.span, message);
        return None;
    };
    let around = node.get("json").map_or(node.span, |value| value.span);
    let inner = SourceFile::new(findings.source().name(), text.value.as_str());
    let mut found = Findings::new(&inner);
    let tree = json_tree::read(&mut found);
    let rule = tree.as_ref().and_then(|tree| json::rule(tree, &mut found));
    let put = |span: Span| text.start.map_or(around, |start| span.shifted(start));
    if let (Some(tree), None) = (&tree, &rule) {
        let message = format!("a rule must be an object, not {}", tree.noun());
        findings.add(&codes::IMPORT_SYNTAX, put(tree.span), message);
    }
    for mut finding in found.into_sorted() {
        finding.place = finding.place.map(|place| Place::new(findings.source(), put(place.span)));
        for (place, _) in &mut finding.related {
            *place = Place::new(findings.source(), put(place.span));
        }
        findings.push(finding);
    }
    let rule = rule?;
    let query_start = rule.query_start.zip(text.start).map(|(at, start)| at + start);
    let Foreign { body, beside, .. } = rule;
    Some(Foreign { platform: Platform::Datadog, body, beside, span: node.span, query_start })
}

/// A member of [`META`] as it is written.
fn meta(name: &str, span: Span, text: &str) -> (String, Span, Json) {
    (name.to_owned(), span, Json::String(text.trim().to_owned()))
}

/// A body of the API.
type Body = Map<String, Json>;

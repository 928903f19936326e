//! A body of the API as a resource of Terraform, in HCL.
//!
//! The layout is that of `terraform fmt`: two spaces for each level, the equals signs of
//! neighbouring one-line arguments in one column, a blank line before each block. A body with a
//! field that `datadog_security_monitoring_rule` has no argument for becomes a resource
//! `datadog_security_monitoring_rule_json`, which takes every body, so nothing is left out. Lists
//! of blocks that are empty are: to Datadog, absent and empty are one.

use serde_json::Value as Json;

use super::Body;
use super::write_text::{heredoc, identifier, quoted};
use crate::import::datadog::fields::{self, Field, Kind};

/// The resource with arguments of its own.
pub(in crate::import::datadog) const RESOURCE: &str = "datadog_security_monitoring_rule";

/// The resource that takes the JSON of the API.
pub(in crate::import::datadog) const JSON_RESOURCE: &str = "datadog_security_monitoring_rule_json";

/// The types of rules that [`RESOURCE`] takes.
const TYPES: &[&str] =
    &["application_security", "log_detection", "workload_security", "signal_correlation"];

/// A list longer than this stands with an item a line.
const WIDTH: usize = 100;

/// Writes a body as one resource, named after the rule.
pub fn terraform(body: &Body) -> String {
    let name = body.get("name").and_then(Json::as_str).unwrap_or_default();
    let name = identifier(name);
    let known =
        body.get("type").is_none_or(|kind| kind.as_str().is_some_and(|k| TYPES.contains(&k)));
    let mut lines = Lines { text: String::new(), level: 1, last: Last::Nothing };
    let (resource, written) = match known.then(|| level(body, fields::RULE)).flatten() {
        Some(items) => {
            lines.items(&items);
            (RESOURCE, lines.text)
        }
        None => (JSON_RESOURCE, format!("  json = {}\n", json_text(body))),
    };
    format!("resource {} {} {{\n{written}}}\n", quoted(resource), quoted(&name))
}

fn json_text(body: &Body) -> String {
    let json = format!("{:#}\n", Json::Object(body.clone()));
    heredoc(&json).unwrap_or_else(|| quoted(&json))
}

/// An argument or a block with what it holds.
enum Item<'b> {
    Argument(&'static str, &'b Json, Kind),
    Block(&'static str, Vec<Item<'b>>),
}

/// A level of a body in the order of its table; `None` if the resource cannot hold it.
fn level<'b>(body: &'b Body, fields: &'static [Field]) -> Option<Vec<Item<'b>>> {
    let mut items = Vec::new();
    for (key, value) in body {
        let rows = fields.iter().filter(|field| field.api == key);
        // Queries on events and queries on signals have one name in the API.
        let written = rows.filter_map(|field| row(field, value)).next()?;
        items.push((position(fields, &written), written));
    }
    items.sort_by_key(|(position, _)| *position);
    Some(items.into_iter().flat_map(|(_, written)| written).collect())
}

fn position(fields: &'static [Field], items: &[Item<'_>]) -> usize {
    let Some(Item::Argument(name, ..) | Item::Block(name, _)) = items.first() else { return 0 };
    fields.iter().position(|field| field.terraform == Some(name)).unwrap_or(0)
}

fn row<'b>(field: &'static Field, value: &'b Json) -> Option<Vec<Item<'b>>> {
    let name = field.terraform?;
    match (field.kind, value) {
        (Kind::Many(fields), Json::Array(values)) => {
            let block =
                |value: &'b Json| Some(Item::Block(name, level(value.as_object()?, fields)?));
            values.iter().map(block).collect()
        }
        (Kind::One(fields), Json::Object(object)) => {
            Some(vec![Item::Block(name, level(object, fields)?)])
        }
        (Kind::Many(_) | Kind::One(_), _) => None,
        (kind, value) => holds(kind, value).then(|| vec![Item::Argument(name, value, kind)]),
    }
}

/// Whether an argument of this kind gives back this very value.
fn holds(kind: Kind, value: &Json) -> bool {
    match kind {
        _ if value.is_null() => true,
        Kind::Text => value.is_string(),
        Kind::Number | Kind::NumberAsText => value.is_number(),
        Kind::Bool => value.is_boolean(),
        Kind::Texts => value.as_array().is_some_and(|items| items.iter().all(Json::is_string)),
        Kind::One(_) | Kind::Many(_) => false,
    }
}

/// What was written last on this level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    OneLine,
    /// Something that a blank line parts from its neighbours.
    Several,
}

struct Lines {
    text: String,
    level: usize,
    last: Last,
}

impl Lines {
    fn items(&mut self, items: &[Item<'_>]) {
        let mut at = 0;
        while let Some(item) = items.get(at) {
            match item {
                Item::Argument(..) => {
                    let run = self.one_line_run(&items[at..]);
                    if run.is_empty() {
                        self.argument_of_lines(item);
                        at += 1;
                    } else {
                        self.aligned(&run);
                        at += run.len();
                    }
                }
                Item::Block(name, inner) => {
                    self.block(name, inner);
                    at += 1;
                }
            }
        }
    }

    /// The one-line arguments that come next, written.
    fn one_line_run(&self, items: &[Item<'_>]) -> Vec<(&'static str, String)> {
        let one_line = |item: &Item<'_>| match item {
            Item::Argument(name, value, kind) => {
                Some((*name, self.value(value, *kind))).filter(|(_, text)| !text.contains('\n'))
            }
            Item::Block(..) => None,
        };
        items.iter().map_while(one_line).collect()
    }

    fn indent(&self) -> String {
        "  ".repeat(self.level)
    }

    fn part(&mut self, next: Last) {
        if self.last != Last::Nothing && (self.last == Last::Several || next == Last::Several) {
            self.text.push('\n');
        }
        self.last = next;
    }

    fn aligned(&mut self, run: &[(&'static str, String)]) {
        self.part(Last::OneLine);
        let width = run.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, value) in run {
            self.text.push_str(&format!("{}{name:width$} = {value}\n", self.indent()));
        }
    }

    fn argument_of_lines(&mut self, item: &Item<'_>) {
        let Item::Argument(name, value, kind) = item else { return };
        self.part(Last::Several);
        let value = self.value(value, *kind);
        self.text.push_str(&format!("{}{name} = {value}\n", self.indent()));
    }

    fn block(&mut self, name: &str, inner: &[Item<'_>]) {
        self.part(Last::Several);
        let indent = self.indent();
        if inner.is_empty() {
            self.text.push_str(&format!("{indent}{name} {{}}\n"));
            return;
        }
        self.text.push_str(&format!("{indent}{name} {{\n"));
        let outer = std::mem::replace(&mut self.last, Last::Nothing);
        self.level += 1;
        self.items(inner);
        self.level -= 1;
        self.last = outer;
        self.text.push_str(&format!("{indent}}}\n"));
    }

    fn value(&self, value: &Json, kind: Kind) -> String {
        match (kind, value) {
            (Kind::NumberAsText, Json::Number(number)) => quoted(&number.to_string()),
            (_, Json::String(text)) => match self.level {
                // The end mark of a heredoc stands at the margin: only the message, which is long,
                // is worth it.
                1 => heredoc(text).unwrap_or_else(|| quoted(text)),
                _ => quoted(text),
            },
            (_, Json::Array(items)) => self.list(items),
            (_, scalar) => scalar.to_string(),
        }
    }

    fn list(&self, items: &[Json]) -> String {
        let items: Vec<String> =
            items.iter().map(|item| quoted(item.as_str().unwrap_or_default())).collect();
        let one = format!("[{}]", items.join(", "));
        if one.len() <= WIDTH {
            return one;
        }
        let indent = self.indent();
        let lines: String = items.iter().map(|item| format!("{indent}  {item},\n")).collect();
        format!("[\n{lines}{indent}]")
    }
}

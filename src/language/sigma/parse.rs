//! From a spanned YAML tree to a detection.

use std::collections::HashSet;

use super::ast::{Condition, Detection, Item, Selection, Value};
use super::{Modifier, codes, lower, parse_condition};
use crate::diagnostic::{Findings, closest};
use crate::language::kit;
use crate::source::{Entry, Kind, Mapping, Node, Resolved, Scalar, Span, Spanned, Within, resolve};

/// Deepest nesting of lists and mappings inside one selection.
const MAX_SELECTION_DEPTH: usize = 8;

/// Reads the section `detection:` (or a filter's `filter:`, whose further keys are `skip`ped).
/// Everything that is wrong becomes a finding; what could be read comes back.
pub fn detection(node: &Node, skip: &[&str], findings: &mut Findings) -> Option<Detection> {
    let Some(mapping) = node.as_mapping() else {
        let message = format!("a detection is a mapping of selections, not {}", node.noun());
        findings.add(&codes::SHAPE, node.span, message);
        return None;
    };
    let mut detection = Detection::default();
    for entry in &mapping.entries {
        let Entry { key, value } = entry;
        match key.as_str() {
            name if skip.contains(&name) => {}
            "condition" => conditions(value, &mut detection, findings),
            "timeframe" if value.as_scalar().is_some() => {
                let message = "`timeframe` belongs into a correlation document";
                findings
                    .add(&codes::AGGREGATION, key.span, message)
                    .help("add a document with `correlation:` that has a `timespan`");
            }
            _ => {
                if let Some(selection) = selection(value, 0, findings) {
                    detection.selections.push((key.clone(), selection));
                }
            }
        }
    }
    let named = mapping
        .entries
        .iter()
        .any(|entry| entry.key.value != "condition" && !skip.contains(&entry.key.as_str()));
    if !named {
        findings.add(&codes::EMPTY, node.span, "this detection has no selection");
    }
    if mapping.get("condition").is_none() {
        findings.add(&codes::SHAPE, node.span, "this detection has no `condition`");
    }
    Some(detection)
}

/// Checks what the tree alone cannot show: every name, modifier and value has a meaning. `node` is
/// what the detection was read from; a condition may name a selection that stands there and could
/// not be read, for that was reported before.
pub fn validate(detection: &Detection, node: &Node, skip: &[&str], findings: &mut Findings) {
    let keys = node.as_mapping().map(|mapping| mapping.entries.as_slice()).unwrap_or_default();
    let read: HashSet<&str> = detection.selections.iter().map(|(name, _)| name.as_str()).collect();
    let unread = keys.iter().map(|entry| entry.key.as_str());
    let unread = unread.filter(|key| *key != "condition" && !skip.contains(key));
    let unread: Vec<&str> = unread.filter(|key| !read.contains(key)).collect();
    for problem in lower::problems(detection, &unread) {
        problem.report(findings, 0);
    }
}

/// Reports selections that no condition uses, unless a condition inside `document` was found
/// faulty: a misspelt name leaves a selection unused, and is what the author needs to hear of.
pub fn unused(detection: &Detection, document: Span, findings: &mut Findings) {
    let faults = [
        &codes::CONDITION,
        &codes::AGGREGATION,
        &codes::SHAPE,
        &codes::UNKNOWN_SELECTION,
        &kit::LIMIT,
    ];
    if detection.conditions.is_empty() || findings.has(&faults, document) {
        return;
    }
    let used: HashSet<&str> = used_names(detection).into_iter().collect();
    for (name, _) in &detection.selections {
        if !name.starts_with('_') && !used.contains(name.as_str()) {
            let message = format!("no condition uses the selection `{}`", name.value);
            findings.add(&codes::UNUSED_SELECTION, name.span, message);
        }
    }
}

/// Names that some condition uses, directly or through a pattern.
pub fn used_names(detection: &Detection) -> Vec<&str> {
    let mut names = Vec::new();
    let mut open: Vec<&Condition> = detection.conditions.iter().map(|c| &c.value).collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::Name(name) => names.push(name.as_str()),
            Condition::Of(_, pattern) => names.extend(detection.matching(pattern)),
            Condition::Not(inner) => open.push(inner),
            Condition::And(members) | Condition::Or(members) => open.extend(members),
        }
    }
    names
}

fn conditions(node: &Node, detection: &mut Detection, findings: &mut Findings) {
    match &node.kind {
        Kind::Sequence(items) if items.is_empty() => {
            findings.add(&codes::EMPTY, node.span, "this list of conditions is empty");
        }
        Kind::Sequence(items) => {
            items.iter().for_each(|item| detection.conditions.extend(condition(item, findings)));
        }
        _ => detection.conditions.extend(condition(node, findings)),
    }
}

/// Reads one condition from a scalar; places inside it are places of the file.
pub fn condition(node: &Node, findings: &mut Findings) -> Option<Spanned<Condition>> {
    let Some(scalar) = node.as_scalar().filter(|s| matches!(resolve(s), Resolved::Text(_))) else {
        let message = format!("a condition is a text, not {}", node.noun());
        findings.add(&codes::SHAPE, node.span, message);
        return None;
    };
    let within = Within::new(&scalar.text, node.span, findings.source().text());
    match parse_condition(&scalar.text) {
        Ok(mut condition) => {
            relocate(&mut condition, &|span| within.span(span));
            Some(Spanned::new(condition, node.span))
        }
        Err(mut error) => {
            error.span = within.span(error.span);
            error.report(findings, 0);
            None
        }
    }
}

fn relocate(condition: &mut Condition, to_file: &impl Fn(Span) -> Span) {
    match condition {
        Condition::Name(name) => name.span = to_file(name.span),
        Condition::Of(_, pattern) => pattern.span = to_file(pattern.span),
        Condition::Not(inner) => relocate(inner, to_file),
        Condition::And(members) | Condition::Or(members) => {
            members.iter_mut().for_each(|member| relocate(member, to_file));
        }
    }
}

fn selection(node: &Node, depth: usize, findings: &mut Findings) -> Option<Selection> {
    if depth > MAX_SELECTION_DEPTH {
        findings.add(&codes::SHAPE, node.span, "this selection is nested too deeply");
        return None;
    }
    match &node.kind {
        Kind::Mapping(mapping) if mapping.entries.is_empty() => {
            findings.add(&codes::EMPTY, node.span, "this selection has no item");
            None
        }
        Kind::Mapping(mapping) => items(mapping, findings).map(Selection::All),
        Kind::Sequence(members) if members.is_empty() => {
            findings.add(&codes::EMPTY, node.span, "this selection is an empty list");
            None
        }
        Kind::Sequence(members) => list(members, depth, findings),
        Kind::Scalar(scalar) if resolve(scalar) == Resolved::Null => {
            let message = match depth {
                0 => "this selection has no content",
                _ => "`null` is no keyword: only a field can be absent",
            };
            findings.add(&codes::EMPTY, node.span, message);
            None
        }
        Kind::Scalar(scalar) => Some(Selection::All(vec![keyword(node, scalar)])),
    }
}

/// A list of texts is keywords; a list of mappings is alternatives; both may be mixed.
fn list(members: &[Node], depth: usize, findings: &mut Findings) -> Option<Selection> {
    let before = findings.len();
    let read: Vec<Selection> = members
        .iter()
        .filter_map(|member| match (&member.kind, depth) {
            (Kind::Sequence(_), _) => {
                findings.add(
                    &codes::SHAPE,
                    member.span,
                    "a list of alternatives cannot hold a list",
                );
                None
            }
            _ => selection(member, depth + 1, findings),
        })
        .collect();
    (findings.len() == before).then_some(Selection::Any(read))
}

fn keyword(node: &Node, scalar: &Scalar) -> Item {
    let value = Spanned::new(value(scalar), node.span);
    Item { field: None, modifiers: Vec::new(), values: vec![value], list: false, span: node.span }
}

fn items(mapping: &Mapping, findings: &mut Findings) -> Option<Vec<Item>> {
    let before = findings.len();
    let items: Vec<Item> =
        mapping.entries.iter().filter_map(|entry| item(entry, findings)).collect();
    (findings.len() == before || items.len() == mapping.entries.len()).then_some(items)
}

fn item(entry: &Entry, findings: &mut Findings) -> Option<Item> {
    let (field, modifiers) = key(&entry.key, findings)?;
    let list = matches!(entry.value.kind, Kind::Sequence(_));
    let values = match &entry.value.kind {
        Kind::Scalar(scalar) => vec![Spanned::new(value(scalar), entry.value.span)],
        Kind::Sequence(members) if members.is_empty() => {
            let message = format!("`{}` has an empty list of values", entry.key.value);
            findings
                .add(&codes::EMPTY, entry.value.span, message)
                .help("write `null` for a field that must be absent");
            return None;
        }
        Kind::Sequence(members) => values(members, findings)?,
        Kind::Mapping(_) => {
            let message =
                format!("`{}` needs a value or a list of values, not a mapping", entry.key.value);
            findings.add(&codes::SHAPE, entry.value.span, message);
            return None;
        }
    };
    let every = modifiers.iter().find(|modifier| modifier.value == Modifier::EveryValue);
    if let Some(every) = every.filter(|_| values.len() == 1) {
        findings
            .add(&codes::ALL_OF_ONE, every.span, "`all` has only one value to join")
            .help("leave `all` out, or list the values that must all be there");
    }
    Some(Item { field, modifiers, values, list, span: entry.key.span })
}

fn values(members: &[Node], findings: &mut Findings) -> Option<Vec<Spanned<Value>>> {
    let before = findings.len();
    let values = members.iter().filter_map(|member| match member.as_scalar() {
        Some(scalar) => Some(Spanned::new(value(scalar), member.span)),
        None => {
            let message = format!("a list of values cannot hold {}", member.noun());
            findings.add(&codes::SHAPE, member.span, message);
            None
        }
    });
    let values = values.collect();
    (findings.len() == before).then_some(values)
}

fn value(scalar: &Scalar) -> Value {
    match resolve(scalar) {
        Resolved::Null => Value::Null,
        Resolved::Bool(value) => Value::Bool(value),
        Resolved::Integer(_) | Resolved::Float(_) => Value::Number(scalar.text.clone()),
        Resolved::Text(text) => Value::Text(text.to_owned()),
    }
}

type Key = (Option<Spanned<String>>, Vec<Spanned<Modifier>>);

/// Splits `field|modifier|modifier`.
fn key(key: &Spanned<String>, findings: &mut Findings) -> Option<Key> {
    let within = Within::new(&key.value, key.span, findings.source().text());
    let mut at = 0;
    let mut parts = key.value.split('|').map(|part| {
        let span = Span::new(at, at + part.len());
        at = span.end + 1;
        Spanned::new(part, within.span(span))
    });
    let field = parts.next().filter(|name| !name.is_empty());
    let field = field.map(|name| name.map(str::to_owned));
    let parts: Vec<Spanned<&str>> = parts.collect();
    if field.is_none() && parts.is_empty() {
        findings.add(&codes::SHAPE, key.span, "a field needs a name");
        return None;
    }
    // Not `all(is_some)`, which would stop at the first fault.
    let modifiers: Vec<Option<Spanned<Modifier>>> =
        parts.iter().map(|part| modifier(part, findings)).collect();
    let modifiers: Option<Vec<Spanned<Modifier>>> = modifiers.into_iter().collect();
    Some((field, modifiers?))
}

fn modifier(name: &Spanned<&str>, findings: &mut Findings) -> Option<Spanned<Modifier>> {
    if let Some(modifier) = Modifier::from_name(name) {
        return Some(Spanned::new(modifier, name.span));
    }
    if name.is_empty() {
        findings.add(&codes::UNKNOWN_MODIFIER, name.span, "no modifier stands behind this `|`");
        return None;
    }
    let message = format!("`{}` is no Sigma modifier", name.value);
    let finding = findings.add(&codes::UNKNOWN_MODIFIER, name.span, message);
    if let Some(near) = closest(name, Modifier::ALL.iter().map(|modifier| modifier.name())) {
        finding.help(format!("did you mean `{near}`?"));
    }
    None
}

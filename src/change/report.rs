//! Changes for people: on a terminal, and as a comment of a pull request.

use std::fmt::Write;

use serde_json::Value as Json;

use super::{Detection, Edit, RuleChange};
use crate::proof::{Comparison, Relation, Side};

/// Longest value of an edit that is shown.
const SHOWN: usize = 60;

/// Lines for a terminal.
pub fn text(changes: &[RuleChange]) -> String {
    let mut out = String::new();
    for change in changes {
        let _ = writeln!(out, "{} ({})", one_line(&change.title), one_line(&change.file));
        let _ = writeln!(out, "  {}", in_words(&change.detection));
        for (words, event) in witnesses(&change.detection) {
            let _ = writeln!(out, "    {words}: {event}");
        }
        for own in &change.platforms {
            let _ = writeln!(out, "  for {}: {}", own.title(), in_words(&own.detection));
            for (words, event) in witnesses(&own.detection) {
                let _ = writeln!(out, "    {words}: {event}");
            }
        }
        for edit in &change.edits {
            let _ = writeln!(out, "  {}", edited(edit));
        }
    }
    out
}

/// Markdown for a pull request: what changes detection first, metadata folded away.
pub fn markdown(changes: &[RuleChange]) -> String {
    let (detection, metadata): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| change.is_other());
    let mut out = String::from("## What this changes\n");
    if detection.is_empty() {
        out.push_str("\nNo rule detects anything else than before.\n");
    }
    for change in &detection {
        let _ = write!(out, "\n### {}\n\n`{}`\n\n", escaped(&change.title), code(&change.file));
        let _ = writeln!(out, "{}.", capitalised(&in_words(&change.detection)));
        for (words, event) in witnesses(&change.detection) {
            let _ = write!(out, "\n{}:\n\n```json\n{event}\n```\n", capitalised(words));
        }
        for own in &change.platforms {
            let _ = write!(out, "\nFor {}: {}.\n", own.title(), in_words(&own.detection));
            for (words, event) in witnesses(&own.detection) {
                let _ = write!(out, "\n{}:\n\n```json\n{event}\n```\n", capitalised(words));
            }
        }
        if !change.edits.is_empty() {
            out.push('\n');
            out.push_str(&bullets(&change.edits));
        }
    }
    if !metadata.is_empty() {
        let _ = write!(out, "\n<details><summary>Metadata only: {}</summary>\n", metadata.len());
        for change in &metadata {
            let _ = write!(out, "\n**{}** (`{}`)\n\n", escaped(&change.title), code(&change.file));
            out.push_str(&bullets(&change.edits));
        }
        out.push_str("\n</details>\n");
    }
    out
}

fn bullets(edits: &[Edit]) -> String {
    edits.iter().map(|edit| format!("- {}\n", escaped(&edited(edit)))).collect()
}

fn in_words(detection: &Detection) -> String {
    match detection {
        Detection::Added => "new rule".to_owned(),
        Detection::Removed => "the rule is gone".to_owned(),
        Detection::Same => "detects the same as before".to_owned(),
        Detection::Beside { reasons } => {
            format!("matches the same events, but {}", reasons.join(", and "))
        }
        Detection::Unknown { reasons } => format!("cannot be compared: {}", reasons.join("; ")),
        Detection::Changed(comparison) if comparison.never.contains(&Side::Left) => {
            "matches events, which it never could before".to_owned()
        }
        Detection::Changed(comparison) if comparison.never.contains(&Side::Right) => {
            "can no longer match any event".to_owned()
        }
        Detection::Changed(comparison) => match comparison.relation {
            Relation::Equal => "detects the same as before".to_owned(),
            Relation::Narrower => {
                "no longer matches some events, and matches no new ones".to_owned()
            }
            Relation::Wider => "matches further events, and everything that it did".to_owned(),
            Relation::Overlapping => {
                "matches further events, and no longer matches others".to_owned()
            }
            Relation::Disjoint => "matches nothing that it did before".to_owned(),
            Relation::Undecided(limit) => {
                format!("may detect something else: {}", limit.in_words())
            }
        },
    }
}

fn witnesses(detection: &Detection) -> Vec<(&'static str, &Json)> {
    let Detection::Changed(comparison) = detection else { return Vec::new() };
    let Comparison { only_left, only_right, both, .. } = comparison.as_ref();
    let shown = [
        ("newly matched", only_right),
        ("no longer matched", only_left),
        ("matched as before", both),
    ];
    shown.into_iter().filter_map(|(words, event)| Some((words, event.as_ref()?))).collect()
}

/// `level: low → high`; long values and whole objects only as changed.
fn edited(edit: &Edit) -> String {
    let Edit { path, old, new } = edit;
    match (short(old), short(new)) {
        (Some(old), Some(new)) => format!("{path}: {old} → {new}"),
        _ if is_empty(old) => format!("{path}: added"),
        _ if is_empty(new) => format!("{path}: removed"),
        _ => match (old.as_array(), new.as_array()) {
            (Some(before), Some(after)) => {
                let added = after.iter().filter(|item| !before.contains(item)).count();
                let removed = before.iter().filter(|item| !after.contains(item)).count();
                format!("{path}: {added} added, {removed} removed")
            }
            _ => format!("{path}: changed"),
        },
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// A scalar, or a list of texts, that fits into a line.
fn short(value: &Json) -> Option<String> {
    let text = match value {
        Json::String(text) if !text.contains('\n') => text.clone(),
        Json::Number(_) | Json::Bool(_) => value.to_string(),
        Json::Null => "none".to_owned(),
        Json::Array(items) if !items.is_empty() => {
            items.iter().map(Json::as_str).collect::<Option<Vec<_>>>()?.join(", ")
        }
        _ => return None,
    };
    (text.chars().count() <= SHOWN).then_some(text)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Text that Markdown takes as it is.
fn escaped(text: &str) -> String {
    let text = one_line(text);
    let special = |c: char| matches!(c, '*' | '_' | '`' | '<' | '>' | '[' | ']' | '|' | '#');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Text without anything that would end its line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Text that stands between backquotes.
fn code(text: &str) -> String {
    one_line(text).replace('`', "'")
}

//! The labelled facts at the head of a page: which field of the API each is.

use serde_json::{Map, Value as Json};

use super::lines::{Line, Lines};
use super::text::{address, plain};
use crate::diagnostic::{Findings, Severity};
use crate::import::codes::IMPORT_FIELD;

/// How a value is shown.
#[derive(Clone, Copy)]
enum Shown {
    /// As text on the label's line.
    Text,
    /// As a whole number.
    Count,
    /// As text with an explanation in parentheses behind it.
    Explained,
    /// As a list of texts.
    Texts,
    /// As a list of links.
    Links,
}

/// The labels in the order of the pages.
const LABELS: &[(&str, &str, Shown)] = &[
    ("Rule type", "type", Shown::Text),
    ("Rule indices", "index", Shown::Texts),
    ("Severity", "severity", Shown::Text),
    ("Risk score", "risk_score", Shown::Count),
    ("Runs every", "interval", Shown::Text),
    ("Searches indices from", "from", Shown::Explained),
    ("Maximum alerts per execution", "max_signals", Shown::Count),
    ("References", "references", Shown::Links),
    ("Tags", "tags", Shown::Texts),
    ("Version", "version", Shown::Count),
    ("Rule authors", "author", Shown::Texts),
    ("Rule license", "license", Shown::Text),
];

/// What stands for a value that the rule does not have.
const NONE: &str = "None";

/// The label that comes first.
const FIRST: &str = "Rule type";

/// Reads the facts up to a line that `ends` them. The result is the lines that are no facts.
pub(super) fn read<'t>(
    lines: &mut Lines<'t>,
    ends: impl Fn(Line<'t>) -> bool,
    body: &mut Map<String, Json>,
    findings: &mut Findings,
) -> Vec<Line<'t>> {
    let mut unread = Vec::new();
    while let Some(line) = lines.skip_blanks().filter(|line| !ends(*line)) {
        lines.next();
        let known = labelled(line).and_then(|(label, value)| {
            let (_, field, shown) = LABELS.iter().find(|(known, ..)| *known == label)?;
            Some((label, value, *field, *shown))
        });
        let Some((label, value, field, shown)) = known else {
            unread.push(line);
            continue;
        };
        let items = if value.is_blank() { items(lines) } else { Vec::new() };
        if body.contains_key(field) {
            let message = format!("`{label}` stands twice: the later one counts");
            findings.add(&IMPORT_FIELD, line.span(), message);
        }
        if let Some(value) = read_value(shown, label, value, &items, findings) {
            body.insert(field.to_owned(), value);
        }
    }
    unread
}

/// Whether the facts begin here.
pub(super) fn begins(line: Line<'_>) -> bool {
    labelled(line).is_some_and(|(label, _)| label == FIRST)
}

/// `**Label**: value` in parts.
fn labelled(line: Line<'_>) -> Option<(&str, Line<'_>)> {
    let inside = line.behind("**")?;
    let (label, _) = inside.text.split_once("**:")?;
    let value = inside.behind(label)?.behind("**:")?;
    Some((label, value.behind(" ").unwrap_or(value)))
}

/// The items of a list that follows.
fn items<'t>(lines: &mut Lines<'t>) -> Vec<Line<'t>> {
    let is_item = |line: Line<'_>| line.text.starts_with("* ");
    if !lines.skip_blanks().is_some_and(is_item) {
        return Vec::new();
    }
    let items = lines.until(|line| !is_item(line));
    items.into_iter().filter_map(|item| item.behind("* ")).collect()
}

/// A value as JSON; `None` if the page says that there is none.
fn read_value(
    shown: Shown,
    label: &str,
    value: Line<'_>,
    items: &[Line<'_>],
    findings: &mut Findings,
) -> Option<Json> {
    let text = match shown {
        Shown::Explained => value.text.split_once(" (").map_or(value.text, |(text, _)| text),
        _ => value.text,
    };
    if text.trim() == NONE {
        return None;
    }
    match shown {
        Shown::Text | Shown::Explained => Some(Json::String(plain(text))),
        Shown::Count => match value.text.trim().parse::<u64>() {
            Ok(number) => Some(Json::from(number)),
            Err(_) => {
                let message = format!("`{label}` is expected to be a whole number");
                findings.add(&IMPORT_FIELD, value.span(), message);
                Some(Json::String(plain(value.text)))
            }
        },
        Shown::Texts | Shown::Links => {
            if items.is_empty() {
                let message = format!("`{label}` is expected to be a list");
                findings.add(&IMPORT_FIELD, value.span(), message);
                return Some(Json::String(plain(value.text)));
            }
            let read = |item: &Line<'_>| match shown {
                Shown::Links => Json::String(link(*item, findings)),
                _ => Json::String(plain(item.text)),
            };
            Some(Json::Array(items.iter().map(read).collect()))
        }
    }
}

/// The address of a link; a note if the link leads elsewhere.
pub(super) fn link(line: Line<'_>, findings: &mut Findings) -> String {
    let (url, elsewhere) = address(line.text);
    if let Some(elsewhere) = elsewhere {
        let message = format!("label and target of this link differ: `{elsewhere}` is left out");
        findings.add(&IMPORT_FIELD, line.span(), message).severity = Severity::Note;
    }
    url
}

//! The labelled facts at the head of a page: which field of the API each is.

use serde_json::{Map, Value as Json};

use super::lines::{Line, Lines};
use super::markup::Markup;
use crate::diagnostic::{Findings, Severity};
use crate::import::codes::IMPORT_FIELD;
use crate::import::tell::tell;

/// How a value is shown.
#[derive(Clone, Copy)]
enum Shown {
    /// As text on the label's line.
    Text,
    /// As a whole number.
    Count,
    /// As text with an explanation in parentheses behind it.
    Explained,
    /// As a duration, on old pages in words.
    Interval,
    /// As a list of texts.
    Texts,
    /// As a list of texts, on old pages with commas on the label's line.
    Names,
    /// As a list of links.
    Links,
}

/// The labels in the order of the pages.
const LABELS: &[(&str, &str, Shown)] = &[
    ("Rule type", "type", Shown::Text),
    ("Machine learning job", "machine_learning_job_id", Shown::Text),
    ("Machine learning anomaly threshold", "anomaly_threshold", Shown::Count),
    ("Rule indices", "index", Shown::Texts),
    ("Severity", "severity", Shown::Text),
    ("Risk score", "risk_score", Shown::Count),
    ("Runs every", "interval", Shown::Interval),
    ("Searches indices from", "from", Shown::Explained),
    ("Maximum alerts per execution", "max_signals", Shown::Count),
    ("References", "references", Shown::Links),
    ("Tags", "tags", Shown::Texts),
    ("Version", "version", Shown::Count),
    ("Rule authors", "author", Shown::Names),
    ("Rule license", "license", Shown::Text),
];

/// What stands for a value that the rule does not have.
const NONE: &str = "None";

/// The label that comes first.
const FIRST: &str = "Rule type";

/// Reads the facts up to a line that `ends` them. The result is the lines that are no facts.
pub(super) fn read<'t>(
    markup: Markup,
    lines: &mut Lines<'t>,
    ends: impl Fn(Line<'t>) -> bool,
    body: &mut Map<String, Json>,
    findings: &mut Findings,
) -> Vec<Line<'t>> {
    let mut unread = Vec::new();
    while let Some(line) = lines.skip_blanks().filter(|line| !ends(*line)) {
        lines.next();
        let known = labelled(markup, line).and_then(|(label, value)| {
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
            tell(findings, &IMPORT_FIELD, line.span(), message);
        }
        if let Some(value) = read_value((markup, shown), label, value, &items, findings) {
            body.insert(field.to_owned(), value);
        }
    }
    unread
}

/// Whether the facts begin here.
pub(super) fn begins(markup: Markup, line: Line<'_>) -> bool {
    labelled(markup, line).is_some_and(|(label, _)| label == FIRST)
}

/// `**Label**: value` in parts.
fn labelled(markup: Markup, line: Line<'_>) -> Option<(&str, Line<'_>)> {
    let (open, close) = markup.label();
    let inside = line.behind(open)?;
    let (label, _) = inside.text.split_once(close)?;
    let value = inside.behind(label)?.behind(close)?;
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
    (markup, shown): (Markup, Shown),
    label: &str,
    value: Line<'_>,
    items: &[Line<'_>],
    findings: &mut Findings,
) -> Option<Json> {
    let text = match shown {
        Shown::Explained | Shown::Count => {
            value.text.split_once(" (").map_or(value.text, |(text, _)| text)
        }
        _ => value.text,
    };
    if text.trim() == NONE {
        return None;
    }
    match shown {
        Shown::Text | Shown::Explained => Some(Json::String(markup.text(text))),
        Shown::Interval => Some(Json::String(interval(&markup.text(text)))),
        Shown::Names if markup == Markup::Asciidoc && items.is_empty() => {
            Some(text.split(", ").map(|name| Json::from(name.trim())).collect())
        }
        Shown::Count => match text.trim().parse::<u64>() {
            Ok(number) => Some(Json::from(number)),
            Err(_) => {
                let message = format!("`{label}` is expected to be a whole number");
                tell(findings, &IMPORT_FIELD, value.span(), message);
                Some(Json::String(markup.text(value.text)))
            }
        },
        Shown::Texts | Shown::Names | Shown::Links => {
            if items.is_empty() {
                let message = format!("`{label}` is expected to be a list");
                tell(findings, &IMPORT_FIELD, value.span(), message);
                return Some(Json::String(markup.text(value.text)));
            }
            let read = |item: &Line<'_>| match shown {
                Shown::Links => Json::String(link(markup, *item, findings)),
                _ => Json::String(markup.text(item.text)),
            };
            Some(Json::Array(items.iter().map(read).collect()))
        }
    }
}

/// `10 minutes` as `10m`.
fn interval(shown: &str) -> String {
    const UNITS: &[(&str, &str)] = &[("second", "s"), ("minute", "m"), ("hour", "h"), ("day", "d")];
    let words = shown.split_once(' ').and_then(|(number, word)| {
        let word = word.strip_suffix('s').unwrap_or(word);
        let (_, unit) = UNITS.iter().find(|(known, _)| *known == word)?;
        Some(format!("{number}{unit}"))
    });
    words.unwrap_or_else(|| shown.to_owned())
}

/// The address of a link; a note if the link leads elsewhere.
pub(super) fn link(markup: Markup, line: Line<'_>, findings: &mut Findings) -> String {
    let (url, elsewhere) = markup.address(line.text);
    if let Some(elsewhere) = elsewhere {
        let message = format!("label and target of this link differ: `{elsewhere}` is left out");
        if let Some(finding) = tell(findings, &IMPORT_FIELD, line.span(), message) {
            finding.severity = Severity::Note;
        }
    }
    url
}

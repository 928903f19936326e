//! The sections of a Datadog rule's message.

use serde_json::{Value as Json, json};

use crate::rule::Date;

/// What the sections of a message say, each without its heading.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// `## Goal`.
    pub(super) goal: Option<String>,
    /// `## Strategy`.
    pub(super) strategy: Option<String>,
    /// `## Triage and response`.
    pub(super) triage: Option<String>,
    /// `## Changelog`, if every line is a date and a change; newest last.
    pub(super) changelog: Vec<Json>,
}

/// Takes a message apart. A section with a heading of its own belongs to the one before it. What
/// stands above the first heading that Datadog's rules have in common is left out: the caller sees
/// it, because the message cannot be put together again.
pub(super) fn split(message: &str) -> Message {
    let mut sections = Message::default();
    let mut last: Option<(Section, String)> = None;
    for part in format!("\n{}", message.replace("\r\n", "\n")).split("\n## ").skip(1) {
        let (heading, body) = part.split_once('\n').unwrap_or((part, ""));
        let opened = last.as_ref().map(|(own, _)| *own);
        let next = Section::of(heading);
        match next.filter(|next| sections.lacks(*next) && opened != Some(*next)) {
            Some(next) => sections.put(last.replace((next, body.to_owned()))),
            None => {
                if let Some((_, text)) = &mut last {
                    text.push_str(&format!("\n## {part}"));
                }
            }
        }
    }
    sections.put(last);
    sections
}

/// The sections that Datadog's rules have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Goal,
    Strategy,
    Triage,
    Changelog,
}

impl Section {
    fn of(heading: &str) -> Option<Self> {
        match heading.trim().to_lowercase().as_str() {
            "goal" => Some(Self::Goal),
            "strategy" => Some(Self::Strategy),
            "triage and response" | "triage & response" => Some(Self::Triage),
            "changelog" | "change log" => Some(Self::Changelog),
            _ => None,
        }
    }
}

impl Message {
    fn lacks(&self, section: Section) -> bool {
        match section {
            Section::Goal => self.goal.is_none(),
            Section::Strategy => self.strategy.is_none(),
            Section::Triage => self.triage.is_none(),
            Section::Changelog => self.changelog.is_empty(),
        }
    }

    fn put(&mut self, section: Option<(Section, String)>) {
        let Some((section, text)) = section else { return };
        let text = text.trim_matches('\n').to_owned();
        match section {
            Section::Goal => self.goal = Some(text),
            Section::Strategy => self.strategy = Some(text),
            Section::Triage => self.triage = Some(text),
            Section::Changelog => self.changelog = changes(&text),
        }
    }
}

/// A message without what only its spelling says: blank lines around headings, blanks at the ends of
/// lines, and the ways in which the common headings are spelt.
pub(super) fn normal(message: &str) -> String {
    let mut out = String::new();
    let mut blanks = false;
    for line in message.lines().map(str::trim_end) {
        let heading = line.strip_prefix("## ");
        match heading.map(Section::of) {
            _ if line.is_empty() => {
                blanks = true;
                continue;
            }
            Some(section) => {
                out.push_str("\n\n## ");
                match section {
                    Some(section) => out.push_str(&format!("{section:?}")),
                    None => out.push_str(heading.unwrap_or_default()),
                }
                out.push('\n');
            }
            None => {
                if blanks {
                    out.push('\n');
                }
                out.push_str(line);
                out.push('\n');
            }
        }
        blanks = false;
    }
    out
}

/// `18 March 2022 - what changed`, one a line; nothing if some line is otherwise.
fn changes(text: &str) -> Vec<Json> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let change = |line: &str| {
        let line = line.trim_start_matches(['*', '-']).trim_start();
        let (date, change) = line.split_once(" - ")?;
        Some(json!({"date": Date::in_english(date)?.to_string(), "change": change.trim()}))
    };
    lines.map(change).collect::<Option<Vec<_>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_told_by_their_headings() {
        let text = "## Goal\nFind it.\n\n## Strategy\nLook.\n* a\n\n## Triage & Response\n1. Ask.\n\n## Changelog\n18 March 2022 - Wider.";
        let message = split(text);
        assert_eq!(message.goal.as_deref(), Some("Find it."));
        assert_eq!(message.strategy.as_deref(), Some("Look.\n* a"));
        assert_eq!(message.triage.as_deref(), Some("1. Ask."));
        assert_eq!(message.changelog, [json!({"date": "2022-03-18", "change": "Wider."})]);
        assert!(split("No heading").goal.is_none());
    }
}

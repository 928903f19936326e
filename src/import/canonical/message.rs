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

/// Takes a message apart. What has no heading that Datadog's rules have in common is left out:
/// the caller sees it, because the message cannot be put together again.
pub(super) fn split(message: &str) -> Message {
    let mut sections = Message::default();
    let mut rest = message.replace("\r\n", "\n");
    if let Some(at) = rest.find("## ").filter(|at| *at == 0 || rest[..*at].ends_with('\n')) {
        rest.drain(..at);
    }
    for section in format!("\n{rest}").split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let body = body.trim_matches('\n').to_owned();
        match heading.trim().to_lowercase().as_str() {
            "goal" => sections.goal = Some(body),
            "strategy" => sections.strategy = Some(body),
            "triage and response" | "triage & response" => sections.triage = Some(body),
            "changelog" | "change log" => sections.changelog = changes(&body),
            _ => {}
        }
    }
    sections
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

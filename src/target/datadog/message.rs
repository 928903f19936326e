//! The rule's message: what Datadog shows with a signal, and the body of its documentation page.

use crate::rule::Rule;
use crate::source::Spanned;

/// Goal, Strategy, Triage and response, Changelog, in the order and with the headings of Datadog's
/// own rules. A section without text is left out. Text is the author's and goes in as it is, so
/// template variables such as `{{@evt.name}}` survive.
pub(super) fn message(rule: &Rule) -> String {
    let header = &rule.header;
    let goal = header.description.as_deref().unwrap_or(&header.title);
    let changelog: Vec<String> = rule
        .sections
        .changelog
        .iter()
        .map(|change| format!("{} - {}", change.date.in_words(), change.change.trim()))
        .collect();
    let sections = [
        ("Goal", goal.to_owned()),
        ("Strategy", text(&rule.sections.strategy)),
        ("Triage and response", text(&rule.sections.triage)),
        // Two blanks before a line end keep the entries apart in Markdown.
        ("Changelog", changelog.join("  \n")),
    ];
    let sections: Vec<String> = sections
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(heading, text)| format!("## {heading}\n{}", text.trim_matches('\n')))
        .collect();
    sections.join("\n\n")
}

fn text(section: &Option<Spanned<String>>) -> String {
    section.as_ref().map(|text| text.value.clone()).unwrap_or_default()
}

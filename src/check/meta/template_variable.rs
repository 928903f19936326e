//! A template variable that Datadog will leave empty.

use std::cell::LazyCell;

use super::texts;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, all_of, closest, code};
use crate::rule::Rule;
use crate::source::{Span, Within};

code! {
    /// a template variable names nothing that Datadog fills in
    ///
    /// In a message, `{{@path}}` becomes the value of an attribute, a plain word the value of a tag, and a
    /// few words something of the signal itself. Everything else becomes nothing, and the reader of the
    /// alert sees a gap.
    ///
    /// Bad:
    /// ```yaml
    /// triage: |
    ///   Ask {{userIdentity.arn}} what it was for.
    /// ```
    /// Good:
    /// ```yaml
    /// triage: |
    ///   Ask {{@userIdentity.arn}} what it was for.
    /// ```
    UNKNOWN_VARIABLE = "unknown-template-variable", Warning;
}

pub(super) const CHECK: Check = Check { code: &UNKNOWN_VARIABLE, run: Run::Rule(run) };

/// What Datadog knows of a signal itself, and its conditional blocks
/// (docs.datadoghq.com/security/notifications/variables, November 2026).
const VARIABLES: &[&str] = &[
    "severity",
    "timestamp",
    "timestamp_epoch",
    "first_seen",
    "first_seen_epoch",
    "last_seen",
    "last_seen_epoch",
    "rule_name",
    "case_name",
    "events_matched",
];
const BLOCKS: &[&str] = &["is_match", "is_exact_match"];

fn run(rule: &Rule, findings: &mut Findings) {
    for text in texts(rule) {
        let within = LazyCell::new(|| Within::new(text, text.span, rule.source.text()));
        for (at, name) in variables(text) {
            let Some((message, help)) = fault(name) else { continue };
            let span = within.span(Span::new(at, at + name.len()));
            findings.add(&UNKNOWN_VARIABLE, span, message).help(help);
        }
    }
}

/// Most characters between the braces of a variable.
const MAX_VARIABLE: usize = 200;

/// The first word between each `{{` and the `}}` behind it on the same line, with its offset.
fn variables(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("{{").filter_map(|(open, _)| {
        let inner = text.get(open + 2..)?;
        let end =
            inner.char_indices().take(MAX_VARIABLE).find(|(_, c)| matches!(c, '}' | '{' | '\n'));
        let (inner, rest) = inner.split_at_checked(end?.0)?;
        if !rest.starts_with("}}") {
            return None;
        }
        let name = inner.split_whitespace().next()?;
        let at = open + 2 + (inner.len() - inner.trim_start().len());
        // Anything but a name is a template of somebody else.
        let is_name = |c: char| c.is_alphanumeric() || "@#^/._-".contains(c);
        name.chars().all(is_name).then_some((at, name))
    })
}

/// What is wrong with a variable, and what to do.
fn fault(name: &str) -> Option<(String, String)> {
    if let Some(block) = name.strip_prefix(['#', '^', '/']) {
        let help = format!("the blocks of a message are {}", all_of(BLOCKS.iter().copied()));
        return (!BLOCKS.contains(&block)).then(|| (format!("there is no block `{block}`"), help));
    }
    if let Some(path) = name.strip_prefix('@') {
        let path = path.trim_start_matches('@');
        return name.starts_with("@@").then(|| {
            (format!("an attribute has one `@`, not `{name}`"), format!("write `{{{{@{path}}}}}`"))
        });
    }
    let root = name.split('.').next().unwrap_or(name);
    if VARIABLES.contains(&name) || matches!(root, "events_matched_per_query" | "host") {
        return None;
    }
    if let Some(near) = closest(name, VARIABLES.iter().copied().filter(|known| known.len() > 5)) {
        let message = format!("a signal has no `{name}`");
        return Some((message, format!("did you mean `{{{{{near}}}}}`?")));
    }
    // A tag is one word in lower case; a path of an event is not.
    (name.contains('.') || name.contains(char::is_uppercase)).then(|| {
        let message = format!("`{name}` is read as the name of a tag");
        (message, format!("write `{{{{@{name}}}}}` for an attribute of the event"))
    })
}

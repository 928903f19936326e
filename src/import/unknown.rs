//! Files that look like no kind of rule, and why.

use super::codes::UNKNOWN_KIND;
use super::json_tree;
use crate::diagnostic::{Findings, any_of};
use crate::source::Span;

/// Says why a file was not taken for a rule: it is empty, it should be JSON and is not, or it is
/// something else. `done` is what it cannot be, `kinds` the names that `--from` takes.
pub fn unknown(done: &str, kinds: impl IntoIterator<Item = &'static str>, findings: &mut Findings) {
    let source = std::sync::Arc::clone(findings.source());
    if source.text().trim().is_empty() {
        findings.add(&UNKNOWN_KIND, Span::default(), "the file is empty");
        return;
    }
    if should_be_json(source.name(), source.text()) && json_tree::read(findings).is_none() {
        return;
    }
    let message = format!("this is no rule of a kind that can be {done}");
    let finding = findings.add(&UNKNOWN_KIND, Span::default(), message);
    finding.help(format!("say what it is with `--from`: {}", any_of(kinds)));
}

/// Whether a text is one JSON value by its name or by its first characters, which are neither the
/// heading of a table in TOML nor an anchor of asciidoc. One document a line is several values.
fn should_be_json(name: &str, text: &str) -> bool {
    let text = text.trim_start();
    let inner = text.strip_prefix('[').map(str::trim_start);
    let looks = text.starts_with('{') || inner.is_some_and(|inner| inner.starts_with(['{', '"']));
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_lines = lines.next().is_some_and(json_tree::is_json) && lines.next().is_some();
    (looks || name.to_ascii_lowercase().ends_with(".json")) && !is_lines
}

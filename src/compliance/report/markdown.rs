//! For documentation and pull requests: Markdown with one table, and details that fold away.

use std::fmt::Write;

use super::gap::{claims, gaps, leanings, refusals};
use super::history::steps;
use super::terminal::{history, places};
use crate::compliance::{Audit, VersionAudit};

/// The audit as Markdown.
pub fn markdown(audit: &Audit) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# Coverage of {}\n", text(&audit.title));
    let _ = writeln!(
        out,
        "Decided from what the rules match, not from their tags. A cell says how many of the demanded parts are found, and \
         how many of these for some of their events only (*narrowed*); the sums count what is found at all and what is found in full. Evidence: \
         *proven* follows from the query, *tested* is shown by a test event of a rule, *seen* by an event of the replayed \
         logs.\n"
    );
    if !audit.note.is_empty() {
        let _ = writeln!(out, "{}\n", text(&audit.note));
    }
    for version in audit.versions.iter().rev().take(1) {
        let _ = writeln!(out, "## Version {}\n", text(&version.version));
        out.push_str(&table(&places(audit, version)));
        out.push('\n');
        details(audit, version, &mut out);
    }
    if audit.versions.len() > 1 {
        let _ = writeln!(out, "## What changes between versions\n");
        for step in steps(audit) {
            let _ = writeln!(out, "**{} to {}**\n", text(&step.from), text(&step.to));
            for change in &step.changes {
                let _ = writeln!(out, "- {}", text(change));
            }
            out.push('\n');
        }
        let _ = writeln!(out, "## History\n");
        for place in &audit.places {
            let _ = writeln!(out, "### {}\n", place.name());
            out.push_str(&table(&history(audit, *place)));
            out.push('\n');
        }
    }
    let refusals = refusals(audit);
    if !refusals.is_empty() {
        let _ = writeln!(out, "## Not generated, so not audited there\n");
    }
    for (place, rule, reason) in &refusals {
        let _ = writeln!(out, "- {place}, {}: {}", text(rule), text(reason));
    }
    if !refusals.is_empty() {
        out.push('\n');
    }
    let leanings = leanings(audit);
    if !leanings.is_empty() {
        let _ = writeln!(out, "## What this leans on\n");
    }
    for (place, words, rules) in leanings {
        let _ = writeln!(out, "- {place}, {rules} of {}: {}", audit.rules.len(), text(words));
    }
    out
}

pub(super) fn table(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| text(cell)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
        if at == 0 {
            let _ = writeln!(out, "|{}", "---|".repeat(row.len()));
        }
    }
    out
}

fn details(audit: &Audit, version: &VersionAudit, out: &mut String) {
    for gap in gaps(audit, version) {
        let _ = writeln!(
            out,
            "<details><summary>{} on {}: {} {} {}</summary>\n",
            text(&gap.control.control.number),
            gap.place,
            text(&gap.names()),
            gap.verb(),
            gap.what()
        );
        for part in &gap.parts {
            let _ = writeln!(out, "- {}", code(part));
        }
        if !gap.reasons.is_empty() {
            let _ = writeln!(out, "\n| rule | kind | condition |\n|---|---|---|");
        }
        for reason in &gap.reasons {
            let (rule, words) = (text(reason.rule), text(&reason.words));
            let _ = writeln!(out, "| {rule} | {} | {words} |", reason.kind);
        }
        if let Some(witness) = gap.witness {
            let _ = writeln!(out, "\nDemanded and not found:\n\n```json\n{witness:#}\n```");
        }
        let _ = writeln!(out, "\n</details>\n");
    }
    let claims = claims(audit, version);
    if !claims.is_empty() {
        let _ = writeln!(out, "### Claims\n\n| control | rule | |\n|---|---|---|");
        for (control, _, rule, words) in claims {
            let _ = writeln!(
                out,
                "| {} | {} | {words} |",
                text(&control.control.to_string()),
                text(rule)
            );
        }
        out.push('\n');
    }
}

/// Text in which nothing is markup: what rules say is not trusted.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let fence = "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or_default() + 1);
    let pad = if text.contains('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

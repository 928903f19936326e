//! For a terminal: a table, and below it what is missing with an event that shows it.

use std::fmt::Write;

use super::gap::{claims, gaps, leanings, refusals};
use super::history::steps;
use crate::compliance::{Audit, ControlAudit, Place, PlaceAudit, Reading, RuleRow, VersionAudit};

/// The audit as text. Several versions become a table of history, and details are those of the
/// last one.
pub fn terminal(audit: &Audit) -> String {
    let mut out = String::new();
    let reading = match audit.reading {
        Reading::Intent => "by what the controls evidently ask for",
        Reading::Literal => "by the letter of the published filters",
    };
    // Of rules without a meaning anywhere somebody else speaks.
    let is_audited = |rule: &&RuleRow| rule.refused.len() < audit.places.len();
    let rules = counted(audit.rules.iter().filter(is_audited).count());
    let _ = writeln!(out, "{}, {reading}; {rules}\n", audit.title);
    if audit.versions.len() > 1 {
        for place in &audit.places {
            let _ = writeln!(out, "{}", place.name());
            out.push_str(&table(&history(audit, *place)));
            out.push('\n');
        }
        out.push_str("what changes\n");
        for step in steps(audit) {
            for change in &step.changes {
                let _ = writeln!(out, "  {} to {}: {change}", step.from, step.to);
            }
        }
        out.push('\n');
    }
    if let Some(version) = audit.versions.last() {
        let _ = writeln!(out, "version {}", version.version);
        out.push_str(&table(&places(audit, version)));
        details(audit, version, &mut out);
    }
    let refusals = refusals(audit);
    if !refusals.is_empty() {
        out.push_str("\nnot generated, so not audited there\n");
    }
    for (place, rule, reason) in refusals {
        let _ = writeln!(out, "  {place}, {rule}: {reason}");
    }
    let leanings = leanings(audit);
    if !leanings.is_empty() {
        out.push_str("\nthis leans on\n");
    }
    for (place, words, rules) in leanings {
        let _ = writeln!(out, "  {place}, {}: {words}", counted(rules));
    }
    out
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

/// Controls of which nothing is found in a place need no line each: a name says it all.
fn unmet(audit: &Audit, version: &VersionAudit, out: &mut String) {
    for place in &audit.places {
        let is_unmet = |control: &&ControlAudit| nothing_of(control, *place);
        let numbers = version.controls.iter().filter(is_unmet);
        let numbers: Vec<&str> = numbers.map(|control| control.control.number.as_str()).collect();
        if !numbers.is_empty() {
            let _ = writeln!(out, "\nnothing of these on {}: {}", place.name(), numbers.join(", "));
        }
    }
}

/// Whether no rule finds anything of a control.
fn nothing_of(control: &ControlAudit, place: Place) -> bool {
    control.place(place).is_some_and(|found| {
        found.parts.iter().all(|part| part.state == crate::compliance::State::NotCovered)
    })
}

/// One row for each subject, one column for each version.
pub(super) fn history(audit: &Audit, place: Place) -> Vec<Vec<String>> {
    let head = audit.versions.iter().map(|version| version.version.clone());
    let mut rows = vec![std::iter::once("subject".to_owned()).chain(head).collect::<Vec<_>>()];
    let mut slugs: Vec<(&str, &str)> = Vec::new();
    for control in audit.versions.iter().flat_map(|version| &version.controls) {
        if !slugs.iter().any(|(slug, _)| *slug == control.slug) {
            slugs.push((&control.slug, &control.title));
        }
    }
    for (slug, title) in slugs {
        let cells = audit.versions.iter().map(|version| {
            let control = version.controls.iter().find(|control| control.slug == slug);
            let place = control.and_then(|control| control.place(place));
            place.map_or_else(|| "-".to_owned(), |place| place.fraction())
        });
        rows.push(std::iter::once(title.to_owned()).chain(cells).collect());
    }
    rows
}

/// One row for each control, one column for each place.
pub(super) fn places(audit: &Audit, version: &VersionAudit) -> Vec<Vec<String>> {
    let names = audit.places.iter().map(|place| place.name().to_owned());
    let head = ["control".to_owned(), "subject".to_owned()];
    let mut rows = vec![head.into_iter().chain(names).collect::<Vec<_>>()];
    for control in &version.controls {
        let cells = audit.places.iter().map(|place| {
            let Some(place) = control.place(*place) else { return "-".to_owned() };
            let grade = place.grade().map(|grade| format!(" {}", grade.name()));
            format!("{}{}", place.fraction(), grade.unwrap_or_default())
        });
        let first = [control.control.number.clone(), control.title.clone()];
        rows.push(first.into_iter().chain(cells).collect());
    }
    let scores = |title: &str, count: fn(&PlaceAudit) -> usize| {
        let found = |control: &ControlAudit, place| control.place(place).map_or(0, count);
        let of = |control: &ControlAudit, place| control.place(place).map_or(0, |p| p.parts.len());
        let sum = |number: &dyn Fn(&ControlAudit, Place) -> usize, place: Place| -> usize {
            version.controls.iter().map(|control| number(control, place)).sum()
        };
        let cells = audit.places.iter().map(|p| format!("{}/{}", sum(&found, *p), sum(&of, *p)));
        [String::new(), title.to_owned()].into_iter().chain(cells).collect::<Vec<_>>()
    };
    let reached = scores("all parts, found at all", PlaceAudit::reached);
    let covered = scores("all parts, in full", PlaceAudit::covered);
    if reached.iter().skip(2).ne(covered.iter().skip(2)) {
        rows.push(reached);
    }
    rows.push(covered);
    rows
}

pub(super) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(out, "  {}", line.trim_end());
    }
    out
}

fn details(audit: &Audit, version: &VersionAudit, out: &mut String) {
    unmet(audit, version, out);
    let places = |name: &str| audit.places.iter().find(|place| place.name() == name).copied();
    for gap in gaps(audit, version) {
        if places(gap.place).is_some_and(|place| nothing_of(gap.control, place)) {
            continue;
        }
        let number = &gap.control.control.number;
        let _ = writeln!(
            out,
            "\n{number} on {}: {} {} {}",
            gap.place,
            gap.names(),
            gap.verb(),
            gap.what()
        );
        for reason in &gap.reasons {
            let _ = writeln!(out, "  {} ({}): {}", reason.rule, reason.kind, reason.words);
        }
        if let Some(witness) = gap.witness {
            let _ = writeln!(out, "  demanded and not found: {witness}");
        }
    }
    let claims = claims(audit, version);
    if !claims.is_empty() {
        out.push('\n');
    }
    for (control, _, rule, words) in claims {
        let _ = writeln!(out, "{}: {rule}: {words}", control.control);
    }
}

//! For spreadsheets: one row for each part of each control in each place (RFC 4180).

use crate::compliance::{Audit, Verdict};

/// The columns.
const HEAD: [&str; 13] = [
    "framework",
    "version",
    "control",
    "subject",
    "level",
    "assessment",
    "place",
    "part",
    "state",
    "evidence",
    "rules",
    "narrowed_by",
    "witness",
];

/// The audit as CSV.
pub fn csv(audit: &Audit) -> String {
    let mut out = line(HEAD.iter().map(|head| (*head).to_owned()));
    for version in &audit.versions {
        for control in &version.controls {
            for place in &control.places {
                for part in &place.parts {
                    let mut titles = Vec::new();
                    let mut narrowed = Vec::new();
                    for (rule, verdict) in &part.rules {
                        titles.extend(audit.rules.get(*rule).map(|rule| rule.title.as_str()));
                        if let Verdict::Narrowed { by, .. } = verdict {
                            narrowed.extend(by.iter().map(|one| one.condition.as_str()));
                        }
                    }
                    narrowed.dedup();
                    let witness = part.witness.as_ref().map(ToString::to_string);
                    out.push_str(&line([
                        audit.framework.clone(),
                        version.version.clone(),
                        control.control.number.clone(),
                        control.title.clone(),
                        control.level.to_string(),
                        control.assessment.clone(),
                        place.place.name().to_owned(),
                        part.name.clone(),
                        part.state.name().to_owned(),
                        part.grade.map_or("", |grade| grade.name()).to_owned(),
                        titles.join("; "),
                        narrowed.join("; "),
                        witness.unwrap_or_default(),
                    ]));
                }
            }
        }
    }
    out
}

pub(super) fn line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotes where it needs them. Spreadsheets take a text that starts with one of four
/// signs for a formula; an apostrophe in front of it keeps it a text. Numbers are left alone.
fn cell(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text };
    let quoted = text.contains(['"', ',', '\n', '\r', ';']);
    if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

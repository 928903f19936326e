//! For programs: one JSON array, places with byte offsets as well as lines and columns.

use serde_json::{Value, json};

use crate::diagnostic::Finding;
use crate::source::Place;

/// Renders findings as a JSON array; keys are stable.
pub fn json(findings: &[Finding]) -> Value {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> Value {
    json!({
        "code": finding.code.name,
        "severity": finding.severity,
        "message": finding.message,
        "place": finding.place.as_ref().map(place),
        "label": finding.label,
        "related": finding.related.iter().map(|(at, label)| {
            json!({"place": place(at), "label": label})
        }).collect::<Vec<_>>(),
        "help": finding.help,
    })
}

fn place(place: &Place) -> Value {
    let start = place.start();
    let end = place.end();
    json!({
        "file": place.source.name(),
        "start": {"line": start.line, "column": start.column, "offset": place.span.start},
        "end": {"line": end.line, "column": end.column, "offset": place.span.end},
    })
}

//! For GitLab: a code quality report, the subset of Code Climate's issues that merge requests show.

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::clean;
use crate::diagnostic::{Finding, Severity};

/// Where findings about a run as a whole are put: the format has none without a path.
const ROOT: &str = ".";

/// Renders findings as a code quality report.
pub fn gitlab(findings: &[Finding]) -> Value {
    let mut seen = HashMap::new();
    findings.iter().map(|finding| issue(finding, &mut seen)).collect()
}

/// `seen` counts findings that say the same of one file.
fn issue<'f>(finding: &'f Finding, seen: &mut HashMap<[&'f str; 3], usize>) -> Value {
    let path = finding.place.as_ref().map_or(ROOT, |place| place.source.name());
    let key = [finding.code.name, path, &finding.message];
    let nth = seen.entry(key).and_modify(|nth| *nth += 1).or_insert(0);
    let mut location = json!({"path": path, "lines": {"begin": 1}});
    if let Some(place) = &finding.place {
        let (start, end) = (place.start(), place.end());
        location["lines"] = json!({"begin": start.line, "end": end.line});
    }
    json!({
        "description": clean(&finding.message),
        "check_name": finding.code.name,
        "fingerprint": fingerprint(key, *nth),
        "severity": match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        "location": location,
    })
}

/// The line is no part of it, so that a finding stays the same when lines above it come and go.
/// GitLab shows only the first of two issues with one fingerprint, hence `nth`.
fn fingerprint(key: [&str; 3], nth: usize) -> String {
    let mut hash = Sha256::new();
    for part in key {
        hash.update(part.as_bytes());
        // No text holds this byte, so the parts cannot run into each other.
        hash.update([0xff]);
    }
    hash.update(nth.to_string().as_bytes());
    // Half of the hash tells apart more findings than there will ever be.
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

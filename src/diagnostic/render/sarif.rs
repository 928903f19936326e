//! For code scanning: SARIF 2.1.0, one run with the codes that occur as its rules.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::clean;
use crate::diagnostic::{Code, Edit, Finding, Fix, Severity};
use crate::source::{Place, SourceFile};

/// What stands for itself in the path of a URI (RFC 3986, 3.3), less the colon, which a first
/// segment may not have.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'+')
    .remove(b'=')
    .remove(b'@');

/// Renders findings as a SARIF log. Lines and columns start at 1 and count characters.
pub fn sarif(findings: &[Finding]) -> Value {
    let codes: BTreeMap<&str, &Code> =
        findings.iter().map(|finding| (finding.code.name, finding.code)).collect();
    let index: BTreeMap<&str, usize> =
        codes.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "crosswalk",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.into_values().map(rule).collect::<Value>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(|finding| result(finding, &index)).collect::<Value>(),
        }],
    })
}

fn rule(code: &Code) -> Value {
    let help = code.markdown();
    json!({
        "id": code.name,
        "shortDescription": {"text": code.summary()},
        "fullDescription": {"text": help},
        "help": {"text": help, "markdown": help},
        "defaultConfiguration": {"level": level(code.severity)},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let mut text = clean(&finding.message);
    if let Some(help) = &finding.help {
        text = format!("{text}\nhelp: {}", clean(help));
    }
    let mut result = json!({
        "ruleId": finding.code.name,
        "ruleIndex": index.get(finding.code.name),
        "level": level(finding.severity),
        "message": message(&text),
    });
    let Some(place) = &finding.place else {
        // Code scanning refuses a whole log for one result without a location.
        result["locations"] = json!([{"physicalLocation": {"artifactLocation": {"uri": "."}}}]);
        return result;
    };
    result["locations"] = json!([{"physicalLocation": physical(place)}]);
    if !finding.related.is_empty() {
        let related = finding.related.iter().map(|(place, label)| {
            json!({"physicalLocation": physical(place), "message": message(&clean(label))})
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &finding.fix {
        let description = finding.help.as_deref().unwrap_or(finding.code.summary());
        result["fixes"] = json!([changes(fix, place, description)]);
    }
    result
}

/// Braces are doubled, because a single one starts a placeholder (SARIF 2.1.0, 3.11.5).
fn message(text: &str) -> Value {
    json!({"text": text.replace('{', "{{").replace('}', "}}")})
}

fn changes(fix: &Fix, place: &Place, description: &str) -> Value {
    let replacement = |edit: &Edit| {
        json!({
            "deletedRegion": region(&Place::new(&place.source, edit.span)),
            "insertedContent": {"text": edit.replacement},
        })
    };
    json!({
        "description": message(&clean(description)),
        "artifactChanges": [{
            "artifactLocation": artifact(&place.source),
            "replacements": fix.edits.iter().map(replacement).collect::<Value>(),
        }],
    })
}

fn physical(place: &Place) -> Value {
    json!({"artifactLocation": artifact(&place.source), "region": region(place)})
}

/// Names are paths as the user wrote them: relative ones stay relative, as code scanning wants.
fn artifact(source: &SourceFile) -> Value {
    let path = utf8_percent_encode(source.name(), PATH);
    let scheme = if source.name().starts_with('/') { "file://" } else { "" };
    json!({"uri": format!("{scheme}{path}")})
}

fn region(place: &Place) -> Value {
    let (start, end) = (place.start(), place.end());
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

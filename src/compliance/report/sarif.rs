//! For code scanning: SARIF 2.1.0. A gap is a result at the rules that leave it open, and a claim
//! that does not hold one at the rule that makes it.

use serde_json::{Value, json};

use super::gap::{claims, gaps};
use crate::compliance::Audit;
use crate::compliance::codes::{CONTROL_CLAIM, COVERAGE_GAP};
use crate::diagnostic::render::sarif as render;
use crate::diagnostic::{Code, Finding};
use crate::source::Place;

/// The audit as a SARIF log. `places` has the place of each rule's title, by index.
pub fn sarif(audit: &Audit, places: &[Place]) -> Value {
    render(&findings(audit, places))
}

/// What the audit finds, for whatever shows findings.
pub fn findings(audit: &Audit, places: &[Place]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for version in &audit.versions {
        for gap in gaps(audit, version) {
            let message = format!(
                "{} on {}: {} {}",
                gap.control.control,
                gap.place,
                gap.parts.join(", "),
                gap.what()
            );
            let mut rules: Vec<usize> = gap.reasons.iter().map(|reason| reason.index).collect();
            rules.dedup();
            let mut finding = at(&COVERAGE_GAP, message, rules.first(), places);
            let related = rules.iter().skip(1).filter_map(|rule| places.get(*rule));
            for place in related {
                finding.related(place.clone(), "finds some of it, too");
            }
            if let Some(reason) = gap.reasons.first() {
                finding.help(format!("{}: {}", reason.kind, reason.words));
            }
            findings.push(finding);
        }
        for (control, rule, title, words) in claims(audit, version) {
            let message = format!("{}: {title}: {words}", control.control);
            findings.push(at(&CONTROL_CLAIM, message, Some(&rule), places));
        }
    }
    findings
}

fn at(code: &'static Code, message: String, rule: Option<&usize>, places: &[Place]) -> Finding {
    match rule.and_then(|rule| places.get(*rule)) {
        Some(place) => Finding::new(code, place.clone(), message),
        None => Finding::general(code, message),
    }
}

/// The properties that make results of one audit comparable with those of the next.
pub fn summary(audit: &Audit) -> Value {
    let versions = audit.versions.iter().map(|version| {
        let places = audit.places.iter().map(|place| {
            let (covered, of) = audit.score(version, *place);
            (place.name().to_owned(), json!({"covered": covered, "of": of}))
        });
        (version.version.clone(), Value::Object(places.collect()))
    });
    Value::Object(versions.collect())
}

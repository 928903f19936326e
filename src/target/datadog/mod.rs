//! Datadog detection rules: the payload that creates a standard rule.

mod envelope;
mod message;
mod tags;

use super::compile::{self, Failure, Platform};
use super::{Artifact, Emission, Output, Payload, QueryText, Request, judge, payload};
use crate::config::Target;
use crate::fields::View;
use crate::language::datadog;
use crate::language::sigma::Condition;
use crate::rule::{CaseStatus, Level, Shape};
use crate::source::Spanned;

static PLATFORM: Platform<datadog::Query> =
    Platform { name: "Datadog", view: View::Datadog, raise: datadog::raise };

/// One named query with the case that it feeds.
#[derive(Debug)]
struct Named<'r> {
    /// The name of the query.
    query: String,
    /// The title of the case.
    case: String,
    /// The status of its signals.
    status: CaseStatus,
    /// Whom to tell.
    notifications: &'r [String],
    /// The condition behind the query; the rule's own if `None`.
    condition: Option<&'r Spanned<Condition>>,
}

/// Writes one rule.
pub fn emit(request: &Request<'_>) -> Emission {
    match try_emit(request) {
        Ok(emission) => emission,
        Err(failure) => PLATFORM.failed(request, &request.rule.sections.datadog.accept, failure),
    }
}

fn try_emit(request: &Request<'_>) -> Result<Emission, Failure> {
    let variant = &request.rule.sections.datadog;
    let named = named(request)?;
    let mut compiled = Vec::new();
    let mut refused = Vec::new();
    for one in &named {
        match PLATFORM.compile(request, one.condition.map(|condition| &condition.value)) {
            Ok(query) => compiled.push(query),
            Err(Failure::Refused(more)) => refused.extend(more),
            Err(failure) => return Err(failure),
        }
    }
    if !refused.is_empty() {
        refused.dedup();
        return Err(Failure::Refused(refused));
    }
    let texts: Vec<String> =
        compiled.iter().map(|query| datadog::print(&query.query.value)).collect();
    let payload = envelope::payload(request, &PLATFORM, &named, &compiled, &texts)?;
    let window = envelope::window_loss(request, compiled.first().map(|query| &query.shape));
    let costs = compiled.into_iter().map(|query| (query.query.losses, query.query.assumptions));
    let (mut losses, assumptions) = compile::merged(costs);
    losses.extend(window);
    let own: Vec<_> = named.iter().filter_map(|one| one.condition).collect();
    let mut findings =
        judge::judge(request, PLATFORM.name, variant.span, &own, &mut losses, &variant.accept);
    findings.extend(envelope::contradictions(request));
    findings.extend(payload::findings(request, Payload::Datadog, &payload));
    let queries = named
        .iter()
        .zip(texts)
        .map(|(one, text)| QueryText { name: Some(one.query.clone()), language: "datadog", text })
        .collect();
    let artifacts = vec![Artifact::json(format!("datadog/{}.json", request.name), &payload)];
    let accepted = variant.accept.clone();
    let output = Output {
        target: Target::Datadog,
        payload,
        queries,
        losses,
        assumptions,
        accepted,
        artifacts,
    };
    Ok(Emission { output: Some(output), refused: Vec::new(), findings })
}

/// The cases of the variant, or one case for the whole rule.
fn named<'r>(request: &Request<'r>) -> Result<Vec<Named<'r>>, Failure> {
    let (header, variant) = (&request.rule.header, &request.rule.sections.datadog);
    if variant.cases.is_empty() {
        let level = header.level.as_ref().ok_or_else(|| envelope::no_status(request))?;
        return Ok(vec![Named {
            query: query_name(request.name, &[]),
            case: header.title.clone(),
            status: status(level.value),
            notifications: &[],
            condition: variant.condition.as_ref(),
        }]);
    }
    let mut named: Vec<Named<'r>> = Vec::new();
    for case in &variant.cases {
        let query = query_name(&case.name, &named);
        named.push(Named {
            query,
            case: case.name.value.clone(),
            status: case.status,
            notifications: &case.notifications,
            condition: Some(&case.condition),
        });
    }
    Ok(named)
}

fn status(level: Level) -> CaseStatus {
    match level {
        Level::Informational => CaseStatus::Info,
        Level::Low => CaseStatus::Low,
        Level::Medium => CaseStatus::Medium,
        Level::High => CaseStatus::High,
        Level::Critical => CaseStatus::Critical,
    }
}

/// `security group created` as `security_group_created`: queries are named by words that a case's
/// condition can hold.
fn query_name(title: &str, taken: &[Named<'_>]) -> String {
    let word: String = title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    let parts: Vec<&str> = word.split('_').filter(|part| !part.is_empty()).collect();
    let mut name = parts.join("_");
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "query_");
    }
    let base = name.trim_end_matches('_').to_owned();
    let is_taken = |name: &str| taken.iter().any(|one| one.query == name);
    let mut candidate = base.clone();
    let mut number = 2;
    while is_taken(&candidate) {
        candidate = format!("{base}_{number}");
        number += 1;
    }
    candidate
}

/// How a signal counts what a query finds, by the shape of the rule.
fn threshold(shape: &Shape) -> u64 {
    match shape {
        Shape::Threshold { at_least, .. } => *at_least,
        _ => 1,
    }
}

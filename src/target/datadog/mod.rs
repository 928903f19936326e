//! Datadog detection rules: the payload that creates a standard rule.

mod envelope;
mod message;
mod tags;

use serde_json::Value as Json;

use super::compile::{self, Compiled, Failure, Platform};
use super::judge::{self, Variant};
use super::{Artifact, Emission, Output, Payload, QueryText, Request, patch, payload};
use crate::config::Target;
use crate::fields::View;
use crate::language::datadog;
use crate::language::sigma::Condition;
use crate::rule::{CaseStatus, Level, Logic, Shape};
use crate::source::Spanned;

const PLATFORM: Platform = Platform { name: "Datadog", view: View::Datadog };

/// Places of the body that decide what a rule detects (`schemas/datadog/rule-create`).
const LOGIC: &[&str] = &[
    "/type",
    "/queries",
    "/cases",
    "/thirdPartyCases",
    "/filters",
    "/calculatedFields",
    "/groupSignalsBy",
    "/options/detectionMethod",
    "/options/evaluationWindow",
    "/options/newValueOptions",
    "/options/anomalyDetectionOptions",
    "/options/impossibleTravelOptions",
    "/options/sequenceDetectionOptions",
    "/options/thirdPartyRuleOptions",
];

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
    if is_native(request) {
        return Ok(native(request));
    }
    let named = named(request)?;
    let compiled = compile(request, &named)?;
    let generated = envelope::payload(request, &PLATFORM, &named, &compiled)?;
    let mut payload = generated.clone();
    if let Some(patch) = &variant.patch {
        patch::merge(&mut payload, patch);
        restore_conditions(&generated, &mut payload);
    }
    let window = envelope::window_loss(request, compiled.first().map(|query| &query.shape));
    let costs = compiled.into_iter().map(|query| (query.query.losses, query.query.assumptions));
    let (mut losses, assumptions) = compile::merged(costs);
    losses.extend(window);
    losses.extend(patch::changed(&generated, &payload, LOGIC));
    let own: Vec<_> = named.iter().filter_map(|one| one.condition).collect();
    let mut findings = judge::judge(request, &section(request, &own), &mut losses);
    findings.extend(envelope::contradictions(request));
    findings.extend(payload::findings(request, Payload::Datadog, &payload));
    let accepted = judge::used(&variant.accept, &losses);
    let artifacts = vec![Artifact::json(format!("datadog/{}.json", request.name), &payload)];
    let queries = queries(&payload);
    let target = Target::Datadog;
    let output = Output { target, payload, queries, losses, assumptions, accepted, artifacts };
    Ok(Emission { output: Some(output), refused: Vec::new(), waived: None, findings })
}

/// Gives the generated condition to a case that the patch names without one: conditions speak of
/// queries by names that the target chooses.
fn restore_conditions(generated: &Json, payload: &mut Json) {
    let made = generated["cases"].as_array().into_iter().flatten();
    let cases = payload.get_mut("cases").and_then(Json::as_array_mut).into_iter().flatten();
    for (made, case) in made.zip(cases.filter_map(Json::as_object_mut)) {
        if let (None, Some(condition)) = (case.get("condition"), made.get("condition")) {
            case.insert("condition".to_owned(), condition.clone());
        }
    }
}

/// The body as the rule gives it, before the section's patch; `None` if the rule is refused.
pub fn unpatched(request: &Request<'_>) -> Option<Json> {
    if is_native(request) {
        return Some(envelope::shell(request));
    }
    let named = named(request).ok()?;
    let compiled = compile(request, &named).ok()?;
    envelope::payload(request, &PLATFORM, &named, &compiled).ok()
}

/// Whether a tag says what the rule itself says: where it comes from, ATT&CK, a claim.
pub fn is_generated_tag(tag: &str) -> bool {
    tags::GENERATED.contains(&tag.split(':').next().unwrap_or_default())
}

/// Whether the section brings the queries in its own words.
fn is_native(request: &Request<'_>) -> bool {
    matches!(request.rule.logic, Logic::Native { .. })
        && request.rule.sections.datadog.patch.is_some()
}

/// One query a case, or everything that is refused.
fn compile(request: &Request<'_>, named: &[Named<'_>]) -> Result<Vec<Compiled>, Failure> {
    let mut compiled = Vec::new();
    let mut refused = Vec::new();
    for one in named {
        let condition = one.condition.map(|condition| &condition.value);
        match PLATFORM.compile(request, &datadog::Datadog, condition) {
            Ok(query) => compiled.push(query),
            Err(Failure::Refused(more)) => refused.extend(more),
            Err(failure) => return Err(failure),
        }
    }
    refused.dedup();
    if refused.is_empty() { Ok(compiled) } else { Err(Failure::Refused(refused)) }
}

/// A rule whose queries the section's patch brings. Without queries, as after the import of a
/// documentation page, there is a page to make of it and no rule.
fn native(request: &Request<'_>) -> Emission {
    let variant = &request.rule.sections.datadog;
    let mut payload = envelope::shell(request);
    if let Some(patch) = &variant.patch {
        patch::merge(&mut payload, patch);
    }
    let mut losses = Vec::new();
    let mut findings = judge::judge(request, &section(request, &[]), &mut losses);
    let mut artifacts = Vec::new();
    if payload["queries"].is_array() {
        findings.extend(payload::findings(request, Payload::Datadog, &payload));
        artifacts.push(Artifact::json(format!("datadog/{}.json", request.name), &payload));
    } else {
        findings.push(super::without_query(request, PLATFORM.name));
    }
    let output = Output {
        target: Target::Datadog,
        queries: queries(&payload),
        payload,
        losses,
        assumptions: Vec::new(),
        accepted: Vec::new(),
        artifacts,
    };
    Emission { output: Some(output), refused: Vec::new(), waived: None, findings }
}

fn section<'v>(request: &Request<'v>, own: &'v [&'v Spanned<Condition>]) -> Variant<'v> {
    let variant = &request.rule.sections.datadog;
    Variant {
        platform: PLATFORM.name,
        view: PLATFORM.view,
        span: variant.span,
        own,
        accept: &variant.accept,
    }
}

/// The queries of a finished body.
fn queries(body: &Json) -> Vec<QueryText> {
    let queries = body["queries"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |query: &Json| {
        let name = query["name"].as_str().map(str::to_owned);
        Some(QueryText { name, language: "datadog", text: query["query"].as_str()?.to_owned() })
    };
    queries.iter().filter_map(text).collect()
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

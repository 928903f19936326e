//! The body of a standard rule (Datadog API v2, `SecurityMonitoringStandardRuleCreatePayload`).

use serde_json::{Map, Value as Json, json};

use super::super::compile::{Compiled, Failure, Platform, place};
use super::super::{Request, codes};
use super::{Named, message, tags, threshold};
use crate::diagnostic::Finding;
use crate::language::datadog;
use crate::query::{Effect, FieldPath, Loss, Refusal};
use crate::rule::{Count, DatadogVariant, Duration, Logic, Shape};
use crate::source::Spanned;

/// Days that a "new value" rule remembers at most.
const MAX_MEMORY_DAYS: u64 = 30;

/// The body of a rule whose logic the patch brings: everything but queries and cases.
pub(super) fn shell(request: &Request<'_>) -> Json {
    let variant = &request.rule.sections.datadog;
    json!({
        "name": variant.name.as_ref().unwrap_or(&request.rule.header.title),
        "type": "log_detection",
        "isEnabled": variant.enabled.unwrap_or(true),
        "message": message::message(request.rule),
        "hasExtendedTitle": variant.has_extended_title.unwrap_or(true),
        "tags": tags::tags(request, None),
    })
}

/// The whole body.
pub(super) fn payload(
    request: &Request<'_>,
    platform: &Platform,
    named: &[Named<'_>],
    compiled: &[Compiled],
) -> Result<Json, Failure> {
    let variant = &request.rule.sections.datadog;
    let mut queries = Vec::new();
    for (one, query) in named.iter().zip(compiled) {
        queries.push(self::query(request, platform, one, query)?);
    }
    let cases: Vec<Json> =
        named.iter().zip(compiled).map(|(one, query)| case(one, &query.shape)).collect();
    let shape = compiled.first().map(|query| &query.shape);
    let body = json!({
        "name": variant.name.as_ref().unwrap_or(&request.rule.header.title),
        "type": "log_detection",
        "isEnabled": variant.enabled.unwrap_or(true),
        "message": message::message(request.rule),
        "queries": queries,
        "cases": cases,
        "options": options(request, shape)?,
        "hasExtendedTitle": variant.has_extended_title.unwrap_or(true),
        "tags": tags::tags(request, compiled.first()),
    });
    Ok(body)
}

fn query(
    request: &Request<'_>,
    platform: &Platform,
    named: &Named<'_>,
    compiled: &Compiled,
) -> Result<Json, Failure> {
    let facet = |field: &FieldPath| {
        platform.field(&compiled.vocabulary, field).map(|field| facet_name(&field))
    };
    let facets = |fields: &[FieldPath]| fields.iter().map(facet).collect::<Result<Vec<_>, _>>();
    let own = request.rule.sections.datadog.group_by.iter();
    let own: Vec<FieldPath> = own.map(|field| FieldPath::new(field.as_str())).collect();
    let mut query = Map::new();
    query.insert("name".into(), json!(named.query));
    query.insert("dataSource".into(), json!("logs"));
    query.insert("query".into(), json!(compiled.query.value.print()));
    let (aggregation, group_by) = match &compiled.shape {
        Shape::NewValue { fields, .. } => {
            query.insert("metrics".into(), json!(facets(fields)?));
            ("new_value", own)
        }
        Shape::Threshold { count, group_by, .. } => {
            let aggregation = match count {
                Count::Events => "count",
                Count::Distinct(field) => {
                    query.insert(
                        "distinctFields".into(),
                        json!(facets(std::slice::from_ref(field))?),
                    );
                    "cardinality"
                }
            };
            (aggregation, group_by.clone())
        }
        Shape::Match(_) | Shape::Correlation(_) => ("count", own),
    };
    query.insert("aggregation".into(), json!(aggregation));
    query.insert("groupByFields".into(), json!(facets(&group_by)?));
    let optional = request.rule.sections.datadog.group_by_optional.unwrap_or(true);
    let counts = matches!(compiled.shape, Shape::Threshold { .. });
    if !counts && !group_by.is_empty() && optional {
        // Otherwise events that lack a field of the group raise no signal: the group of a rule that
        // does not count sorts its signals and must not select them.
        query.insert("hasOptionalGroupByFields".into(), json!(true));
    }
    Ok(Json::Object(query))
}

/// How group-by lists call a field: as queries do.
fn facet_name(path: &FieldPath) -> String {
    datadog::Field::of(path).map_or_else(|| path.to_string(), |field| datadog::print_field(&field))
}

/// A new value needs no condition: its first sight is the signal.
fn case(named: &Named<'_>, shape: &Shape) -> Json {
    let mut case = json!({
        "name": named.case,
        "status": named.status,
        "notifications": named.notifications,
    });
    match (shape, threshold(shape)) {
        (Shape::NewValue { .. }, _) => {}
        (_, 1) => case["condition"] = json!(format!("{} > 0", named.query)),
        (_, at_least) => case["condition"] = json!(format!("{} >= {at_least}", named.query)),
    }
    case
}

fn options(request: &Request<'_>, shape: Option<&Shape>) -> Result<Json, Failure> {
    let variant = &request.rule.sections.datadog;
    let seconds = |duration: Option<&Spanned<Duration>>, otherwise: u64| {
        duration.map_or(otherwise, |duration| duration.value.seconds())
    };
    let window = match shape {
        Some(Shape::Threshold { window, .. }) => offered(*window, variant)?,
        _ => 300,
    };
    let mut options = json!({
        "detectionMethod": "threshold",
        "evaluationWindow": seconds(variant.evaluation_window.as_ref(), window),
        "keepAlive": seconds(variant.keep_alive.as_ref(), 3600),
        "maxSignalDuration": seconds(variant.max_signal_duration.as_ref(), 3600),
        "decreaseCriticalityBasedOnEnv": variant.decrease_criticality_based_on_env.unwrap_or(false),
    });
    if let Some(Shape::NewValue { history, .. }) = shape {
        options["detectionMethod"] = json!("new_value");
        options["newValueOptions"] = json!({
            "forgetAfter": memory(*history)?,
            "learningDuration": learning(*history),
            "learningMethod": "duration",
        });
        // A first sight has no window.
        if let Some(options) = options.as_object_mut() {
            options.remove("evaluationWindow");
        }
    }
    Ok(options)
}

/// The window of a threshold, which must be one that Datadog offers unless the author chose another.
fn offered(window: Duration, variant: &DatadogVariant) -> Result<u64, Failure> {
    let seconds = window.seconds();
    if DatadogVariant::WINDOWS.contains(&seconds) || variant.evaluation_window.is_some() {
        return Ok(seconds);
    }
    let reason = format!("it counts over no window of {}", window.in_words());
    Err(Failure::Refused(vec![Refusal { code: "window", field: None, reason }]))
}

/// A chosen window counts over another time than the rule.
pub(super) fn window_loss(request: &Request<'_>, shape: Option<&Shape>) -> Option<Loss> {
    let Some(Shape::Threshold { window, .. }) = shape else { return None };
    let chosen = request.rule.sections.datadog.evaluation_window.as_ref()?;
    let reason = format!("it counts over another time than the rule's {}", window.in_words());
    let loss = Loss { code: "window", effect: Effect::Overlapping, field: None, reason };
    (chosen.value.seconds() != window.seconds()).then_some(loss)
}

/// Days in which values are learnt and raise no signal: on the first day every value would be new.
/// Datadog learns for at most a week.
fn learning(history: Duration) -> u64 {
    if history.seconds() >= 7 * 86_400 { 7 } else { 1 }
}

/// Datadog remembers whole days.
fn memory(history: Duration) -> Result<u64, Failure> {
    let seconds = history.seconds();
    let days = seconds / 86_400;
    if seconds.is_multiple_of(86_400) && (1..=MAX_MEMORY_DAYS).contains(&days) {
        return Ok(days);
    }
    let reason = format!(
        "it remembers values for 1 to {MAX_MEMORY_DAYS} whole days, not {}",
        history.in_words()
    );
    Err(Failure::Refused(vec![Refusal { code: "history", field: None, reason }]))
}

/// What the section says and a rule of this shape cannot have, or generated tags already say.
pub(super) fn contradictions(request: &Request<'_>) -> Vec<Finding> {
    let variant = &request.rule.sections.datadog;
    let mut findings = Vec::new();
    if let (Logic::Correlation(_), Some(first)) = (&request.rule.logic, variant.group_by.first()) {
        let message = "the groups of a correlation are those of its `group-by`";
        findings.push(Finding::new(&codes::INCOMPLETE, place(request, first.span), message));
    }
    for tag in &variant.tags {
        let key = tag.split(':').next().unwrap_or_default();
        if super::is_generated_tag(tag) {
            let at = variant.span.unwrap_or(request.rule.header.title_span);
            let message =
                format!("the tag `{tag}` contradicts the `{key}` that the rule itself gives");
            findings.push(Finding::new(&codes::INCOMPLETE, place(request, at), message));
        }
    }
    findings
}

/// The failure of a rule without cases and without a level.
pub(super) fn no_status(request: &Request<'_>) -> Failure {
    let at = place(request, request.rule.header.title_span);
    let mut finding =
        Finding::new(&codes::INCOMPLETE, at, "Datadog needs a status, and the rule has no `level`");
    finding.help("add `level:` to the rule, or `cases:` to its section `datadog`");
    Failure::Rule(vec![finding])
}

//! The body of a rule as Kibana's API takes it (`schemas/elastic`).

use serde_json::{Map, Value as Json, json};

use super::super::compile::{Compiled, Failure, Platform, place};
use super::super::{Request, codes};
use super::threat::threat;
use crate::diagnostic::Finding;
use crate::language::kql;
use crate::query::FieldPath;
use crate::rule::{Count, Duration, MissingFields, Severity, Shape, Suppression};

/// The whole body, fields in the order of Kibana's own exports: what, when, which events, why.
pub(super) fn payload(
    request: &Request<'_>,
    platform: &Platform<kql::Query>,
    compiled: &Compiled<'_, kql::Query>,
    query: &str,
) -> Result<Json, Failure> {
    let rule = request.rule;
    let (header, variant) = (&rule.header, &rule.sections.elastic);
    let severity = severity(request)?;
    let mut body = Body(Map::new());
    body.set(
        "rule_id",
        variant.rule_id.or(header.id.as_ref().map(|id| id.value)).map(|id| id.to_string()),
    );
    body.set("name", Some(variant.name.as_ref().unwrap_or(&header.title)));
    // Kibana demands a description; a rule without one is described by its title.
    body.set("description", Some(header.description.as_deref().unwrap_or(&header.title).trim()));
    shape(&mut body, request, platform, compiled, query)?;
    body.set("severity", Some(severity.word()));
    body.set(
        "risk_score",
        Some(variant.risk_score.as_ref().map_or(severity.risk_score(), |s| s.value)),
    );
    schedule(&mut body, request, &compiled.shape);
    body.set("max_signals", variant.max_signals);
    body.set("enabled", variant.enabled);
    body.set("building_block_type", variant.building_block.then_some("default"));
    body.set("author", Some(header.authors()));
    body.set("license", variant.license.as_ref().or(header.license.as_ref()));
    body.set("version", Some(variant.version.unwrap_or_else(|| version(request))));
    body.list("tags", tags(request));
    body.list("references", header.references.iter().map(|url| url.value.clone()).collect());
    body.list("false_positives", header.falsepositives.clone());
    body.set("note", rule.sections.triage.as_ref().map(|text| note(text)));
    body.set("setup", variant.setup.as_deref().map(str::trim_end));
    body.set("timestamp_override", variant.timestamp_override.as_ref());
    if !variant.investigation_fields.is_empty() {
        body.set(
            "investigation_fields",
            Some(json!({"field_names": variant.investigation_fields})),
        );
    }
    body.set("alert_suppression", variant.alert_suppression.as_ref().map(suppression));
    let threat = threat(header);
    body.set("threat", (!threat.is_empty()).then_some(threat));
    Ok(Json::Object(body.0))
}

/// A JSON object that leaves out what is absent.
struct Body(Map<String, Json>);

impl Body {
    fn set(&mut self, key: &str, value: Option<impl serde::Serialize>) {
        if let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) {
            self.0.insert(key.to_owned(), value);
        }
    }

    fn list(&mut self, key: &str, values: Vec<String>) {
        self.set(key, (!values.is_empty()).then_some(values));
    }
}

fn severity(request: &Request<'_>) -> Result<Severity, Failure> {
    let variant = &request.rule.sections.elastic;
    let level = request.rule.header.level.as_ref().map(|level| Severity::of_level(level.value));
    variant.severity.as_ref().map(|severity| severity.value).or(level).ok_or_else(|| {
        let at = place(request, request.rule.header.title_span);
        let mut finding = Finding::new(
            &codes::INCOMPLETE,
            at,
            "Elastic needs a severity, and the rule has no `level`",
        );
        finding.help("add `level:` to the rule, or `severity:` to its section `elastic`");
        Failure::Rule(vec![finding])
    })
}

/// Type, index, query and what the type adds.
fn shape(
    body: &mut Body,
    request: &Request<'_>,
    platform: &Platform<kql::Query>,
    compiled: &Compiled<'_, kql::Query>,
    query: &str,
) -> Result<(), Failure> {
    let name = |field: &FieldPath| {
        platform.field(compiled.catalog, field).map(|field| field.as_str().to_owned())
    };
    let names = |fields: &[FieldPath]| fields.iter().map(name).collect::<Result<Vec<_>, _>>();
    let kind = match &compiled.shape {
        Shape::NewValue { .. } => "new_terms",
        Shape::Threshold { .. } => "threshold",
        Shape::Match(_) | Shape::Correlation(_) => "query",
    };
    body.set("type", Some(kind));
    body.set("language", Some("kuery"));
    let own = &request.rule.sections.elastic.index;
    let index = if own.is_empty() { &request.elastic.index } else { own };
    body.list("index", index.clone());
    body.set("query", Some(query));
    match &compiled.shape {
        Shape::NewValue { fields, history, .. } => {
            body.set("new_terms_fields", Some(names(fields)?));
            body.set("history_window_start", Some(format!("now-{}", in_elastic_units(*history))));
        }
        Shape::Threshold { count, at_least, group_by, .. } => {
            let (value, cardinality) = match count {
                Count::Events => (*at_least, Vec::new()),
                Count::Distinct(field) => {
                    (1, vec![json!({"field": name(field)?, "value": at_least})])
                }
            };
            let mut threshold = json!({"field": names(group_by)?, "value": value});
            if !cardinality.is_empty() {
                threshold["cardinality"] = Json::Array(cardinality);
            }
            body.set("threshold", Some(threshold));
        }
        Shape::Match(_) | Shape::Correlation(_) => {}
    }
    Ok(())
}

/// How often and how far back. A threshold looks at its whole window in each run.
fn schedule(body: &mut Body, request: &Request<'_>, shape: &Shape) {
    let (variant, defaults) = (&request.rule.sections.elastic, request.elastic);
    let interval = variant.interval.as_ref().map(|interval| in_elastic_units(interval.value));
    body.set("interval", interval.or_else(|| defaults.interval.clone()));
    let window = match shape {
        Shape::Threshold { window, .. } => Some(format!("now-{}", in_elastic_units(*window))),
        _ => None,
    };
    let from = variant.from.as_ref().map(|from| from.value.clone());
    body.set("from", from.or(window).or_else(|| defaults.from.clone()));
    body.set("to", variant.to.as_ref().map(|to| to.value.clone()));
}

/// Kibana's intervals know no weeks.
fn in_elastic_units(duration: Duration) -> String {
    match duration.unit {
        crate::rule::Unit::Week => format!("{}d", duration.count * 7),
        _ => duration.to_string(),
    }
}

/// Each entry of the changelog is a version; a rule without one is at its first.
fn version(request: &Request<'_>) -> u32 {
    u32::try_from(request.rule.sections.changelog.len()).unwrap_or(u32::MAX).max(1)
}

/// The author's tags, then the claims: Elastic's own vocabulary has no prefix for controls.
fn tags(request: &Request<'_>) -> Vec<String> {
    let sections = &request.rule.sections;
    let claims = sections.controls.iter().map(|control| format!("Control: {}", control.value));
    sections.elastic.tags.iter().cloned().chain(claims).collect()
}

/// Elastic's guides open with this heading, and its tooling looks for it.
fn note(triage: &str) -> String {
    match triage.trim() {
        "" => String::new(),
        text => format!("## Triage and analysis\n\n{text}"),
    }
}

fn suppression(suppression: &Suppression) -> Json {
    let mut object = json!({"group_by": suppression.group_by});
    if let Some(duration) = suppression.duration {
        object["duration"] = suppression_duration(duration);
    }
    if let Some(missing) = suppression.missing_fields {
        let word = match missing {
            MissingFields::Suppress => "suppress",
            MissingFields::Keep => "doNotSuppress",
        };
        object["missing_fields_strategy"] = json!(word);
    }
    object
}

/// Kibana takes seconds, minutes and hours here.
fn suppression_duration(duration: Duration) -> Json {
    let seconds = duration.seconds();
    let (value, unit) = match seconds {
        s if s % 3600 == 0 => (s / 3600, "h"),
        s if s % 60 == 0 => (s / 60, "m"),
        s => (s, "s"),
    };
    json!({"value": value, "unit": unit})
}

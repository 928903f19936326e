//! The body of a rule as Kibana's API takes it (`schemas/elastic`).

use serde_json::{Map, Value as Json, json};

use super::super::compile::{Failure, Platform, place};
use super::super::{Request, codes};
use super::threat::threat;
use super::{Generated, QUERY_WIDTH};
use crate::diagnostic::Finding;
use crate::query::{Effect, FieldPath, Loss};
use crate::rule::{
    Count, Duration, ElasticLanguage, MissingFields, Rule, Severity, Shape, Suppression,
};
use crate::source::Spanned;

/// The whole body, fields in the order of Kibana's own exports: what, when, which events, why.
pub(super) fn payload(
    request: &Request<'_>,
    platform: &Platform,
    generated: Option<&Generated<'_>>,
) -> Result<Json, Failure> {
    let rule = request.rule;
    let (header, variant) = (&rule.header, &rule.sections.elastic);
    let severity = severity(request)?;
    let mut body = Body(Map::new());
    body.set("rule_id", Some(rule_id(request)?));
    body.set("name", Some(variant.name.as_ref().unwrap_or(&header.title)));
    // Kibana demands a description; a rule without one is described by its title.
    body.set("description", Some(header.description.as_deref().unwrap_or(&header.title).trim()));
    match generated {
        Some(generated) => shape(&mut body, request, platform, generated)?,
        None => body.list("index", request.rule.sections.elastic.index.clone()),
    }
    body.set("severity", Some(severity.word()));
    body.set(
        "risk_score",
        Some(variant.risk_score.as_ref().map_or(severity.risk_score(), |s| s.value)),
    );
    schedule(&mut body, request, generated.map(|generated| &generated.compiled.shape));
    body.set("max_signals", variant.max_signals);
    body.set("enabled", variant.enabled);
    body.set("building_block_type", variant.building_block.then_some("default"));
    body.set("author", Some(header.authors()));
    body.set("license", variant.license.as_ref().or(header.license.as_ref()));
    body.set("version", Some(variant.version.unwrap_or_else(|| version(request))));
    body.list("tags", tags(request));
    body.list("references", header.references.iter().map(|url| url.value.clone()).collect());
    body.list("false_positives", header.falsepositives.clone());
    body.set("note", note(rule));
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

/// Kibana finds an imported rule by this id and by nothing else.
fn rule_id(request: &Request<'_>) -> Result<String, Failure> {
    let (header, variant) = (&request.rule.header, &request.rule.sections.elastic);
    let id = variant.rule_id.as_ref().or(header.id.as_ref());
    id.map(|id| id.value.to_string()).ok_or_else(|| {
        let at = place(request, header.title_span);
        let mut finding =
            Finding::new(&codes::INCOMPLETE, at, "Elastic needs an id, and the rule has none");
        finding.help("add `id:` with a fresh UUID to the rule");
        Failure::Rule(vec![finding])
    })
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
    platform: &Platform,
    Generated { compiled, language }: &Generated<'_>,
) -> Result<(), Failure> {
    let name = |field: &FieldPath| {
        platform.field(&compiled.vocabulary, field).map(|field| field.as_str().to_owned())
    };
    let names = |fields: &[FieldPath]| fields.iter().map(name).collect::<Result<Vec<_>, _>>();
    let kind = match &compiled.shape {
        Shape::NewValue { .. } => "new_terms",
        Shape::Threshold { .. } => "threshold",
        Shape::Match(_) | Shape::Correlation(_) => match language {
            ElasticLanguage::Kuery | ElasticLanguage::Lucene => "query",
            ElasticLanguage::Eql => "eql",
            ElasticLanguage::Esql => "esql",
        },
    };
    body.set("type", Some(kind));
    body.set("language", Some(language.word()));
    // An ES|QL query names its own.
    if *language != ElasticLanguage::Esql {
        body.list("index", index(request).to_vec());
    }
    body.set("query", Some(compiled.query.value.pretty(QUERY_WIDTH)));
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

/// The index patterns; those of the repository unless the rule has its own.
pub(super) fn index<'r>(request: &Request<'r>) -> &'r [String] {
    let own = &request.rule.sections.elastic.index;
    if own.is_empty() { &request.elastic.index } else { own }
}

/// How often and how far back. A threshold looks at its whole window in each run, and runs at
/// least once a window.
fn schedule(body: &mut Body, request: &Request<'_>, shape: Option<&Shape>) {
    let (variant, defaults) = (&request.rule.sections.elastic, request.elastic);
    let mut interval = variant.interval.as_ref().map(|interval| in_elastic_units(interval.value));
    let mut window = None;
    if let Some(Shape::Threshold { window: length, .. }) = shape {
        window = Some(format!("now-{}", in_elastic_units(*length)));
        if length.seconds() < DEFAULT_INTERVAL {
            interval = interval.or_else(|| Some(in_elastic_units(*length)));
        }
    }
    body.set("interval", interval.or_else(|| defaults.interval.clone()));
    let from = variant.from.as_ref().map(|from| from.value.clone());
    body.set("from", from.or(window).or_else(|| defaults.from.clone()));
    body.set("to", variant.to.as_ref().map(|to| to.value.clone()));
}

/// Kibana's own interval and look-back, in seconds.
const DEFAULT_INTERVAL: u64 = 300;
const DEFAULT_LOOK_BACK: u64 = 360;

/// What the schedule of a finished body does to the rule: events between two runs that no run looks
/// at, and a window other than the rule's own.
pub(super) fn schedule_losses(body: &Json, shape: &Shape) -> Vec<Loss> {
    let mut losses = Vec::new();
    if let Some(reason) = look_back_gap(body) {
        losses.push(Loss { code: "look-back-gap", effect: Effect::Narrower, field: None, reason });
    }
    if let Shape::Threshold { window, .. } = shape
        && look_back(body) != Some(window.seconds())
    {
        let reason = format!("it counts over another time than the rule's {}", window.in_words());
        losses.push(Loss { code: "window", effect: Effect::Overlapping, field: None, reason });
    }
    losses
}

/// How a rule's schedule leaves events unseen, if it does: they arrive between two runs.
pub(crate) fn look_back_gap(body: &Json) -> Option<String> {
    let interval = body["interval"].as_str().map_or(Some(DEFAULT_INTERVAL), seconds)?;
    let look_back = look_back(body)?;
    let words = || format!("it looks back {look_back} seconds and runs every {interval}");
    (look_back < interval).then(words)
}

/// How far a run looks back, in seconds; `None` if that is no plain length of time before now.
fn look_back(body: &Json) -> Option<u64> {
    let from = body["from"].as_str();
    from.map_or(Some(DEFAULT_LOOK_BACK), |from| seconds(from.strip_prefix("now-")?))
}

fn seconds(text: &str) -> Option<u64> {
    Duration::parse(text).map(Duration::seconds)
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

/// The investigation guide: what to do, then how the detection works. Elastic's guides open with
/// this heading, and its tooling looks for it. A triage that is there and empty makes an empty guide,
/// as Elastic's own pages have them.
fn note(rule: &Rule) -> Option<String> {
    let text = |section: &Option<Spanned<String>>| {
        section.as_ref().map(|text| text.value.trim().to_owned())
    };
    let (triage, strategy) = (text(&rule.sections.triage), text(&rule.sections.strategy));
    let strategy = strategy.filter(|strategy| !strategy.is_empty());
    match (triage.as_deref(), strategy) {
        (None | Some(""), None) => triage,
        (None | Some(""), Some(strategy)) => {
            Some(format!("## Triage and analysis\n\n### How the detection works\n\n{strategy}"))
        }
        (Some(triage), None) => Some(format!("## Triage and analysis\n\n{triage}")),
        (Some(triage), Some(strategy)) => Some(format!(
            "## Triage and analysis\n\n{triage}\n\n### How the detection works\n\n{strategy}"
        )),
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

//! Elastic detection rules: Kibana's JSON, the lines of its import file, and the TOML of the
//! `detection-rules` repository.

mod envelope;
mod threat;
mod toml;

use serde_json::Value as Json;

use super::compile::{Compiled, Failure, Platform};
use super::judge::{self, Variant};
use super::{Artifact, Emission, Output, Payload, QueryText, Request, patch, payload};
use crate::config::Target;
use crate::fields::View;
use crate::language::registry::{Dialect, Reads, read_from};
use crate::language::{eql, esql, kql, lucene};
use crate::rule::{ElasticLanguage, Logic};

pub(crate) use envelope::look_back_gap;
pub use threat::threat;

/// Columns at which a query is broken into lines.
const QUERY_WIDTH: usize = 100;

const PLATFORM: Platform = Platform { name: "Elastic", view: View::Ecs };

/// Keys of the body that decide what a rule detects (`schemas/elastic/rule-create`).
const LOGIC: &[&str] = &[
    "type",
    "language",
    "query",
    "filters",
    "saved_id",
    "event_category_override",
    "threshold",
    "new_terms_fields",
    "history_window_start",
    "threat_query",
    "threat_mapping",
    "threat_index",
    "threat_filters",
    "threat_language",
    "machine_learning_job_id",
    "anomaly_threshold",
];

/// The language of a name that Kibana uses.
pub fn dialect(language: ElasticLanguage) -> &'static dyn Dialect {
    match language {
        ElasticLanguage::Kuery => &kql::Kql,
        ElasticLanguage::Lucene => &lucene::Lucene,
        ElasticLanguage::Eql => &eql::Eql,
        ElasticLanguage::Esql => &esql::Esql,
    }
}

/// Writes one rule.
pub fn emit(request: &Request<'_>) -> Emission {
    match try_emit(request) {
        Ok(emission) => emission,
        Err(failure) => PLATFORM.failed(request, &request.rule.sections.elastic.accept, failure),
    }
}

/// The body as the rule gives it, before the section's patch; `None` if the rule is refused.
pub fn unpatched(request: &Request<'_>) -> Option<Json> {
    let (compiled, language) = compile(request).ok()?;
    let generated = compiled.as_ref().map(|compiled| Generated { compiled, language });
    envelope::payload(request, &PLATFORM, generated.as_ref()).ok()
}

/// The query, unless the section brings it in its own words.
fn compile(request: &Request<'_>) -> Result<(Option<Compiled>, ElasticLanguage), Failure> {
    let variant = &request.rule.sections.elastic;
    let language = variant.language.as_ref().map_or(ElasticLanguage::Kuery, |word| word.value);
    if matches!(request.rule.logic, Logic::Native { .. }) && variant.patch.is_some() {
        return Ok((None, language));
    }
    let condition = variant.condition.as_ref().map(|condition| &condition.value);
    let mut compiled = PLATFORM.compile(request, dialect(language), condition)?;
    // Where the query has to name what it reads.
    let reads = Reads::index(envelope::index(request));
    let unsaid = read_from(&mut *compiled.query.value, &reads);
    compiled.query.assumptions.extend(unsaid);
    compiled.query.assumptions.sort();
    Ok((Some(compiled), language))
}

fn try_emit(request: &Request<'_>) -> Result<Emission, Failure> {
    let variant = &request.rule.sections.elastic;
    let condition = variant.condition.as_ref();
    let (compiled, language) = compile(request)?;
    let generated = compiled.as_ref().map(|compiled| Generated { compiled, language });
    let mut payload = envelope::payload(request, &PLATFORM, generated.as_ref())?;
    if let Some(patch) = &variant.patch {
        patch::merge(&mut payload, patch);
    }
    let mut losses = Vec::new();
    if let Some(Generated { compiled, language }) = &generated {
        losses.extend(compiled.query.losses.iter().cloned());
        losses.extend(envelope::schedule_losses(&payload, &compiled.shape));
        let schema = compiled.vocabulary.schema(PLATFORM.view, &[]);
        let query = (dialect(*language), &*compiled.query.value);
        let patch = variant.patch.iter();
        losses.extend(patch.flat_map(|patch| patch::losses(patch, LOGIC, query, &*schema)));
    }
    let own = condition.as_slice();
    let section = Variant {
        platform: PLATFORM.name,
        view: PLATFORM.view,
        span: variant.span,
        own,
        accept: &variant.accept,
    };
    let mut findings = judge::judge(request, &section, &mut losses);
    let mut artifacts = Vec::new();
    if payload["type"].is_string() {
        for kind in [Payload::Elastic, Payload::ElasticLine] {
            findings.extend(payload::findings(request, kind, &payload));
        }
        let toml = toml::document(request, &payload);
        artifacts.push(Artifact::json(format!("elastic/{}.json", request.name), &payload));
        artifacts.push(Artifact::text(format!("elastic/{}.toml", request.name), &toml));
    } else {
        findings.push(super::without_query(request, PLATFORM.name));
    }
    let output = Output {
        target: Target::Elastic,
        queries: queries(&payload),
        payload,
        assumptions: compiled.map(|compiled| compiled.query.assumptions).unwrap_or_default(),
        accepted: judge::used(&variant.accept, &losses),
        losses,
        artifacts,
    };
    Ok(Emission { output: Some(output), refused: Vec::new(), waived: None, findings })
}

/// What was compiled, and into what.
pub(super) struct Generated<'c> {
    compiled: &'c Compiled,
    language: ElasticLanguage,
}

/// The query of a finished body.
fn queries(body: &Json) -> Vec<QueryText> {
    let Some(text) = body["query"].as_str() else { return Vec::new() };
    let language = body["language"].as_str().and_then(ElasticLanguage::from_word);
    let language = language.unwrap_or(ElasticLanguage::Kuery).word();
    vec![QueryText { name: None, language, text: text.to_owned() }]
}

/// The file that Kibana's import reads: one rule a line.
pub fn import_file<'o>(outputs: impl IntoIterator<Item = &'o Output>) -> Artifact {
    let whole = outputs.into_iter().filter(|output| !output.artifacts.is_empty());
    let lines: Vec<String> = whole.map(|output| output.payload.to_string()).collect();
    Artifact::text("elastic/rules.ndjson", &lines.join("\n"))
}

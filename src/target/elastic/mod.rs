//! Elastic detection rules: Kibana's JSON, the lines of its import file, and the TOML of the
//! `detection-rules` repository.

mod envelope;
mod threat;
mod toml;

use super::compile::Platform;
use super::{Artifact, Emission, Output, Payload, QueryText, Request, judge, payload};
use crate::config::Target;
use crate::fields::View;
use crate::language::kql;

pub use threat::threat;

/// Columns at which a query is broken into lines.
const QUERY_WIDTH: usize = 100;

static PLATFORM: Platform<kql::Query> =
    Platform { name: "Elastic", view: View::Ecs, raise: kql::raise };

/// Writes one rule.
pub fn emit(request: &Request<'_>) -> Emission {
    let variant = &request.rule.sections.elastic;
    let condition = variant.condition.as_ref();
    let compiled = match PLATFORM.compile(request, condition.map(|condition| &condition.value)) {
        Ok(compiled) => compiled,
        Err(failure) => return PLATFORM.failed(request, &variant.accept, failure),
    };
    let query = kql::pretty(&compiled.query.value, QUERY_WIDTH);
    let payload = match envelope::payload(request, &PLATFORM, &compiled, &query) {
        Ok(payload) => payload,
        Err(failure) => return PLATFORM.failed(request, &variant.accept, failure),
    };
    let mut losses = compiled.query.losses;
    losses.extend(envelope::schedule_losses(&payload, &compiled.shape));
    let own: Vec<_> = condition.into_iter().collect();
    let mut findings =
        judge::judge(request, PLATFORM.name, variant.span, &own, &mut losses, &variant.accept);
    for kind in [Payload::Elastic, Payload::ElasticLine] {
        findings.extend(payload::findings(request, kind, &payload));
    }
    let toml = toml::document(request, &payload);
    let artifacts = vec![
        Artifact::json(format!("elastic/{}.json", request.name), &payload),
        Artifact::text(format!("elastic/{}.toml", request.name), &toml),
    ];
    let output = Output {
        target: Target::Elastic,
        queries: vec![QueryText { name: None, language: "kuery", text: query }],
        payload,
        losses,
        assumptions: compiled.query.assumptions,
        accepted: variant.accept.clone(),
        artifacts,
    };
    Emission { output: Some(output), refused: Vec::new(), findings }
}

/// The file that Kibana's import reads: one rule a line.
pub fn import_file<'o>(outputs: impl IntoIterator<Item = &'o Output>) -> Artifact {
    let lines: Vec<String> = outputs.into_iter().map(|output| output.payload.to_string()).collect();
    Artifact::text("elastic/rules.ndjson", &lines.join("\n"))
}

//! Whole documents: what a target writes, or Terraform's form of it.

use serde_json::Value as Json;

use super::meaning::converted;
use super::sigma::vocabulary;
use super::{Converted, Refused, Text, To, logsource};
use crate::config::ElasticDefaults;
use crate::diagnostic::Severity;
use crate::fields::View;
use crate::import::{index_logsource, terraform};
use crate::query::{Assumption, Refusal};
use crate::rule::{Rule, RuleSet};
use crate::target::{self, Emission, Output, Request, Unknown};

/// A rule as a document of another platform.
pub(super) fn of_rule(
    set: &RuleSet,
    rule: &Rule,
    to: To,
    elastic: &ElasticDefaults,
) -> Result<Converted, Refused> {
    let request = Request { rule, set, name: "rule", elastic, unknown: Unknown::Keep };
    let emission = match to {
        To::Elastic | To::ElasticToml => target::elastic::emit(&request),
        To::DatadogRule | To::Terraform => target::datadog::emit(&request),
        To::SigmaRule | To::Query(_) => target::sigma::emit(&request),
    };
    let Emission { output, refused, findings, .. } = emission;
    let Some(output) = output else {
        if !refused.is_empty() {
            return Err(refused.into());
        }
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        let refusal =
            |message| Refusal { code: "incomplete-envelope", field: None, reason: message };
        return Err(errors.map(|error| refusal(error.message)).collect::<Vec<_>>().into());
    };
    let text = text(&output, to)
        .ok_or_else(|| Refused::because("no-query", "the rule says nothing that can be built"))?;
    let mut assumptions = output.assumptions;
    assumptions.extend(unsaid(&request, to));
    Ok(converted(vec![Text { name: None, text }], output.losses, assumptions))
}

/// What is assumed of the events that the document's rule is run on. A Sigma rule has a log source,
/// and Elastic's has indices, which may be those of the log source and nothing else.
fn unsaid(request: &Request<'_>, to: To) -> Option<Assumption> {
    let (shape, logsource) = request.set.shape(request.rule, None).ok()?;
    let expr = shape.expr()?;
    let view = match to {
        To::Elastic | To::ElasticToml => View::Ecs,
        To::DatadogRule | To::Terraform => View::Datadog,
        To::SigmaRule | To::Query(_) => return None,
    };
    let own = &request.rule.sections.elastic.index;
    let index = if own.is_empty() { &request.elastic.index } else { own };
    let read = (view == View::Ecs).then(|| index_logsource(index)).flatten();
    if read.is_some_and(|read| read.is_within(logsource)) {
        return None;
    }
    let vocabulary = vocabulary(&request.rule.header, logsource).or_carried(view, &[expr]);
    logsource::of_rule(logsource, &vocabulary, view, &[expr])
}

/// The document in the form that was asked for; `None` if the target made none.
fn text(output: &Output, to: To) -> Option<String> {
    let file = |extension: &str| {
        let artifact = output.artifacts.iter().find(|a| a.path.ends_with(extension))?;
        String::from_utf8(artifact.bytes.clone()).ok()
    };
    match to {
        To::Terraform => match &output.payload {
            Json::Object(body) if !output.artifacts.is_empty() => Some(terraform(body)),
            _ => None,
        },
        To::ElasticToml => file(".toml"),
        To::SigmaRule | To::Query(_) => file(".yml"),
        To::Elastic | To::DatadogRule => file(".json"),
    }
}

//! Whole documents: what a target writes, or Terraform's form of it.

use serde_json::Value as Json;

use super::meaning::converted;
use super::{Converted, Refused, Text, To};
use crate::config::ElasticDefaults;
use crate::diagnostic::Severity;
use crate::import::terraform;
use crate::query::Refusal;
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
    Ok(converted(vec![Text { name: None, text }], output.losses, output.assumptions))
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

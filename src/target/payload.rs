//! Generated documents against the platforms' schemas (`schemas/`).

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value as Json;

use super::{Request, codes};
use crate::diagnostic::Finding;
use crate::source::Place;

/// A kind of document with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// The body that creates a rule in Kibana.
    Elastic,
    /// A line of the file that Kibana imports.
    ElasticLine,
    /// The body that creates a rule in Datadog.
    Datadog,
    /// A Sigma rule.
    Sigma,
    /// A Sigma correlation.
    SigmaCorrelation,
    /// A Sigma filter.
    SigmaFilter,
}

impl Payload {
    fn validator(self) -> Option<&'static Validator> {
        macro_rules! compiled {
            ($path:literal) => {{
                static VALIDATOR: LazyLock<Option<Validator>> = LazyLock::new(|| {
                    let text = include_str!(concat!("../../schemas/", $path));
                    // INVARIANT: the schemas are compiled in, and a test builds them all.
                    let schema: Json = serde_json::from_str(text).ok()?;
                    jsonschema::options().should_validate_formats(true).build(&schema).ok()
                });
                VALIDATOR.as_ref()
            }};
        }
        match self {
            Payload::Elastic => compiled!("elastic/rule-create.schema.json"),
            Payload::ElasticLine => compiled!("elastic/rule-export-line.schema.json"),
            Payload::Datadog => compiled!("datadog/rule-create.schema.json"),
            Payload::Sigma => compiled!("sigma/rule.schema.json"),
            Payload::SigmaCorrelation => compiled!("sigma/correlation.schema.json"),
            Payload::SigmaFilter => compiled!("sigma/filter.schema.json"),
        }
    }
}

/// Everything in which a document breaks its schema, as `path: what`.
pub fn schema_problems(kind: Payload, document: &Json) -> Vec<String> {
    let Some(validator) = kind.validator() else {
        return vec!["the schema itself cannot be read".to_owned()];
    };
    validator
        .iter_errors(document)
        .map(|error| {
            let path = error.instance_path().to_string();
            let place = if path.is_empty() { "the document" } else { path.as_str() };
            format!("{place}: {error}")
        })
        .collect()
}

/// The same as findings about the rule.
pub(super) fn findings(request: &Request<'_>, kind: Payload, document: &Json) -> Vec<Finding> {
    let at = Place::new(&request.rule.source, request.rule.header.title_span);
    schema_problems(kind, document)
        .into_iter()
        .map(|problem| Finding::new(&codes::INVALID_PAYLOAD, at.clone(), problem))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_can_be_read_and_refuses_nonsense() {
        use Payload as P;
        for kind in
            [P::Elastic, P::ElasticLine, P::Datadog, P::Sigma, P::SigmaCorrelation, P::SigmaFilter]
        {
            assert!(kind.validator().is_some(), "{kind:?}");
            let nonsense = serde_json::json!({"nonsense": true});
            assert!(!schema_problems(kind, &nonsense).is_empty(), "{kind:?}");
        }
    }
}

//! What a rule can be converted to.

use crate::fields::View;
use crate::language::registry::{self, Dialect};

/// A target of a conversion.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// The text of a query.
    Query(&'static dyn Dialect),
    /// Kibana's JSON.
    Elastic,
    /// The TOML of Elastic's `detection-rules`.
    ElasticToml,
    /// The body that creates a rule in Datadog.
    DatadogRule,
    /// A resource of Datadog's Terraform provider.
    Terraform,
    /// A Sigma rule.
    SigmaRule,
}

impl To {
    /// Every target: the query languages, then the documents.
    pub fn all() -> Vec<Self> {
        let languages = registry::ALL.iter().map(|language| Self::Query(*language));
        let documents =
            [Self::Elastic, Self::ElasticToml, Self::DatadogRule, Self::Terraform, Self::SigmaRule];
        languages.chain(documents).collect()
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query(language) => language.name(),
            Self::Elastic => "elastic",
            Self::ElasticToml => "elastic-toml",
            Self::DatadogRule => "datadog-rule",
            Self::Terraform => "terraform",
            Self::SigmaRule => "sigma-rule",
        }
    }

    /// The target of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|to| to.name() == name)
    }

    /// The extension of files that hold this.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Query(language) => language.name(),
            Self::Elastic | Self::DatadogRule => "json",
            Self::ElasticToml => "toml",
            Self::Terraform => "tf",
            Self::SigmaRule => "yml",
        }
    }
}

/// How the platform that speaks a language sees an event.
pub(super) fn view(language: &dyn Dialect) -> View {
    match language.name() {
        "datadog" => View::Datadog,
        "sigma" => View::Raw,
        _ => View::Ecs,
    }
}

//! What a rule can be converted to.

use super::input::query_name;
use super::meaning::Texts;
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

    /// The name that the same has as an input, where that is another one.
    pub fn alias(self) -> Option<&'static str> {
        match self {
            Self::Query(language) => Some(query_name(language.name())),
            _ => None,
        }
        .filter(|alias| *alias != self.name())
    }

    /// The target of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|to| to.name() == name || to.alias() == Some(name))
    }

    /// What starts a comment that ends with the line; `None` if the form has none.
    pub fn comment(self) -> Option<&'static str> {
        match self {
            Self::Query(language) => match language.name() {
                "eql" | "esql" => Some("//"),
                "sigma" => Some("#"),
                _ => None,
            },
            Self::ElasticToml | Self::Terraform | Self::SigmaRule => Some("#"),
            Self::Elastic | Self::DatadogRule => None,
        }
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

/// What texts of digits are in a language.
pub(super) fn texts(language: &dyn Dialect) -> Texts {
    match language.name() {
        "eql" | "esql" => Texts::Typed,
        _ => Texts::Untyped,
    }
}

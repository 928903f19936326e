//! The kinds of documents that can be imported.

use std::sync::Arc;

use super::{Foreign, datadog, elastic};
use crate::diagnostic::Findings;
use crate::source::SourceFile;

/// A kind of rule document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Kibana's API and exports (JSON, NDJSON).
    Elastic,
    /// A file of `elastic/detection-rules` (TOML).
    ElasticToml,
    /// A page of Elastic's rule reference (Markdown; the older ones in asciidoc).
    ElasticPage,
    /// Datadog's API: what creates a rule, answers, bulk exports (JSON).
    Datadog,
    /// Resources of Datadog's Terraform provider (HCL).
    Terraform,
    /// The same in Terraform's JSON syntax.
    TerraformJson,
    /// A page of Datadog's documentation.
    DatadogPage,
    /// Sigma rules (YAML).
    Sigma,
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[
        Self::Elastic,
        Self::ElasticToml,
        Self::ElasticPage,
        Self::Datadog,
        Self::Terraform,
        Self::TerraformJson,
        Self::DatadogPage,
        Self::Sigma,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Elastic => "elastic",
            Self::ElasticToml => "elastic-toml",
            Self::ElasticPage => "elastic-page",
            Self::Datadog => "datadog",
            Self::Terraform => "terraform",
            Self::TerraformJson => "terraform-json",
            Self::DatadogPage => "datadog-page",
            Self::Sigma => "sigma",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The kind that a document looks like, by what stands in it.
    pub fn of(source: &SourceFile) -> Option<Self> {
        if let Some(kind) = elastic::detect(source) {
            return Some(match kind {
                elastic::Kind::Json => Self::Elastic,
                elastic::Kind::Toml => Self::ElasticToml,
                elastic::Kind::Page => Self::ElasticPage,
            });
        }
        if let Some(kind) = datadog::detect(source) {
            return Some(match kind {
                datadog::Kind::Json | datadog::Kind::Archive => Self::Datadog,
                datadog::Kind::Terraform => Self::Terraform,
                datadog::Kind::TerraformJson => Self::TerraformJson,
                datadog::Kind::Page => Self::DatadogPage,
            });
        }
        let is_key = |line: &str| {
            let keys = ["title:", "logsource:", "detection:", "correlation:", "filter:"];
            keys.iter().any(|key| line.starts_with(key))
        };
        source.text().lines().any(is_key).then_some(Self::Sigma)
    }

    /// The bodies of a document of this kind; `None` for Sigma.
    pub(super) fn bodies(
        self,
        source: &Arc<SourceFile>,
        findings: &mut Findings,
    ) -> Option<Vec<Foreign>> {
        Some(match self {
            Self::Elastic => elastic::Kind::Json.read(source, findings),
            Self::ElasticToml => elastic::Kind::Toml.read(source, findings),
            Self::ElasticPage => elastic::Kind::Page.read(source, findings),
            Self::Datadog => datadog::read(datadog::Kind::Json, source, findings),
            Self::Terraform => datadog::read(datadog::Kind::Terraform, source, findings),
            Self::TerraformJson => datadog::read(datadog::Kind::TerraformJson, source, findings),
            Self::DatadogPage => datadog::read(datadog::Kind::Page, source, findings),
            Self::Sigma => return None,
        })
    }
}

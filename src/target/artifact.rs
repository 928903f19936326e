//! What a target gives back.

use serde::Serialize;
use serde_json::Value as Json;

use crate::config::Target;
use crate::diagnostic::Finding;
use crate::query::{Assumption, Loss, Refusal};
use crate::rule::Accept;

/// One file of the output folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Artifact {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Artifact {
    /// A text file; exactly one line end closes it.
    pub fn text(path: impl Into<String>, text: &str) -> Self {
        let mut text = text.trim_end_matches('\n').to_owned();
        text.push('\n');
        Self { path: path.into(), bytes: text.into_bytes() }
    }

    /// A JSON file, two spaces deep.
    pub fn json(path: impl Into<String>, value: &Json) -> Self {
        Self::text(path, &format!("{value:#}"))
    }
}

/// One query of a generated rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueryText {
    /// Its name, where the platform names queries.
    pub name: Option<String>,
    /// The language as the platform calls it.
    pub language: &'static str,
    /// The query as it stands in the rule.
    pub text: String,
}

/// One rule as one platform gets it.
#[derive(Clone, Debug, Serialize)]
pub struct Output {
    /// Which platform.
    #[serde(skip)]
    pub target: Target,
    /// The platform's own document, for pages and for files that collect rules.
    pub payload: Json,
    /// The queries in it.
    pub queries: Vec<QueryText>,
    /// What the translation costs.
    pub losses: Vec<Loss>,
    /// What it leans on.
    pub assumptions: Vec<Assumption>,
    /// Which of these losses the author accepts.
    pub accepted: Vec<Accept>,
    /// The files.
    #[serde(skip)]
    pub artifacts: Vec<Artifact>,
}

/// What became of one rule on one platform.
#[derive(Clone, Debug)]
pub struct Emission {
    /// The documents, unless the rule was refused.
    pub output: Option<Output>,
    /// Why it was refused, for pages.
    pub refused: Vec<Refusal>,
    /// With which words the author accepts the refusal.
    pub waived: Option<Accept>,
    /// What the author should know.
    pub findings: Vec<Finding>,
}

impl Emission {
    /// What the author accepts and what is there: a refusal, or losses.
    pub fn accepted(&self) -> impl Iterator<Item = &Accept> {
        let output = self.output.as_ref();
        self.waived.iter().chain(output.into_iter().flat_map(|output| &output.accepted))
    }
}

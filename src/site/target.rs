//! What a page shows of one platform: the queries, and what they cost.

use serde::Serialize;

use crate::query::{Assumption, Effect, Loss, Refusal};
use crate::rule::Accept;

/// A rule on one platform. The caller fills it from a target's output; a page only shows it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TargetView {
    /// Name for people, such as `Elastic`.
    pub name: String,
    /// Path of the rule's page for this platform, if there is one; see [`paths`](super::paths).
    pub page: Option<String>,
    /// The queries, in the platform's order.
    pub queries: Vec<QueryView>,
    /// How the queries differ from the condition that they translate.
    pub losses: Vec<Loss>,
    /// What they lean on.
    pub assumptions: Vec<Assumption>,
    /// What the author accepts for this platform.
    pub accepted: Vec<Accept>,
    /// Why there is no query, where there is none.
    pub refused: Vec<Refusal>,
    /// What is proven of the queries.
    pub proof: Option<ProofView>,
}

/// How what the queries detect stands to the rule, as far as that was proven.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ProofView {
    /// In one sentence.
    pub words: String,
    /// What it leans on, each in words.
    pub assumptions: Vec<String>,
    /// An event that the rule matches and the query does not, as JSON.
    pub missed: Option<String>,
    /// An event that the query matches and the rule does not, as JSON.
    pub added: Option<String>,
}

/// One query of a platform.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QueryView {
    /// Its name, where a rule has several.
    pub name: Option<String>,
    /// Name of the language, which also marks the code block: `kql`, `datadog`, `sigma`.
    pub language: String,
    /// The text.
    pub text: String,
}

/// What became of a condition on a platform, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Translation {
    /// The query means what the condition means, under the named assumptions.
    Exact,
    /// It misses some events.
    Narrower,
    /// It finds further events.
    Wider,
    /// Both.
    Overlapping,
    /// There is no query.
    Refused,
}

impl TargetView {
    /// What became of the condition, by the losses taken together. The words are about the
    /// translation alone: where a platform has a condition of its own, it is this condition that
    /// was translated.
    pub fn translation(&self) -> Translation {
        if !self.refused.is_empty() {
            return Translation::Refused;
        }
        let effects = self.losses.iter().map(|loss| match loss.effect {
            Effect::Narrower => Translation::Narrower,
            Effect::Wider => Translation::Wider,
            Effect::Overlapping => Translation::Overlapping,
        });
        effects
            .reduce(|all, one| if all == one { all } else { Translation::Overlapping })
            .unwrap_or(Translation::Exact)
    }

    /// Relations that the author chose for this platform (`narrower`, `wider`, `overlapping`), as
    /// opposed to losses of a translation that are accepted by their code.
    pub fn chosen(&self) -> Vec<&str> {
        let accepted = self.accepted.iter().map(|accept| accept.loss.as_str());
        accepted.filter(|loss| ["narrower", "wider", "overlapping"].contains(loss)).collect()
    }

    /// The names of the languages, each once.
    pub fn languages(&self) -> Vec<&str> {
        let mut languages: Vec<&str> = Vec::new();
        for query in &self.queries {
            if !languages.contains(&query.language.as_str()) {
                languages.push(&query.language);
            }
        }
        languages
    }
}

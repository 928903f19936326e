//! Platforms: from a rule to the documents of one platform.
//!
//! A target writes envelopes only. Queries come from `fields` (the platform's names) and
//! `language` (its syntax), put together in [`compile`]; what that costs in meaning is part of
//! the result. A platform that cannot say a rule refuses it with a finding, and nothing is
//! written for it.

mod artifact;
pub mod codes;
mod compile;
pub mod datadog;
pub mod elastic;
mod judge;
mod locate;
mod names;
mod patch;
mod payload;
pub mod reasons;
pub mod sigma;

pub use artifact::{Artifact, Emission, Output, QueryText};
pub use compile::{Compiled, Failure, Platform};
pub use names::Names;
pub use patch::difference;
pub use payload::{Payload, schema_problems};

use crate::config::{ElasticDefaults, Target};
use crate::diagnostic::Finding;
use crate::fields::View;
use crate::rule::{Rule, RuleSet};

/// What a target sees: one rule among all rules.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// All rules, for correlations and filters.
    pub set: &'r RuleSet,
    /// The name of the rule's artifacts, without extension.
    pub name: &'r str,
    /// The repository's defaults for Elastic.
    pub elastic: &'r ElasticDefaults,
    /// What becomes of fields that no table knows.
    pub unknown: Unknown,
}

/// What becomes of a rule whose log source has no field catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is refused: what is built goes live.
    Refuse,
    /// Its fields keep their names, which is an assumption.
    Keep,
}

/// The finding for a rule of which a platform can have the page only.
fn without_query(request: &Request<'_>, platform: &str) -> Finding {
    let at = compile::place(request, request.rule.header.title_span);
    let message = format!("the rule has no query for {platform}, so only its page is written");
    let mut finding = Finding::new(&codes::NO_QUERY, at, message);
    finding.help("give the rule a `detection`");
    finding
}

impl Target {
    /// How the platform sees an event.
    pub fn view(self) -> View {
        match self {
            Target::Elastic => View::Ecs,
            Target::Datadog => View::Datadog,
            Target::Sigma | Target::Docs => View::Raw,
        }
    }
}

//! The types of a canonical rule, as far as they are common to all platforms.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::controls::ControlRef;
use super::words::words;
use super::{Correlation, DatadogVariant, Date, Duration, ElasticVariant, Logsource};
use crate::language::sigma::Detection;
use crate::source::{SourceFile, Span, Spanned};

/// One file with its documents.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The documents that could be read, in file order.
    pub documents: Vec<Document>,
}

/// One YAML document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A rule: something that can raise an alert.
    Rule(Box<Rule>),
    /// Exceptions to other rules.
    Filter(Box<Filter>),
}

/// A rule over single events or over the matches of other rules.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// The file it stands in.
    #[serde(skip)]
    pub source: Arc<SourceFile>,
    /// The bytes of its document.
    #[serde(skip)]
    pub span: Span,
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// What it detects.
    #[serde(flatten)]
    pub logic: Logic,
    /// What Sigma cannot say.
    #[serde(flatten)]
    pub sections: Sections,
    /// Top-level keys that neither Sigma nor Crosswalk knows; Sigma allows them, and they go out
    /// again as they came.
    pub custom: IndexMap<String, Json>,
}

/// Identity and prose, as Sigma defines them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Header {
    /// At most 256 characters.
    pub title: String,
    /// Where the title stands.
    #[serde(skip)]
    pub title_span: Span,
    /// Unique among all rules.
    pub id: Option<Spanned<Uuid>>,
    /// How correlations call the rule.
    pub name: Option<Spanned<String>>,
    /// Other rules that this one has to do with.
    pub related: Vec<Related>,
    /// The field vocabulary; `sigma` unless said otherwise.
    pub taxonomy: Option<String>,
    /// Maturity.
    pub status: Option<Spanned<Status>>,
    /// Markdown; at most 65,535 characters.
    pub description: Option<Spanned<String>>,
    /// An SPDX expression.
    pub license: Option<String>,
    /// Authors, separated by commas.
    pub author: Option<String>,
    /// URLs.
    pub references: Vec<Spanned<String>>,
    /// First written.
    pub date: Option<Spanned<Date>>,
    /// Last changed.
    pub modified: Option<Spanned<Date>>,
    /// `namespace.name`, for example `attack.t1686.001`.
    pub tags: Vec<Spanned<String>>,
    /// Fields that an analyst wants to see.
    pub fields: Vec<String>,
    /// What else looks like this.
    pub falsepositives: Vec<String>,
    /// Which part of an environment the rule is for.
    pub scope: Vec<String>,
    /// How urgent a match is.
    pub level: Option<Spanned<Level>>,
}

impl Header {
    /// The authors one by one.
    pub fn authors(&self) -> Vec<&str> {
        let authors = self.author.as_deref().unwrap_or_default();
        authors.split(',').map(str::trim).filter(|author| !author.is_empty()).collect()
    }

    /// The names behind the tags of one namespace: `t1686.001` for `attack`.
    pub fn tags_of<'a>(&'a self, namespace: &'a str) -> impl Iterator<Item = &'a str> {
        self.tags.iter().filter_map(move |tag| tag.strip_prefix(namespace)?.strip_prefix('.'))
    }
}

/// A link to another rule.
#[derive(Clone, Debug, Serialize)]
pub struct Related {
    /// The other rule.
    pub id: Spanned<Uuid>,
    /// `derived`, `obsolete`, `merged`, `renamed` or `similar`.
    #[serde(rename = "type")]
    pub kind: String,
}

words! {
    /// Maturity of a rule.
    Status {
        /// Ready for production.
        Stable = "stable",
        /// Being tried; few false positives expected.
        Test = "test",
        /// New; may be noisy.
        Experimental = "experimental",
        /// Replaced or no longer useful.
        Deprecated = "deprecated",
        /// Cannot be used as it is.
        Unsupported = "unsupported",
    }
}

words! {
    /// How urgent a match is, from the least to the most.
    Level {
        /// For information; raises no alert by itself.
        Informational = "informational",
        /// Notable, rarely an incident.
        Low = "low",
        /// Needs a look.
        Medium = "medium",
        /// Needs a look soon.
        High = "high",
        /// An incident.
        Critical = "critical",
    }
}

/// What a rule detects.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Logic {
    /// Single events.
    Detection {
        /// Where the events come from.
        logsource: Logsource,
        /// What they look like.
        detection: Detection,
    },
    /// Matches of other rules, over time.
    Correlation(Correlation),
    /// What a platform's section says in the platform's own language and nobody else can read.
    /// Such a rule exists on that platform only.
    Native {
        /// Where the events come from.
        logsource: Logsource,
    },
}

impl Logic {
    /// Where the events come from, unless the rule looks at the matches of others.
    pub fn logsource(&self) -> Option<&Logsource> {
        match self {
            Logic::Detection { logsource, .. } | Logic::Native { logsource } => Some(logsource),
            Logic::Correlation(_) => None,
        }
    }
}

/// A filter document: exceptions to other rules.
#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    /// The file it stands in.
    #[serde(skip)]
    pub source: Arc<SourceFile>,
    /// What it is.
    #[serde(flatten)]
    pub header: Header,
    /// Which rules' log source it is for.
    pub logsource: Logsource,
    /// Names or ids of the rules; empty means any rule of the log source.
    pub rules: Vec<Spanned<String>>,
    /// Conjoined to the condition of each rule.
    pub detection: Detection,
    /// The bytes of its document.
    #[serde(skip)]
    pub span: Span,
}

/// The sections that Crosswalk adds to Sigma.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Sections {
    /// Claims: controls that the rule says it covers.
    pub controls: Vec<Spanned<ControlRef>>,
    /// Markdown: how the detection works and what it leaves out.
    pub strategy: Option<Spanned<String>>,
    /// Markdown: what an analyst does about an alert.
    pub triage: Option<Spanned<String>>,
    /// First occurrences only.
    pub new_value: Option<NewValue>,
    /// Elastic's envelope.
    pub elastic: ElasticVariant,
    /// Datadog's envelope.
    pub datadog: DatadogVariant,
    /// Events that must and must not match.
    pub tests: Vec<TestEvent>,
    /// What changed when, newest last.
    pub changelog: Vec<Change>,
}

/// The rule fires when a combination of values is seen for the first time.
#[derive(Clone, Debug, Serialize)]
pub struct NewValue {
    /// The fields whose combination must be new, in the rule's own vocabulary.
    pub fields: Vec<Spanned<String>>,
    /// How far back "new" looks.
    pub history: Spanned<Duration>,
    /// Where it stands in the file.
    #[serde(skip)]
    pub span: Span,
}

/// An event with the verdict that it must get.
#[derive(Clone, Debug, Serialize)]
pub struct TestEvent {
    /// Says what it shows.
    pub name: Spanned<String>,
    /// Whether the rule must match.
    #[serde(rename = "match")]
    pub matches: bool,
    /// The event in the rule's own vocabulary.
    pub event: Json,
}

/// One line of the changelog.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// When.
    pub date: Spanned<Date>,
    /// What, in words.
    pub change: String,
}

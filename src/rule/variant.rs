//! What a rule says to one platform only: envelope fields, and a condition of its own where the
//! platform's rule must differ.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::Duration;
use super::words::words;
use crate::language::sigma::Condition;
use crate::source::{Span, Spanned};

/// A named loss that the author accepts for one platform.
#[derive(Clone, Debug, Serialize)]
pub struct Accept {
    /// A relation (`narrower`, `wider`, `overlapping`) or the code of a loss.
    pub loss: Spanned<String>,
    /// Why, in words; printed wherever the loss is.
    pub reason: String,
}

words! {
    /// The languages of Elastic's rules, as Kibana calls them.
    ElasticLanguage {
        /// KQL.
        Kuery = "kuery",
        /// Lucene query strings.
        Lucene = "lucene",
        /// EQL.
        Eql = "eql",
        /// ES|QL.
        Esql = "esql",
    }
}

words! {
    /// Elastic's severities.
    Severity {
        /// Risk score 0 to 21.
        Low = "low",
        /// Risk score 22 to 47.
        Medium = "medium",
        /// Risk score 48 to 73.
        High = "high",
        /// Risk score 74 to 100.
        Critical = "critical",
    }
}

impl Severity {
    /// The severity that goes with a level; Elastic has none below low.
    pub fn of_level(level: super::Level) -> Self {
        match level {
            super::Level::Informational | super::Level::Low => Severity::Low,
            super::Level::Medium => Severity::Medium,
            super::Level::High => Severity::High,
            super::Level::Critical => Severity::Critical,
        }
    }

    /// The band of a risk score.
    pub fn of_score(score: u8) -> Self {
        match score {
            0..=21 => Severity::Low,
            22..=47 => Severity::Medium,
            48..=73 => Severity::High,
            _ => Severity::Critical,
        }
    }

    /// The highest risk score of the band, which is also the one that Elastic's own rules use.
    pub fn risk_score(self) -> u8 {
        match self {
            Severity::Low => 21,
            Severity::Medium => 47,
            Severity::High => 73,
            Severity::Critical => 99,
        }
    }
}

words! {
    /// What alert suppression does with events that lack a group field.
    MissingFields {
        /// They form a group of their own.
        Suppress = "suppress",
        /// Each raises an alert.
        Keep = "do_not_suppress",
    }
}

/// One alert for many matches.
#[derive(Clone, Debug, Serialize)]
pub struct Suppression {
    /// ECS names of one to three fields.
    pub group_by: Vec<Spanned<String>>,
    /// How long; per rule execution if absent.
    pub duration: Option<Duration>,
    /// What to do with events that lack a field.
    pub missing_fields: Option<MissingFields>,
}

/// The section `elastic:`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ElasticVariant {
    /// The key of the section, if there is one.
    #[serde(skip)]
    pub span: Option<Span>,
    /// Kibana's rule id; the rule's own id if absent.
    pub rule_id: Option<Spanned<Uuid>>,
    /// Another title for Kibana.
    pub name: Option<String>,
    /// Index patterns.
    pub index: Vec<String>,
    /// How often the rule runs.
    pub interval: Option<Spanned<Duration>>,
    /// Start of the look-back, in Elasticsearch's date math.
    pub from: Option<Spanned<String>>,
    /// End of the look-back.
    pub to: Option<Spanned<String>>,
    /// 0 to 100.
    pub risk_score: Option<Spanned<u8>>,
    /// Derived from the level if absent.
    pub severity: Option<Spanned<Severity>>,
    /// Alerts per execution at most.
    pub max_signals: Option<u32>,
    /// Kibana tags.
    pub tags: Vec<String>,
    /// The field that orders events.
    pub timestamp_override: Option<String>,
    /// Markdown.
    pub setup: Option<String>,
    /// ECS names that the alert page highlights.
    pub investigation_fields: Vec<Spanned<String>>,
    /// Whether matches are only building blocks of other rules.
    pub building_block: bool,
    /// Whether the rule is switched on when imported.
    pub enabled: Option<bool>,
    /// Fleet integrations.
    pub integration: Vec<String>,
    /// Rule version.
    pub version: Option<u32>,
    /// Overrides the rule's licence line.
    pub license: Option<String>,
    /// Suppression of repeated alerts.
    pub alert_suppression: Option<Suppression>,
    /// The language that the query is written in; KQL if absent.
    pub language: Option<Spanned<ElasticLanguage>>,
    /// A condition over the rule's selections, instead of the rule's own.
    pub condition: Option<Spanned<Condition>>,
    /// Losses that the author accepts.
    pub accept: Vec<Accept>,
    /// What only the documentation page knows.
    pub page: ElasticPage,
    /// A JSON merge patch (RFC 7396) over the generated body.
    pub patch: Option<Map<String, Json>>,
}

/// Facts of Elastic's package pages that no rule field holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ElasticPage {
    /// Version of the rules package, such as `8.2.1`; part of the page's anchor.
    pub package: Option<String>,
    /// Number behind `_investigation_guide_`.
    pub guide_anchor: Option<u32>,
    /// Number behind `_setup_`.
    pub setup_anchor: Option<u32>,
    /// Number behind `_rule_query_`.
    pub query_anchor: Option<u32>,
}

words! {
    /// Datadog's statuses of a case.
    CaseStatus {
        /// For information.
        Info = "info",
        /// Low.
        Low = "low",
        /// Medium.
        Medium = "medium",
        /// High.
        High = "high",
        /// Critical.
        Critical = "critical",
    }
}

impl CaseStatus {
    /// The level that goes with a status.
    pub fn level(self) -> super::Level {
        match self {
            CaseStatus::Info => super::Level::Informational,
            CaseStatus::Low => super::Level::Low,
            CaseStatus::Medium => super::Level::Medium,
            CaseStatus::High => super::Level::High,
            CaseStatus::Critical => super::Level::Critical,
        }
    }
}

/// One case of a Datadog rule: a named query of its own with the status that it gives.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// Shown in the signal's title.
    pub name: Spanned<String>,
    /// Over the rule's selections.
    pub condition: Spanned<Condition>,
    /// The status of the signal.
    pub status: CaseStatus,
    /// Whom to tell, in Datadog's handles.
    pub notifications: Vec<String>,
}

/// The section `datadog:`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DatadogVariant {
    /// The key of the section, if there is one.
    #[serde(skip)]
    pub span: Option<Span>,
    /// The id of a default rule (`cca-fc9-b0e`), for documentation pages.
    pub id: Option<String>,
    /// The last part of the documentation page's address.
    pub slug: Option<String>,
    /// Another title for Datadog.
    pub name: Option<String>,
    /// Cases in order; one case for the whole rule if empty.
    pub cases: Vec<Case>,
    /// Fields in the rule's own vocabulary.
    pub group_by: Vec<Spanned<String>>,
    /// Whether logs that lack a field of the group raise signals; they do unless this is `false`.
    pub group_by_optional: Option<bool>,
    /// Over what time matches are counted.
    pub evaluation_window: Option<Spanned<Duration>>,
    /// How long a signal stays open without matches.
    pub keep_alive: Option<Spanned<Duration>>,
    /// How long a signal stays open at most.
    pub max_signal_duration: Option<Spanned<Duration>>,
    /// Whether the title names the group.
    pub has_extended_title: Option<bool>,
    /// Whether signals of test environments count less.
    pub decrease_criticality_based_on_env: Option<bool>,
    /// Whether the rule is switched on.
    pub enabled: Option<bool>,
    /// Value of the tag `scope`.
    pub scope: Option<String>,
    /// Value of the tag `security`: `attack` or `compliance`.
    pub security: Option<String>,
    /// Value of the tag `iaas`; the log source's product if it is a cloud.
    pub iaas: Option<String>,
    /// Further tags, `key:value`.
    pub tags: Vec<String>,
    /// A condition over the rule's selections, instead of the rule's own.
    pub condition: Option<Spanned<Condition>>,
    /// Losses that the author accepts.
    pub accept: Vec<Accept>,
    /// A JSON merge patch (RFC 7396) over the generated body.
    pub patch: Option<Map<String, Json>>,
}

impl DatadogVariant {
    /// Lengths in seconds that Datadog offers for the evaluation window and for both durations of a
    /// signal (API v2, `SecurityMonitoringRuleEvaluationWindow` and its siblings).
    pub const WINDOWS: &[u64] =
        &[0, 60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];
}

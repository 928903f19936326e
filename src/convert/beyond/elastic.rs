//! What Elastic's rules ask for beside their queries.
//!
//! The keys are those of Kibana's detections API (`RuleCreateProps`, August 2026).

use serde_json::{Map, Value as Json};

use super::{Level, Part};
use crate::query::Effect::{Overlapping, Wider};

/// The body of a rule.
pub(super) const RULE: Level = Level {
    of: "rule",
    idle: &[
        // The query, and what rules of a type say with it.
        "type",
        "language",
        "query",
        "new_terms_fields",
        "history_window_start",
        "threshold",
        "threat_query",
        "threat_mapping",
        "threat_index",
        "threat_filters",
        "threat_language",
        "threat_indicator_path",
        "machine_learning_job_id",
        "anomaly_threshold",
        "concurrent_searches",
        "items_per_search",
        // Where its events lie is told of the log source.
        "index",
        "data_view_id",
        // When it runs: each platform has a schedule of its own.
        "interval",
        "from",
        "to",
        "timestamp_override",
        "timestamp_override_fallback_disabled",
        "enabled",
        // What it is called, what its alerts look like, what happens next.
        "rule_id",
        "name",
        "description",
        "author",
        "license",
        "version",
        "severity",
        "severity_mapping",
        "risk_score",
        "risk_score_mapping",
        "rule_name_override",
        "building_block_type",
        "tags",
        "threat",
        "references",
        "false_positives",
        "note",
        "setup",
        "investigation_fields",
        "related_integrations",
        "required_fields",
        "timeline_id",
        "timeline_title",
        "actions",
        "response_actions",
        "throttle",
        "output_index",
        "namespace",
        "meta",
        "outcome",
        "alias_target_id",
        "alias_purpose",
        // Read below.
        "max_signals",
    ],
    asks: &[
        ("filters", Wider, "the rule's filters"),
        ("exceptions_list", Wider, "the rule's lists of exceptions"),
        ("alert_suppression", Wider, "the fields by which several alerts become one"),
        ("saved_id", Overlapping, "what the saved query asks for"),
        ("event_category_override", Overlapping, "the field that tells the categories of events"),
        ("timestamp_field", Overlapping, "the field by which events are ordered"),
        ("tiebreaker_field", Overlapping, "the field that orders events of one time"),
    ],
};

/// Alerts that Kibana raises in one run unless the rule says otherwise.
const USUAL_ALERTS: u64 = 100;

/// What the query of a rule leaves to the rule.
pub(super) fn of_query(body: &Map<String, Json>) -> Vec<Part> {
    let kind = body.get("type").and_then(Json::as_str).unwrap_or("query");
    let mut parts = Vec::new();
    if matches!(kind, "new_terms" | "threshold" | "threat_match") {
        let reason = format!(
            "the query of a rule of type `{kind}` finds every event that the rule looks at"
        );
        parts.push(Part::new(Wider, reason));
    }
    parts.extend(of_document(body));
    parts
}

/// What rules of a type say with their query, and over what time they look.
const OF_TYPE: &[(&str, &[&str])] = &[
    ("new_terms", &["type", "new_terms_fields", "history_window_start"]),
    ("threshold", &["type", "threshold", "from", "to"]),
    (
        "threat_match",
        &[
            "type",
            "threat_query",
            "threat_mapping",
            "threat_index",
            "threat_filters",
            "threat_language",
            "threat_indicator_path",
        ],
    ),
];

/// What a rule says that decides over alerts.
pub(super) fn asked(body: &Map<String, Json>) -> Map<String, Json> {
    let kind = body.get("type").and_then(Json::as_str).unwrap_or("query");
    let own = OF_TYPE.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, keys)| *keys);
    let own = own.iter().filter_map(|key| body.get_key_value(*key));
    let most = body.get_key_value("max_signals");
    let most = most.filter(|(_, most)| most.as_u64().is_some_and(|most| most < USUAL_ALERTS));
    let all = own.chain(RULE.deciding(body)).chain(most);
    all.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What only Kibana knows of.
pub(super) fn of_document(body: &Map<String, Json>) -> Vec<Part> {
    let mut parts = RULE.parts(body);
    let most = body.get("max_signals").and_then(Json::as_u64);
    if let Some(most) = most.filter(|most| *most < USUAL_ALERTS) {
        let reason = format!("`max_signals` stays behind: a run raises {most} alerts at most");
        parts.push(Part::new(Wider, reason));
    }
    parts
}

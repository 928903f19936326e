//! The fields of Kibana's detection rules: what type each has, and which only answers have.
//!
//! Source: Kibana's OpenAPI description of the detections API (`RuleCreateProps` and
//! `RuleResponse`, August 2026). A field that is not in the table is kept without a word here;
//! whether the API takes it is the business of `schemas/elastic/rule-create`.

use crate::diagnostic::Findings;
use crate::import::codes::IMPORT_FIELD;
use crate::import::tell::tell;
use crate::import::tree::{Data, Node};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape {
    Text,
    Count,
    Boolean,
    Texts,
    TextOrTexts,
    Table,
    Tables,
}

use Shape::{Boolean, Count, Table, Tables, Text, TextOrTexts, Texts};

/// Fields by what they hold.
const FIELDS: &[(Shape, &[&str])] = &[
    (
        Text,
        &[
            "alias_purpose",
            "alias_target_id",
            "building_block_type",
            "data_view_id",
            "description",
            "event_category_override",
            "from",
            "history_window_start",
            "interval",
            "language",
            "license",
            "name",
            "namespace",
            "note",
            "outcome",
            "output_index",
            "query",
            "rule_id",
            "rule_name_override",
            "saved_id",
            "setup",
            "severity",
            "threat_indicator_path",
            "threat_language",
            "threat_query",
            "throttle",
            "tiebreaker_field",
            "timeline_id",
            "timeline_title",
            "timestamp_field",
            "timestamp_override",
            "to",
            "type",
        ],
    ),
    (
        Count,
        &[
            "anomaly_threshold",
            "concurrent_searches",
            "items_per_search",
            "max_signals",
            "risk_score",
            "version",
        ],
    ),
    (Boolean, &["enabled", "timestamp_override_fallback_disabled"]),
    (
        Texts,
        &[
            "author",
            "false_positives",
            "index",
            "new_terms_fields",
            "references",
            "tags",
            "threat_index",
        ],
    ),
    (TextOrTexts, &["machine_learning_job_id"]),
    (Table, &["alert_suppression", "investigation_fields", "meta", "threshold"]),
    (
        Tables,
        &[
            "actions",
            "exceptions_list",
            "filters",
            "related_integrations",
            "required_fields",
            "response_actions",
            "risk_score_mapping",
            "severity_mapping",
            "threat",
            "threat_filters",
            "threat_mapping",
        ],
    ),
];

/// Fields that only answers of the API have, and why nothing is lost without them. The two dates
/// are not dropped but become the rule's own.
pub(super) const ONLY_IN_ANSWERS: &[(&str, &str)] = &[
    ("id", "names one installed copy in one space; `rule_id` names the rule"),
    ("created_by", "the account that made the copy, not the author"),
    ("updated_by", "the account that changed the copy last"),
    ("revision", "counts the changes of the copy"),
    ("immutable", "whether the copy came from Elastic's package"),
    ("rule_source", "how the copy differs from Elastic's package"),
    ("execution_summary", "how the copy ran last"),
];

/// Whether a field is one that only answers have, dates apart.
pub(super) fn only_in_answers(name: &str) -> bool {
    ONLY_IN_ANSWERS.iter().any(|(known, _)| *known == name)
}

/// Says what of a field is not of the type that Kibana expects.
pub(super) fn check(name: &str, value: &Node, findings: &mut Findings) {
    let Some((shape, _)) = FIELDS.iter().find(|(_, names)| names.contains(&name)) else { return };
    let items = match shape {
        Texts => Some(Text),
        TextOrTexts if value.items().is_some() => Some(Text),
        Tables => Some(Table),
        _ => None,
    };
    match (value.items(), items) {
        (Some(list), Some(item)) => {
            for (index, value) in list.iter().enumerate() {
                expect(item, value, &format!("{name}[{index}]"), findings);
            }
        }
        _ => expect(*shape, value, name, findings),
    }
}

fn expect(shape: Shape, value: &Node, name: &str, findings: &mut Findings) {
    let (fits, wanted) = match shape {
        Text => (value.text().is_some(), "text"),
        Count => (value.count().is_some(), "a whole number"),
        Boolean => (matches!(value.data, Data::Bool(_)), "a boolean"),
        Texts => (value.items().is_some(), "a list of texts"),
        TextOrTexts => (value.text().is_some(), "text or a list of texts"),
        Table => (value.members().is_some(), "a table"),
        Tables => (value.items().is_some(), "a list of tables"),
    };
    if !fits {
        let message = format!("`{name}` is {}, and Kibana expects {wanted}", value.noun());
        tell(findings, &IMPORT_FIELD, value.span, message);
    }
}

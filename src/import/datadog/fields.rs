//! The fields of a Datadog rule, by the names of the API and of the Terraform provider.
//!
//! Names and types are those of Datadog's OpenAPI v2 specification (schemas
//! `SecurityMonitoringStandardRuleCreatePayload`, `...SignalRuleCreatePayload` and what they hold)
//! and of the resource `datadog_security_monitoring_rule` of `DataDog/terraform-provider-datadog`
//! (August 2026). A field that the API has and the resource has not can be written with the
//! resource `datadog_security_monitoring_rule_json` only.

/// A field of one level.
#[derive(Debug)]
pub(super) struct Field {
    /// The name in the API.
    pub(super) api: &'static str,
    /// The attribute or block of the resource.
    pub(super) terraform: Option<&'static str>,
    /// What it holds.
    pub(super) kind: Kind,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Number,
    /// A number for the API, a text for Terraform; the empty text says nothing.
    NumberAsText,
    Bool,
    Texts,
    /// One object; a block of Terraform.
    One(&'static [Field]),
    /// A list of objects; repeated blocks of Terraform.
    Many(&'static [Field]),
}

impl Kind {
    /// Whether Terraform writes it as blocks.
    pub(super) fn is_block(self) -> bool {
        matches!(self, Kind::One(_) | Kind::Many(_))
    }
}

const fn both(api: &'static str, terraform: &'static str, kind: Kind) -> Field {
    Field { api, terraform: Some(terraform), kind }
}

const fn api(api: &'static str, kind: Kind) -> Field {
    Field { api, terraform: None, kind }
}

use Kind::{Bool, Many, Number, NumberAsText, One, Text, Texts};

/// A rule. Rows stand in the order in which the writer puts them.
pub(super) static RULE: &[Field] = &[
    both("name", "name", Text),
    both("type", "type", Text),
    both("isEnabled", "enabled", Bool),
    both("hasExtendedTitle", "has_extended_title", Bool),
    both("groupSignalsBy", "group_signals_by", Texts),
    both("tags", "tags", Texts),
    both("message", "message", Text),
    both("queries", "query", Many(QUERY)),
    both("queries", "signal_query", Many(SIGNAL_QUERY)),
    both("cases", "case", Many(CASE)),
    both("thirdPartyCases", "third_party_case", Many(THIRD_PARTY_CASE)),
    both("filters", "filter", Many(FILTER)),
    both("referenceTables", "reference_tables", Many(REFERENCE_TABLE)),
    both("calculatedFields", "calculated_field", Many(CALCULATED_FIELD)),
    both("schedulingOptions", "scheduling_options", One(SCHEDULING)),
    both("options", "options", One(OPTIONS)),
    api("complianceSignalOptions", One(COMPLIANCE_SIGNAL)),
];

/// A query on events. The API's name of a query on signals is the same, so its fields stand here
/// as well, for the types of JSON.
static QUERY: &[Field] = &[
    both("name", "name", Text),
    both("query", "query", Text),
    both("dataSource", "data_source", Text),
    both("aggregation", "aggregation", Text),
    both("metric", "metric", Text),
    both("metrics", "metrics", Texts),
    both("distinctFields", "distinct_fields", Texts),
    both("groupByFields", "group_by_fields", Texts),
    both("hasOptionalGroupByFields", "has_optional_group_by_fields", Bool),
    both("indexes", "indexes", Texts),
    both("agentRule", "agent_rule", Many(AGENT_RULE)),
    api("index", Text),
    api("customQueryExtension", Text),
    api("ruleId", Text),
    api("defaultRuleId", Text),
    api("correlatedByFields", Texts),
    api("correlatedQueryIndex", Number),
];

/// A query on the signals of another rule.
static SIGNAL_QUERY: &[Field] = &[
    both("name", "name", Text),
    both("ruleId", "rule_id", Text),
    both("defaultRuleId", "default_rule_id", Text),
    both("aggregation", "aggregation", Text),
    both("correlatedByFields", "correlated_by_fields", Texts),
    both("correlatedQueryIndex", "correlated_query_index", NumberAsText),
    api("metrics", Texts),
    api("distinctFields", Texts),
    api("groupByFields", Texts),
];

/// Gone from the API since agent rules are objects of their own.
static AGENT_RULE: &[Field] =
    &[both("agentRuleId", "agent_rule_id", Text), both("expression", "expression", Text)];

static CASE: &[Field] = &[
    both("name", "name", Text),
    both("status", "status", Text),
    both("condition", "condition", Text),
    both("notifications", "notifications", Texts),
    both("actions", "action", Many(ACTION)),
    api("customStatus", Text),
];

static ACTION: &[Field] =
    &[both("type", "type", Text), both("options", "options", One(ACTION_OPTIONS))];

static ACTION_OPTIONS: &[Field] = &[
    both("duration", "duration", Number),
    api("flaggedIPType", Text),
    api("userBehaviorName", Text),
];

static THIRD_PARTY_CASE: &[Field] = &[
    both("name", "name", Text),
    both("status", "status", Text),
    both("query", "query", Text),
    both("notifications", "notifications", Texts),
    api("customStatus", Text),
];

static FILTER: &[Field] = &[both("action", "action", Text), both("query", "query", Text)];

static REFERENCE_TABLE: &[Field] = &[
    both("tableName", "table_name", Text),
    both("columnName", "column_name", Text),
    both("logFieldPath", "log_field_path", Text),
    both("ruleQueryName", "rule_query_name", Text),
    both("checkPresence", "check_presence", Bool),
];

static CALCULATED_FIELD: &[Field] =
    &[both("name", "name", Text), both("expression", "expression", Text)];

static SCHEDULING: &[Field] = &[
    both("rrule", "rrule", Text),
    both("start", "start", Text),
    both("timezone", "timezone", Text),
];

static OPTIONS: &[Field] = &[
    both("detectionMethod", "detection_method", Text),
    both("evaluationWindow", "evaluation_window", Number),
    both("keepAlive", "keep_alive", Number),
    both("maxSignalDuration", "max_signal_duration", Number),
    both("decreaseCriticalityBasedOnEnv", "decrease_criticality_based_on_env", Bool),
    both("newValueOptions", "new_value_options", One(NEW_VALUE)),
    both("impossibleTravelOptions", "impossible_travel_options", One(IMPOSSIBLE_TRAVEL)),
    both("anomalyDetectionOptions", "anomaly_detection_options", One(ANOMALY)),
    both("thirdPartyRuleOptions", "third_party_rule_options", One(THIRD_PARTY)),
    both("sequenceDetectionOptions", "sequence_detection_options", One(SEQUENCE)),
    api("complianceRuleOptions", One(COMPLIANCE)),
    api("hardcodedEvaluatorType", Text),
];

static NEW_VALUE: &[Field] = &[
    both("learningMethod", "learning_method", Text),
    both("learningDuration", "learning_duration", Number),
    both("learningThreshold", "learning_threshold", Number),
    both("forgetAfter", "forget_after", Number),
    both("instantaneousBaseline", "instantaneous_baseline", Bool),
];

static IMPOSSIBLE_TRAVEL: &[Field] = &[
    both("baselineUserLocations", "baseline_user_locations", Bool),
    api("baselineUserLocationsDuration", Number),
];

static ANOMALY: &[Field] = &[
    both("bucketDuration", "bucket_duration", Number),
    both("learningDuration", "learning_duration", Number),
    both("detectionTolerance", "detection_tolerance", Number),
    both("learningPeriodBaseline", "learning_period_baseline", Number),
    both("instantaneousBaseline", "instantaneous_baseline", Bool),
];

static THIRD_PARTY: &[Field] = &[
    both("defaultStatus", "default_status", Text),
    both("defaultNotifications", "default_notifications", Texts),
    both("signalTitleTemplate", "signal_title_template", Text),
    both("rootQueries", "root_query", Many(ROOT_QUERY)),
];

static ROOT_QUERY: &[Field] =
    &[both("query", "query", Text), both("groupByFields", "group_by_fields", Texts)];

static SEQUENCE: &[Field] = &[
    both("steps", "steps", Many(STEP)),
    both("stepTransitions", "step_transitions", Many(TRANSITION)),
];

static STEP: &[Field] = &[
    both("name", "name", Text),
    both("condition", "condition", Text),
    both("evaluationWindow", "evaluation_window", Number),
];

static TRANSITION: &[Field] = &[
    both("parent", "parent", Text),
    both("child", "child", Text),
    both("evaluationWindow", "evaluation_window", Number),
];

static COMPLIANCE: &[Field] =
    &[api("complexRule", Bool), api("regoRule", One(REGO)), api("resourceType", Text)];

static REGO: &[Field] = &[api("policy", Text), api("resourceTypes", Texts)];

static COMPLIANCE_SIGNAL: &[Field] = &[
    api("defaultActivationStatus", Bool),
    api("defaultGroupByFields", Texts),
    api("userActivationStatus", Bool),
    api("userGroupByFields", Texts),
];

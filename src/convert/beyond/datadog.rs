//! What Datadog's rules ask for beside their queries.
//!
//! The keys are those of Datadog's OpenAPI v2 specification
//! (`SecurityMonitoringStandardRuleCreatePayload`, August 2026).

use serde_json::{Map, Value as Json, json};

use super::{Level, Part, says_nothing};
use crate::query::Effect::{Overlapping, Wider};

/// The body of a rule.
pub(super) const RULE: Level = Level {
    of: "rule",
    idle: &[
        "name",
        "message",
        "tags",
        "isEnabled",
        "hasExtendedTitle",
        // Levels of their own.
        "type",
        "queries",
        "cases",
        "options",
    ],
    asks: &[
        ("filters", Wider, "the rule's filters"),
        ("referenceTables", Wider, "the rule's tables of reference"),
        ("calculatedFields", Overlapping, "the fields that the rule calculates"),
        ("schedulingOptions", Overlapping, "the times at which the rule runs"),
        ("groupSignalsBy", Overlapping, "the fields by which signals become one"),
        ("thirdPartyCases", Overlapping, "the cases of another product's alerts"),
    ],
};

/// `options` of a rule.
const OPTIONS: Level = Level {
    of: "rule's options",
    idle: &[
        "detectionMethod",
        // How signals of one group become one.
        "evaluationWindow",
        "keepAlive",
        "maxSignalDuration",
        "decreaseCriticalityBasedOnEnv",
        "relatedSignalsFields",
        // What a detection method needs: the method itself is named.
        "newValueOptions",
        "impossibleTravelOptions",
        "anomalyDetectionOptions",
        "sequenceDetectionOptions",
        "thirdPartyRuleOptions",
    ],
    asks: &[],
};

/// One of `queries`.
const QUERY: Level = Level {
    of: "rule's queries",
    idle: &[
        "name",
        "query",
        // What is counted, and how: `of_query` tells.
        "aggregation",
        "metric",
        "metrics",
        "distinctFields",
        // Read below.
        "dataSource",
        "groupByFields",
        "hasOptionalGroupByFields",
    ],
    asks: &[
        ("indexes", Wider, "the indexes that a query reads"),
        ("index", Wider, "the index that a query reads"),
        ("customQueryExtension", Overlapping, "the extension of a query"),
        ("agentRule", Overlapping, "the rule of the agent"),
    ],
};

/// One of `cases`.
const CASE: Level = Level {
    of: "rule's cases",
    idle: &["name", "status", "customStatus", "condition", "notifications", "actions"],
    asks: &[],
};

/// What the queries of a rule leave to the rule.
pub(super) fn of_query(body: &Map<String, Json>) -> Vec<Part> {
    let mut parts = beside_queries(body);
    parts.extend(keys(body, false));
    parts
}

/// What is left of it where the group of a rule that does not count is read as well.
pub(super) fn of_reading(body: &Map<String, Json>) -> Vec<Part> {
    let mut parts = beside_queries(body);
    parts.extend(keys(body, !counts(body)));
    parts
}

/// Whether a case asks for more than one match, or for something that is computed of matches.
pub(super) fn counts(body: &Map<String, Json>) -> bool {
    let aggregations = members(body, "queries").filter_map(|query| query.get("aggregation"));
    let computes = ["cardinality", "sum", "max"];
    let mut aggregations = aggregations.filter_map(Json::as_str);
    aggregations.any(|name| computes.contains(&name))
        || conditions(body).any(|condition| !asks_for_presence(condition))
}

/// How signals are made of matches.
fn beside_queries(body: &Map<String, Json>) -> Vec<Part> {
    let mut parts = Vec::new();
    let method = body.get("options").and_then(|options| options["detectionMethod"].as_str());
    let method = method.unwrap_or("threshold");
    if method != "threshold" {
        let reason = format!(
            "a rule with the detection method `{method}` asks for more than that events are there"
        );
        parts.push(Part::new(Wider, reason));
    }
    let aggregations = members(body, "queries").filter_map(|query| query.get("aggregation"));
    let aggregations = aggregations.filter_map(Json::as_str);
    for name in aggregations.filter(|name| !["count", "none", method].contains(name)) {
        parts.push(Part::new(Wider, format!("the rule aggregates events by `{name}`")));
    }
    for condition in conditions(body).filter(|condition| !asks_for_presence(condition)) {
        let reason = format!("the condition `{condition}` counts and relates matches");
        parts.push(Part::new(Wider, reason));
    }
    parts
}

/// What decides once results of queries are counted and related.
const COUNTED: &[&str] = &[
    "name",
    "aggregation",
    "groupByFields",
    "hasOptionalGroupByFields",
    "distinctFields",
    "metric",
    "metrics",
];

/// The same among the options.
const METHOD: &[&str] = &[
    "detectionMethod",
    "evaluationWindow",
    "newValueOptions",
    "impossibleTravelOptions",
    "anomalyDetectionOptions",
    "sequenceDetectionOptions",
    "thirdPartyRuleOptions",
];

/// What a rule says that decides over alerts: under the key of a list what its members say.
pub(super) fn asked(body: &Map<String, Json>) -> Map<String, Json> {
    let empty = Map::new();
    let options = body.get("options").and_then(Json::as_object).unwrap_or(&empty);
    let own = RULE.deciding(body).chain(OPTIONS.deciding(options));
    let mut asked: Map<String, Json> =
        own.map(|(key, value)| (key.clone(), value.clone())).collect();
    let foreign = |query: &&Map<String, Json>| {
        query.get("dataSource").is_some_and(|source| !says_nothing(source) && source != "logs")
    };
    let of_queries = members(body, "queries").flat_map(|query| QUERY.deciding(query));
    let of_cases = members(body, "cases").flat_map(|case| CASE.deciding(case));
    let sources = members(body, "queries").filter(foreign);
    let sources = sources.filter_map(|query| query.get_key_value("dataSource"));
    for (key, value) in of_queries.chain(of_cases).chain(sources) {
        match asked.entry(key.clone()).or_insert_with(|| json!([])) {
            Json::Array(all) => all.push(value.clone()),
            other => *other = json!([other.clone(), value]),
        }
    }
    if is_more_than_presence(body) {
        let several = members(body, "queries").count() > 1;
        // Which of several queries has which text matters: only all of them together are compared.
        let counted = |key: &str| COUNTED.contains(&key) || several && key == "query";
        let queries = members(body, "queries").map(|query| picked(query, counted));
        asked.insert("queries".to_owned(), queries.collect());
        let conditions = members(body, "cases").filter_map(|case| case.get("condition"));
        asked.insert("cases".to_owned(), conditions.cloned().collect());
        asked.insert("options".to_owned(), picked(options, |key| METHOD.contains(&key)));
    }
    asked
}

/// Whether more is asked of the queries than that one finds an event.
fn is_more_than_presence(body: &Map<String, Json>) -> bool {
    let method = body.get("options").and_then(|options| options["detectionMethod"].as_str());
    let aggregates = |query: &Map<String, Json>| {
        let name = query.get("aggregation").and_then(Json::as_str);
        name.is_some_and(|name| !["count", "none"].contains(&name))
    };
    method.is_some_and(|method| method != "threshold")
        || members(body, "queries").any(aggregates)
        || conditions(body).any(|condition| !asks_for_presence(condition))
}

/// The keys of an object that are wanted and say something.
fn picked(object: &Map<String, Json>, wanted: impl Fn(&str) -> bool) -> Json {
    let kept = object.iter().filter(|(key, value)| wanted(key) && !says_nothing(value));
    Json::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// The conditions of all cases.
fn conditions(body: &Map<String, Json>) -> impl Iterator<Item = &str> {
    members(body, "cases").filter_map(|case| case.get("condition")?.as_str())
}

/// What only Datadog knows of. A rule that `counts` says itself what its events are grouped by.
pub(super) fn of_document(body: &Map<String, Json>, counts: bool) -> Vec<Part> {
    let mut parts = keys(body, counts);
    let learning =
        body.get("options").map(|options| &options["newValueOptions"]["learningDuration"]);
    if let Some(days) = learning.and_then(Json::as_u64).filter(|days| *days > 0) {
        let reason = format!(
            "`learningDuration` stays behind: the rule raises nothing in its first {days} days"
        );
        parts.push(Part::new(Wider, reason));
    }
    parts
}

/// What the keys of all levels ask for; `grouped` if the group is read elsewhere.
fn keys(body: &Map<String, Json>, grouped: bool) -> Vec<Part> {
    let mut parts = RULE.parts(body);
    if let Some(Json::Object(options)) = body.get("options") {
        parts.extend(OPTIONS.parts(options));
    }
    for query in members(body, "queries") {
        parts.extend(QUERY.parts(query));
        let source = query.get("dataSource").and_then(Json::as_str).unwrap_or("logs");
        if source != "logs" {
            let reason = format!("`dataSource` stays behind: a query reads `{source}` and no logs");
            parts.push(Part::new(Overlapping, reason));
        }
        if !grouped {
            parts.extend(group(query));
        }
    }
    members(body, "cases").for_each(|case| parts.extend(CASE.parts(case)));
    parts
}

/// What grouping leaves out: a log without a field of the group raises no signal, unless the group
/// is optional.
fn group(query: &Map<String, Json>) -> Option<Part> {
    let optional = query.get("hasOptionalGroupByFields").and_then(Json::as_bool).unwrap_or(false);
    let fields = query.get("groupByFields").and_then(Json::as_array).filter(|_| !optional)?;
    let fields: Vec<String> =
        fields.iter().filter_map(Json::as_str).map(|name| format!("`{name}`")).collect();
    let reason = || {
        let fields = fields.join(", ");
        format!("`groupByFields` stays behind: logs without {fields} raise no signal")
    };
    (!fields.is_empty()).then(|| Part::new(Wider, reason()))
}

/// The objects of a list.
fn members<'b>(
    body: &'b Map<String, Json>,
    key: &str,
) -> impl Iterator<Item = &'b Map<String, Json>> {
    body.get(key).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object)
}

/// Whether a condition holds as soon as one of its queries finds an event: `a > 0 || b > 0`.
fn asks_for_presence(condition: &str) -> bool {
    // Datadog answers without a condition for methods that have none.
    condition.trim().is_empty()
        || condition.split("||").all(|term| {
            let number = term.split_once('>').map(|(_, number)| number.trim());
            // `>= 1` leaves `= 1`.
            matches!(number.map(|n| n.replace(' ', "")).as_deref(), Some("0" | "=1"))
        })
}

#[cfg(test)]
mod tests {
    use super::asks_for_presence;

    #[test]
    fn presence_is_more_than_zero() {
        for condition in ["a > 0", "a>0 || b >= 1", " a > 0 ", ""] {
            assert!(asks_for_presence(condition), "{condition}");
        }
        for condition in ["a > 10", "a > 0 && b > 0", "a > 0 THEN b > 0", "a > 0.9", "a"] {
            assert!(!asks_for_presence(condition), "{condition}");
        }
    }
}

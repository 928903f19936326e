//! What the rules of the platforms ask of events beside their queries.

use serde_json::{Map, Value as Json};

use crate::query::{Effect, Loss};

/// Lists of Elastic's body that decide what a rule reports.
const ELASTIC: &[(&str, &str)] = &[
    ("filters", "the rule's `filters` are no part of its query"),
    ("exceptions_list", "the rule's lists of exceptions are no part of its query"),
];

/// Keys of Datadog's body that decide what a rule reports.
const DATADOG: &[(&str, &str)] = &[
    ("filters", "the rule's `filters` are no part of its queries"),
    ("referenceTables", "the rule's reference tables are no part of its queries"),
    ("calculatedFields", "the rule's calculated fields are no part of its queries"),
];

/// What an Elastic rule of a type asks beside its query.
pub(super) fn elastic(body: &Map<String, Json>, kind: &str) -> Option<Loss> {
    if matches!(kind, "new_terms" | "threshold" | "threat_match") {
        return Some(query_only(format!(
            "the query of a rule of type `{kind}` finds every event that the rule looks at"
        )));
    }
    named(body, ELASTIC)
}

/// What a Datadog rule asks beside its queries.
pub(super) fn datadog(body: &Map<String, Json>, queries: &[Json]) -> Option<Loss> {
    let options = body.get("options");
    let method = options.and_then(|options| options["detectionMethod"].as_str());
    if let Some(method) = method.filter(|method| *method != "threshold") {
        return Some(query_only(format!(
            "a rule with the detection method `{method}` asks for more than that events are there"
        )));
    }
    let counts = |query: &&Json| {
        let aggregation = query["aggregation"].as_str();
        aggregation.is_some_and(|name| !matches!(name, "count" | "none"))
    };
    if let Some(name) = queries.iter().find(counts).and_then(|query| query["aggregation"].as_str())
    {
        return Some(query_only(format!("the rule aggregates events by `{name}`")));
    }
    let cases = body.get("cases").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let conditions: Vec<&str> =
        cases.iter().filter_map(|case| case["condition"].as_str()).collect();
    let beyond_presence = conditions.iter().find(|condition| !asks_for_presence(condition));
    if let Some(condition) = beyond_presence {
        return Some(query_only(format!("the condition `{condition}` counts and relates matches")));
    }
    named(body, DATADOG)
}

/// Whether a condition holds as soon as one of its queries finds an event: `a > 0 || b > 0`.
fn asks_for_presence(condition: &str) -> bool {
    condition.split("||").all(|term| {
        let number = term.split_once('>').map(|(_, number)| number.trim());
        // `>= 1` leaves `= 1`.
        matches!(number.map(|n| n.replace(' ', "")).as_deref(), Some("0" | "=1"))
    })
}

/// The first key of a table that is there and not empty.
fn named(body: &Map<String, Json>, keys: &[(&str, &str)]) -> Option<Loss> {
    let is_there = |key: &str| match body.get(key) {
        Some(Json::Array(list)) => !list.is_empty(),
        Some(Json::Object(object)) => !object.is_empty(),
        _ => false,
    };
    let (_, reason) = keys.iter().find(|(key, _)| is_there(key))?;
    Some(query_only((*reason).to_owned()))
}

fn query_only(reason: String) -> Loss {
    Loss { code: "query-only", effect: Effect::Wider, field: None, reason }
}

#[cfg(test)]
mod tests {
    use super::asks_for_presence;

    #[test]
    fn presence_is_more_than_zero() {
        for condition in ["a > 0", "a>0 || b >= 1", " a > 0 "] {
            assert!(asks_for_presence(condition), "{condition}");
        }
        for condition in ["a > 10", "a > 0 && b > 0", "a > 0 THEN b > 0", "a > 0.9", "a", ""] {
            assert!(!asks_for_presence(condition), "{condition}");
        }
    }
}

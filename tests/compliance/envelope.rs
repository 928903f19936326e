//! What stands around a query: a rule that cannot alert covers nothing, whatever its query says.

use serde_json::{Value, json};

use crate::binary::{parts, place, report};
use crate::foreign::elastic;
use crate::verb::{rule, write};

const KEYS: &str = "event.dataset:aws.cloudtrail and event.provider:kms.amazonaws.com and \
                    event.action:(DisableKey or ScheduleKeyDeletion)";

/// A Datadog rule on the same calls with more keys.
fn datadog(more: &Value) -> Value {
    let mut rule = json!({
        "name": "keys", "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "options": {"evaluationWindow": 300, "keepAlive": 300, "maxSignalDuration": 600, "detectionMethod": "threshold"},
        "queries": [{
            "query": "source:cloudtrail @eventSource:kms.amazonaws.com @evt.name:(DisableKey OR ScheduleKeyDeletion)",
            "aggregation": "count", "groupByFields": [], "distinctFields": [], "name": "a",
        }],
        "cases": [{"name": "", "status": "low", "condition": "a > 0", "notifications": []}],
    });
    merge(&mut rule, more);
    rule
}

fn merge(rule: &mut Value, more: &Value) {
    match more.as_object() {
        Some(more) => more.iter().for_each(|(key, value)| merge(&mut rule[key], value)),
        None => *rule = more.clone(),
    }
}

/// How many parts a file covers and finds in part, and why not more.
fn found(name: &str, text: &str) -> (usize, usize, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), name, text);
    let report = report(folder.path(), &["--rules", name, "--control", "5.7"]);
    let found = place(&report, "7.0.0", "kms-cmk-disable-or-delete", "rule");
    let parts = |state| parts(found, state).len();
    let narrowed = found["parts"].as_array().into_iter().flatten();
    let by = narrowed.flat_map(|part| part["rules"].as_array().into_iter().flatten());
    let by = by.flat_map(|rule| rule[1]["by"].as_array().into_iter().flatten());
    let mut kinds: Vec<String> =
        by.filter_map(|one| Some(one["kind"].as_str()?.to_owned())).collect();
    kinds.sort();
    kinds.dedup();
    (parts("covered"), parts("narrowed"), kinds)
}

fn of_elastic(more: &Value) -> (usize, usize, Vec<String>) {
    let mut rule = elastic("keys", KEYS);
    merge(&mut rule, more);
    found("rule.json", &rule.to_string())
}

fn of_datadog(more: &Value) -> (usize, usize, Vec<String>) {
    found("rule.json", &datadog(more).to_string())
}

fn narrowed(kind: &str) -> (usize, usize, Vec<String>) {
    (0, 2, vec![kind.to_owned()])
}

#[test]
fn elastic_rules_that_cannot_alert_cover_nothing_in_full() {
    let all = (2, 0, Vec::new());
    assert_eq!(of_elastic(&json!({})), all);
    assert_eq!(of_elastic(&json!({"enabled": true, "exceptions_list": []})), all);
    assert_eq!(of_elastic(&json!({"enabled": false})), narrowed("disabled"));
    assert_eq!(of_elastic(&json!({"building_block_type": "default"})), narrowed("disabled"));
    let list =
        json!([{"id": "l", "list_id": "l", "type": "detection", "namespace_type": "single"}]);
    assert_eq!(of_elastic(&json!({"exceptions_list": list})), narrowed("exclusion"));
    assert_eq!(of_elastic(&json!({"interval": "1h", "from": "now-1m"})), narrowed("condition"));
    assert_eq!(of_elastic(&json!({"interval": "5m", "from": "now-6m"})), all);
}

#[test]
fn rules_over_other_indexes_find_nothing_of_a_log() {
    let nothing = (0, 0, Vec::new());
    for index in ["winlogbeat-*", "logs-gcp.audit-*"] {
        assert_eq!(of_elastic(&json!({"index": [index]})), nothing, "{index}");
    }
    for index in ["filebeat-*", "logs-*", "my-trails", "remote:logs-aws*"] {
        assert_eq!(of_elastic(&json!({"index": ["winlogbeat-*", index]})).0, 2, "{index}");
    }
    let esql = |from: &str| {
        let query = "| WHERE event.provider == \"kms.amazonaws.com\" AND event.action IN (\"DisableKey\", \"ScheduleKeyDeletion\")";
        let (kind, query) = (json!("esql"), json!(format!("FROM {from} {query}")));
        let mut rule = elastic("keys", "");
        merge(&mut rule, &json!({"type": kind, "language": kind, "query": query}));
        rule["index"] = Value::Null;
        found("rule.json", &rule.to_string())
    };
    assert_eq!(esql("logs-aws.cloudtrail-*").0, 2);
    assert_eq!(esql("logs-gcp.audit-*"), nothing);
}

#[test]
fn datadog_rules_ask_for_the_fields_of_their_groups() {
    let all = (2, 0, Vec::new());
    assert_eq!(of_datadog(&json!({})), all);
    assert_eq!(of_datadog(&json!({"isEnabled": false})), narrowed("disabled"));
    assert_eq!(of_datadog(&json!({"isDeleted": true})), narrowed("disabled"));
    let group = |optional: bool| {
        let mut rule = datadog(&json!({}));
        merge(
            &mut rule["queries"][0],
            &json!({"groupByFields": ["@userIdentity.arn"], "hasOptionalGroupByFields": optional}),
        );
        found("rule.json", &rule.to_string())
    };
    assert_eq!(group(true), all);
    assert_eq!(group(false), narrowed("presence"));
}

#[test]
fn retired_rules_and_rules_of_wider_logs() {
    let keys = rule("DisableKey, ScheduleKeyDeletion");
    assert_eq!(found("rule.yml", &keys), (2, 0, Vec::new()));
    assert_eq!(found("rule.yml", &format!("{keys}status: deprecated\n")), narrowed("disabled"));
    let wide = keys.replace(", service: cloudtrail", "");
    assert_eq!(found("rule.yml", &wide), (2, 0, Vec::new()));
    let other = keys.replace("cloudtrail", "guardduty");
    assert_eq!(found("rule.yml", &other), (0, 0, Vec::new()));
    // A keyword is looked for in every value.
    let words = wide.replace(
        "s: {eventSource: kms.amazonaws.com, eventName: [DisableKey, ScheduleKeyDeletion]}",
        "s: [DisableKey, ScheduleKeyDeletion]",
    );
    assert_eq!(found("rule.yml", &words), (2, 0, Vec::new()));
    // A regular expression for a choice of the demanded values.
    let regex =
        keys.replace("eventName: [DisableKey, ScheduleKeyDeletion]", "eventName|re: '^Dis.*Key$'");
    assert_eq!(found("rule.yml", &regex), (1, 0, Vec::new()));
}

//! The events that a query is for, where it does not say so.

use serde_json::{Value, json};

use super::one;
use crosswalk::convert::Unit;

const LANGUAGES: &[&str] = &["datadog", "eql", "esql", "kql", "lucene", "sigma"];

/// What a conversion assumes of the events that it is run on.
fn assumed(unit: &Unit) -> Vec<&str> {
    let done = unit.result.as_ref().unwrap_or_else(|refused| panic!("{refused:?}"));
    let about = done.assumptions.iter().filter(|fact| fact.code == "log-source");
    about.map(|fact| fact.reason.as_str()).collect()
}

fn sigma(head: &str, detection: &str) -> String {
    format!(
        "title: T\nid: 9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50\ndescription: d\nlevel: low\n{head}\
         detection:\n  s:\n    {detection}\n  condition: s\n"
    )
}

const WINDOWS: &str = "logsource:\n  product: windows\n  category: process_creation\n";
const CLOUDTRAIL: &str = "logsource:\n  product: aws\n  service: cloudtrail\n";

#[test]
fn a_log_source_that_no_query_says_is_assumed() {
    let rule = sigma(WINDOWS, "Image: a");
    let only = "the query is only run on events of `windows/process_creation`";
    for to in LANGUAGES {
        assert_eq!(assumed(&one(&rule, "sigma", to)), [only], "{to}");
    }
    for to in ["elastic", "elastic-toml", "datadog-rule", "terraform"] {
        assert_eq!(assumed(&one(&rule, "sigma", to)), [only], "{to}");
    }
    assert_eq!(assumed(&one(&rule, "sigma", "sigma-rule")), [""; 0], "the rule says it");
}

#[test]
fn a_log_source_that_the_query_says_is_not() {
    let rule = sigma(CLOUDTRAIL, "eventName: StopLogging");
    for to in ["datadog", "eql", "esql", "kql", "lucene", "elastic", "datadog-rule"] {
        assert_eq!(assumed(&one(&rule, "sigma", to)), [""; 0], "{to}");
    }
    assert_eq!(assumed(&one(&rule, "sigma", "sigma")).len(), 1, "a detection has no log source");
    let own = sigma(
        &format!("taxonomy: ecs\n{CLOUDTRAIL}"),
        "event.dataset: aws.cloudtrail\n    event.action: x",
    );
    assert_eq!(assumed(&one(&own, "sigma", "kql")), [""; 0]);
    let own = sigma(&format!("taxonomy: ecs\n{CLOUDTRAIL}"), "event.action: x");
    assert_eq!(assumed(&one(&own, "sigma", "kql")).len(), 1);
}

#[test]
fn a_log_source_that_the_indices_say_is_not() {
    let source = "logsource:\n  product: okta\n  service: system\n";
    let index = "elastic:\n  index: [logs-okta.system-*]\n";
    let rule = sigma(source, "a: x");
    assert_eq!(assumed(&one(&format!("{rule}{index}"), "sigma", "elastic")), [""; 0]);
    assert_eq!(assumed(&one(&rule, "sigma", "elastic")).len(), 1);
    assert_eq!(assumed(&one(&format!("{rule}{index}"), "sigma", "datadog-rule")).len(), 1);
}

fn elastic(index: Value, query: &str) -> String {
    json!({
        "name": "R", "type": "query", "language": "kuery", "severity": "low", "risk_score": 21,
        "rule_id": "9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50", "description": "d", "query": query,
        "index": index,
    })
    .to_string()
}

#[test]
fn the_indices_of_a_rule_are_told() {
    let rule = elastic(json!(["winlogbeat-*", "logs-endpoint.events.*"]), "process.name:x");
    let only = "the query is only run on events in `winlogbeat-*`, `logs-endpoint.events.*`";
    for to in ["datadog", "eql", "kql", "sigma", "datadog-rule", "terraform", "sigma-rule"] {
        assert_eq!(assumed(&one(&rule, "elastic", to)), [only], "{to}");
    }
    for to in ["esql", "elastic", "elastic-toml"] {
        assert_eq!(assumed(&one(&rule, "elastic", to)), [""; 0], "{to} names its indices");
    }
    let one_set = elastic(json!(["logs-endpoint.events.*"]), "process.name:x");
    assert_eq!(assumed(&one(&one_set, "elastic", "sigma-rule")), [""; 0], "its log source says it");
    let asked = elastic(json!(["filebeat-*"]), "event.dataset:okta.system and a:x");
    for to in ["kql", "datadog", "sigma", "sigma-rule", "datadog-rule"] {
        assert_eq!(assumed(&one(&asked, "elastic", to)), [""; 0], "{to}: the query asks for it");
    }
}

#[test]
fn a_datadog_rule_does_not_ask_elastic_for_its_source() {
    let rule = json!({
        "name": "R", "type": "log_detection", "message": "m", "isEnabled": true,
        "queries": [{"query": "source:okta @a:x", "name": "q", "aggregation": "count"}],
        "options": {"detectionMethod": "threshold", "evaluationWindow": 300},
        "cases": [{"name": "c", "status": "low", "condition": "q > 0", "notifications": []}],
    });
    let unit = one(&rule.to_string(), "datadog", "elastic");
    assert_eq!(assumed(&unit), ["the query is only run on logs whose `source` is `okta`"]);
    let text = &unit.result.as_ref().expect("converts").texts[0].text;
    assert!(text.contains("\"a:x\"") && !text.contains("okta"), "{text}");
}

//! Whole documents.

use serde_json::{Value, json};

use super::{one, texts};

fn datadog(query: Value, condition: &str, method: &str) -> String {
    json!({
        "name": "R", "type": "log_detection", "message": "m", "isEnabled": true,
        "queries": [query], "options": {"detectionMethod": method, "evaluationWindow": 300},
        "cases": [{"name": "c", "status": "low", "condition": condition, "notifications": []}],
    })
    .to_string()
}

#[test]
fn a_rule_that_asks_for_more_than_its_query_is_not_exact() {
    let plain = json!({"query": "@a:x", "name": "q", "aggregation": "count"});
    let distinct = json!({"query": "@a:x", "name": "q", "aggregation": "cardinality"});
    for (query, condition, method, exact) in [
        (&plain, "q > 0", "threshold", true),
        (&plain, "q > 10", "threshold", false),
        (&plain, "q > 0 && q > 0", "threshold", false),
        (&plain, "q > 0", "new_value", false),
        (&distinct, "q > 0", "threshold", false),
    ] {
        let unit = one(&datadog(query.clone(), condition, method), "datadog", "kql");
        assert_eq!(texts(&unit), ["a:x"]);
        let losses = &unit.result.as_ref().expect("converts").losses;
        assert_eq!(losses.is_empty(), exact, "{condition} {method}");
        assert!(losses.iter().all(|loss| loss.code == "query-only"), "{losses:?}");
    }
}

#[test]
fn a_rule_that_cannot_be_stated_says_why() {
    let rule = json!({
        "name": "R", "type": "eql", "language": "eql", "severity": "low", "risk_score": 1,
        "rule_id": "9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50", "description": "d",
        "query": "sequence by a [any where b == 1] [any where c == 2]",
    });
    let refused = one(&rule.to_string(), "elastic", "datadog-rule").result.expect_err("refused");
    assert!(refused.refused[0].reason.contains("sequence"), "{refused:?}");
}

#[test]
fn json_says_what_became_of_a_rule() {
    let exact = json!(one("a:x", "kql", "eql"));
    assert_eq!(exact["outcome"], "exact");
    assert_eq!(exact["texts"][0]["text"], "any where a == \"x\"");
    let refused = json!(one("a:x", "kql", "elastic"));
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["refused"][0]["code"], "incomplete-envelope");
    assert!(refused.get("texts").is_none());
}

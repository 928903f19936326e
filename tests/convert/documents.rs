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

/// An Elastic rule with some keys more.
fn elastic(more: Value) -> String {
    let mut rule = json!({
        "name": "R", "type": "query", "language": "kuery", "severity": "low", "risk_score": 21,
        "rule_id": "9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50", "description": "d", "query": "a:x",
        "interval": "5m", "from": "now-9m", "note": "n", "references": ["https://a.example"],
    });
    let more = more.as_object().expect("an object").clone();
    rule.as_object_mut().expect("an object").extend(more);
    rule.to_string()
}

/// The losses of a rule that converts, each by its code and the key that it names.
fn losses(unit: &crosswalk::convert::Unit) -> Vec<(&str, &str)> {
    let losses = &unit.result.as_ref().expect("converts").losses;
    losses.iter().map(|loss| (loss.code, loss.reason.split('`').nth(1).expect("a key"))).collect()
}

#[test]
fn what_only_elastic_has_is_named_by_every_other_platform() {
    let rule = elastic(json!({
        "exceptions_list": [{"id": "a", "list_id": "b", "type": "detection", "namespace_type": "single"}],
        "alert_suppression": {"group_by": ["host.name"]}, "new_in_kibana": 1, "max_signals": 5,
        "filters": [], "timeline_id": "t",
    }));
    let keys = ["alert_suppression", "exceptions_list", "max_signals", "new_in_kibana"];
    for to in ["datadog-rule", "terraform", "sigma-rule"] {
        let unit = one(&rule, "elastic", to);
        let mut named = losses(&unit);
        named.sort_unstable();
        assert_eq!(named, keys.map(|key| ("platform-only", key)), "{to}");
    }
    let query = one(&rule, "elastic", "kql");
    let mut named = losses(&query);
    named.sort_unstable();
    assert_eq!(named, keys.map(|key| ("query-only", key)), "each is named, not only the first");
    for to in ["elastic", "elastic-toml"] {
        assert_eq!(losses(&one(&rule, "elastic", to)), [], "{to} keeps everything");
    }
    assert_eq!(losses(&one(&elastic(json!({})), "elastic", "datadog-rule")), []);
}

#[test]
fn what_only_datadog_has_is_named_by_every_other_platform() {
    let query = json!({"query": "@a:x", "name": "q", "aggregation": "count",
        "groupByFields": ["@b"], "brandNew": {"x": 1}});
    let rule = datadog(query, "q > 0", "threshold");
    for to in ["elastic", "elastic-toml", "sigma-rule"] {
        let unit = one(&rule, "datadog", to);
        let mut named = losses(&unit);
        named.sort_unstable();
        assert_eq!(named, [("platform-only", "brandNew"), ("platform-only", "groupByFields")]);
    }
    for to in ["datadog-rule", "terraform"] {
        assert_eq!(losses(&one(&rule, "datadog", to)), [], "{to} keeps everything");
    }
}

#[test]
fn a_rule_that_counts_says_its_group_itself() {
    let query =
        json!({"query": "@a:x", "name": "q", "aggregation": "count", "groupByFields": ["@b"]});
    let unit = one(&datadog(query, "q > 10", "threshold"), "datadog", "sigma-rule");
    assert_eq!(losses(&unit), []);
}

#[test]
fn every_part_that_a_query_leaves_behind_is_named() {
    let query = json!({"query": "@a:x", "name": "q", "aggregation": "cardinality"});
    let unit = one(&datadog(query, "q > 10", "impossible_travel"), "datadog", "kql");
    let named: Vec<_> = losses(&unit).into_iter().map(|(_, words)| words).collect();
    assert_eq!(named, ["impossible_travel", "q > 10", "cardinality"]);
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

#[test]
fn presence_is_exact_in_sigma() {
    for wanted in ["true", "false"] {
        let rule = format!(
            "title: T\nlogsource:\n  product: x\ndetection:\n  s:\n    a|exists: {wanted}\n    b: c\n  \
             condition: s\n"
        );
        let unit = one(&rule, "sigma", "sigma");
        assert!(texts(&unit)[0].contains(&format!("a|exists: {wanted}")), "{:?}", texts(&unit));
        assert_eq!(losses(&unit), []);
    }
}

#[test]
fn a_page_without_a_query_is_refused_for_that() {
    let page = "---\ntitle: A rule\nclassification: attack\n---\n## Goal\nG\n";
    let (units, _) = super::converted(
        vec![crosswalk::source::SourceFile::new("page.md", page)],
        crosswalk::convert::Input::from_name("datadog-page"),
        crosswalk::convert::To::from_name("kql").expect("a target"),
    );
    for unit in &units {
        let refused = &unit.result.as_ref().expect_err("refused").refused[0];
        assert_eq!(
            (refused.code, refused.reason.as_str()),
            ("no-query", "this page shows no query")
        );
    }
    assert_eq!(units.len(), 1);
    let unit = one(page, "datadog-page", "elastic");
    assert_eq!(unit.result.expect_err("refused").refused[0].code, "no-query");
}

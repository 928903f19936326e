//! JSON of the API: what is wrapped, what only answers have, what is of the wrong type.

use serde_json::{Value, json};

use super::{import, only, told};

const RULE: &str = r#"{
  "name": "Trail stopped", "message": "Somebody stopped a trail.", "isEnabled": true,
  "queries": [{"query": "source:cloudtrail @evt.name:StopLogging", "name": "stopped"}],
  "cases": [{"status": "high", "condition": "stopped > 0", "notifications": []}],
  "options": {"evaluationWindow": 300}
}"#;

#[test]
fn a_body_stays_as_it_is() {
    let rule = only(RULE);
    assert_eq!(Value::Object(rule.body), serde_json::from_str::<Value>(RULE).expect("JSON"));
    let query = rule.query_start.expect("the query stands there letter by letter");
    assert!(RULE[query..].starts_with("source:cloudtrail"));
    assert_eq!(&RULE[rule.span.start..rule.span.end], RULE);
}

#[test]
fn lists_and_envelopes_are_opened() {
    for (document, number) in [
        (format!("[{RULE}, {RULE}]"), 2),
        (format!(r#"{{"data": [{RULE}], "meta": {{"page": {{"total_count": 1}}}}}}"#), 1),
        (format!(r#"{{"data": {RULE}}}"#), 1),
        (format!(r#"{{"rule": {RULE}, "ruleQueryPayloads": [{{"expectedResult": true}}]}}"#), 1),
    ] {
        let (rules, findings) = import("list.json", &document);
        assert!(findings.is_empty(), "{findings:#?}");
        assert_eq!(rules.len(), number, "{document}");
        for rule in rules {
            let at = rule.query_start.expect("a place");
            assert!(document[at..].starts_with("source:cloudtrail"));
        }
    }
}

#[test]
fn what_only_answers_have_stands_beside() {
    let rule = only(
        r#"{"id": "abc-def-ghi", "version": 3, "createdAt": 1583315200000, "isDefault": true,
            "updatedAt": 1686000000000, "defaultRuleId": "def-000-abc", "isBeta": true,
            "tags": ["security:attack"], "defaultTags": ["source:cloudtrail", "security:attack"],
            "deprecationDate": 1700000000000, "creator": {"name": "", "handle": ""},
            "customName": "Ours", "isDeleted": false, "name": "Theirs", "queries": []}"#,
    );
    let body = json!({
        "tags": ["security:attack", "source:cloudtrail"], "name": "Theirs", "queries": [],
    });
    assert_eq!(Value::Object(rule.body), body);
    let beside = rule.beside;
    assert_eq!(beside.date.map(|date| date.to_string()).as_deref(), Some("2020-03-04"));
    assert_eq!(beside.modified.map(|date| date.to_string()).as_deref(), Some("2023-06-05"));
    assert_eq!(beside.default_id.as_deref(), Some("def-000-abc"));
    assert_eq!(beside.maturity.as_deref(), Some("beta"));
    let other = json!({
        "id": "abc-def-ghi", "deprecationDate": "2023-11-14", "customName": "Ours",
    });
    assert_eq!(Value::Object(beside.other), other);
}

#[test]
fn numbers_from_state_are_booleans() {
    let rule = only(
        r#"{"name": "n", "isEnabled": 0, "queries": [{"hasOptionalGroupByFields": 1}],
            "_origin": {"tf_id": "abc-def-ghi"}}"#,
    );
    assert_eq!(rule.body["isEnabled"], json!(false));
    assert_eq!(rule.body["queries"], json!([{"hasOptionalGroupByFields": true}]));
    assert_eq!(rule.beside.default_id.as_deref(), Some("abc-def-ghi"));
}

#[test]
fn a_wrong_type_is_told_and_kept() {
    let document = "{\"name\": \"n\", \"isEnabled\": \"yes\",\n \"queries\": {\"query\": \"a\"},\n \
                    \"tags\": [1], \"unheard\": {\"of\": 1}, \"cases\": [{\"status\": 4}],\n \
                    \"createdAt\": \"today\"}";
    let (rules, findings) = import("rule.json", document);
    assert_eq!(
        told(&findings),
        [
            "import-field 1:28 `isEnabled` must be a boolean, not text",
            "import-field 2:13 `queries` must be a list of objects, not an object",
            "import-field 3:10 `tags` must be a list of texts, not a list",
            "import-field 3:58 `status` must be text, not a number",
            "import-field 4:15 `createdAt` is not what the API answers there",
        ]
    );
    let body = serde_json::from_str::<Value>(document).expect("JSON");
    assert_eq!(Value::Object(rules[0].body.clone()), body);
}

#[test]
fn what_is_no_rule_is_refused_by_name() {
    for (document, expected) in [
        ("{\"queries\": [\n 1,]}", "import-syntax 2:4 this is not JSON: trailing comma"),
        (
            r#"{"terraformContent": "resource", "ruleId": "a"}"#,
            "import-syntax 1:1 this is the answer of a conversion, not a rule",
        ),
        (
            r#"[1, {"x": {"isEnabled": 1}}]"#,
            "import-syntax 1:2 a rule of Datadog is expected, not a number",
        ),
        (
            r#"{"name": "a", "cases": [], "name": "b"}"#,
            "import-syntax 1:28 the key `name` stands here twice",
        ),
        ("PK\u{3}\u{4}", "import-syntax 1:1 archives are not read"),
    ] {
        let (_, findings) = import("other.json", document);
        let told = told(&findings);
        assert!(told.iter().any(|told| told == expected), "{told:#?}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let open = "[".repeat(100_000);
    for document in [
        format!("{{\"queries\": {open}"),
        format!("{{\"queries\": {open}{}}}", "]".repeat(100_000)),
    ] {
        let (rules, findings) = import("deep.json", &document);
        assert!(rules.is_empty());
        assert!(told(&findings)[0].contains("recursion limit"), "{:?}", told(&findings));
    }
}

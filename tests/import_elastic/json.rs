//! Kibana's JSON.

use serde_json::{Value, json};

use super::{common, read};

/// A rule as Kibana answers with it.
pub(crate) fn answer() -> Value {
    json!({
        "id": "5f9c1d0e-7a11-4c1a-8a44-0a3b5b6a7c8d",
        "created_at": "2025-01-31T23:59:59.999Z",
        "updated_at": "2026-11-21T00:00:00.000Z",
        "created_by": "ana", "updated_by": "ben", "revision": 3, "immutable": false,
        "rule_source": {"type": "internal"},
        "execution_summary": {"last_execution": {"status": "succeeded"}},
        "name": "Sign-in without a second factor", "rule_id": "one", "type": "query",
        "description": "A console sign-in.", "severity": "low", "risk_score": 21, "version": 2,
        "query": "event.action: signed_in", "language": "kuery", "enabled": true,
        "exceptions_list": [{"id": "e", "list_id": "known", "type": "detection",
                             "namespace_type": "single"}],
        "actions": [{"id": "mail", "group": "default", "params": {}}],
        "a_field_of_tomorrow": [1.5, null],
    })
}

/// The same rule without what only answers have.
fn body() -> Value {
    let mut body = answer();
    let dropped = [
        "id",
        "created_at",
        "updated_at",
        "created_by",
        "updated_by",
        "revision",
        "immutable",
        "rule_source",
        "execution_summary",
    ];
    for name in dropped {
        body.as_object_mut().unwrap().shift_remove(name).unwrap();
    }
    body
}

#[test]
fn an_answer_becomes_the_body_that_would_create_the_rule() {
    for text in [answer().to_string(), serde_json::to_string_pretty(&answer()).unwrap()] {
        let file = read(&text);
        assert_eq!(file.at_query(0, 23), Some("event.action: signed_in"));
        let rule = file.only();
        assert_eq!(Value::Object(rule.body), body());
        assert_eq!(rule.beside.date.unwrap().to_string(), "2025-01-31");
        assert_eq!(rule.beside.modified.unwrap().to_string(), "2026-11-21");
        assert!(rule.beside.other.is_empty());
        assert_eq!((rule.span.start, rule.span.end), (0, text.len()));
    }
}

#[test]
fn rules_are_found_in_whatever_holds_them() {
    let one = body();
    let asset = json!({"id": "one_2", "type": "security-rule", "attributes": one});
    for (document, count) in [
        (json!([one, one]), 2),
        (json!({"page": 1, "perPage": 20, "total": 2, "data": [one, one]}), 2),
        (asset.clone(), 1),
        (json!([asset]), 1),
    ] {
        let file = read(&document.to_string());
        assert!(file.findings.is_empty(), "{:?}", file.lines());
        assert_eq!(file.rules.len(), count);
        for (index, rule) in file.rules.iter().enumerate() {
            assert_eq!(Value::Object(rule.body.clone()), body());
            assert_eq!(file.at_query(index, 12), Some("event.action"));
        }
    }
}

#[test]
fn an_export_keeps_what_belongs_to_a_rule_beside_it() {
    let list = json!({"list_id": "known", "name": "Known users", "type": "detection"});
    let item = json!({"list_id": "known", "item_id": "i", "name": "Ana", "type": "simple",
                      "entries": [{"field": "user.name", "operator": "included",
                                   "type": "match", "value": "ana"}]});
    let stray = json!({"list_id": "unknown", "item_id": "j", "name": "Stray", "entries": []});
    let connector = json!({"id": "mail", "type": "action", "attributes": {"name": "Mail"}});
    let summary = json!({
        "exported_count": 4, "exported_rules_count": 1, "missing_rules": [],
        "missing_rules_count": 0, "exported_exception_list_count": 1,
        "exported_exception_list_item_count": 2, "exported_action_connector_count": 1,
    });
    let lines = [answer(), list.clone(), item.clone(), stray, connector.clone(), summary];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let file = read(&text);
    assert_eq!(
        file.lines(),
        [
            "2:1 import-beside: the exception list `Known users` is kept beside the 1 rule that names it",
            "3:1 import-beside: the exception `Ana` is kept beside the 1 rule that names it",
            "4:1 import-beside: no rule of this file names the exception `Stray`: it is left out",
            "5:1 import-beside: the connector `mail` is kept beside the 1 rule that names it",
        ]
    );
    let other = json!({
        "exception_lists": [list], "exception_items": [item], "action_connectors": [connector],
    });
    assert_eq!(Value::Object(file.rules[0].beside.other.clone()), other);
}

#[test]
fn the_summary_of_an_export_is_held_against_it() {
    let summary = json!({"exported_rules_count": 3, "missing_rules_count": 1});
    let file = read(&format!("{}\n\n{}\nnot json\n{}", body(), body(), summary));
    assert_eq!(file.rules.len(), 2);
    assert_eq!(
        file.lines(),
        [
            "4:2 import-syntax: this is not JSON: expected ident",
            "5:1 import-beside: the export counts 3 rules, and this file has 2",
            "5:1 import-beside: the export says that 1 rules are missing in it",
        ]
    );
}

#[test]
fn what_is_no_rule_is_refused_by_name() {
    let refused = json!([
        {"rule_id": "a", "error": {"status_code": 404, "message": "rule_id: \"a\" not found"}},
        {"rule_id": "b", "version": 3, "name": "Old", "deprecated": true},
        {"id": "c", "type": "dashboard", "attributes": {}},
        {"name": "d"},
        "e",
    ]);
    let file = read(&serde_json::to_string_pretty(&refused).unwrap());
    assert!(file.rules.is_empty());
    assert_eq!(
        file.lines(),
        [
            "2:3 import-syntax: this is Kibana's answer that it refused a rule: rule_id: \"a\" not found",
            "9:3 import-syntax: this is a note that Elastic withdrew a rule, without the rule",
            "15:3 import-syntax: a saved object of the type `dashboard` is not read",
            "20:3 import-syntax: this object is no rule of Kibana",
            "23:3 import-syntax: text is no rule of Kibana",
        ]
    );
}

#[test]
fn faults_of_a_document_have_places() {
    let text = "{\n  \"type\": \"query\", \"name\": null,\n  \"risk_score\": 1.5, \"risk_score\": -1,\n  \
                \"created_at\": \"yesterday\", \"tags\": \"a\", \"query\": \"a: \\\"b\\\"\"\n}";
    let file = read(text);
    assert_eq!(
        file.lines(),
        [
            "2:28 import-field: `name` is null, and Kibana expects text",
            "3:22 import-syntax: the key `risk_score` stands here twice",
            "3:36 import-field: `risk_score` is a number, and Kibana expects a whole number",
            "4:17 import-field: `created_at` is no time such as `2026-11-21T10:00:00.000Z`",
            "4:38 import-field: `tags` is text, and Kibana expects a list of texts",
        ]
    );
    assert_eq!(file.rules[0].query_start, None);
    assert_eq!(file.rules[0].beside.other["created_at"], "yesterday");
    let search = json!({"data": [body()], "total": 7, "page": 1, "left": "over"});
    assert_eq!(
        read(&search.to_string()).findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(),
        ["the search found 7, and this file holds 1", "`left` beside the rules is left out"]
    );
}

#[test]
fn hostile_documents_are_bounded() {
    let deep = format!("{{\"rule_id\": {}{}}}", "[".repeat(50_000), "]".repeat(50_000));
    assert_eq!(read(&deep).lines().len(), 1);
    // One exception list that very many rules name.
    let rule = json!({"type": "query", "name": "n", "risk_score": 1,
                      "exceptions_list": [{"list_id": "l"}]});
    let list = json!({"list_id": "l", "name": "Long", "description": "x".repeat(1 << 20)});
    let text: String = (0..200).map(|_| format!("{rule}\n")).chain([list.to_string()]).collect();
    let file = read(&text);
    assert_eq!(file.rules.len(), 200);
    assert!(file.findings[0].message.contains("beyond 16 MiB"), "{:?}", file.lines());
}

/// The rule files' bodies as JSON are read into the same bodies.
#[test]
fn bodies_of_elastics_rules_stay_what_they_are() {
    let Some(corpus) = common::corpus("elastic", "Elastic's rules as JSON") else { return };
    let mut bodies = Vec::new();
    for path in common::files(&corpus, "toml") {
        bodies.push(read(&std::fs::read_to_string(&path).unwrap()).only().body);
    }
    let lines: String = bodies.iter().map(|body| format!("{}\n", json!(body))).collect();
    for text in [lines, serde_json::to_string_pretty(&bodies).unwrap()] {
        let file = read(&text);
        assert!(file.findings.is_empty(), "{:?}", file.lines());
        assert!(file.rules.iter().map(|rule| &rule.body).eq(&bodies));
    }
    eprintln!("{} bodies", bodies.len());
}

//! Rule files of `elastic/detection-rules`.

use serde_json::{Value, json};

use super::{common, read};

pub(crate) const RULE: &str = r###"[metadata]
creation_date = "2024/02/29"
integration = ["aws", "okta"]
maturity = "production"
updated_date = "2026/11/21"
min_stack_version = "8.14.0"

[transform]
[[transform.osquery]]
label = "Users"
query = "SELECT * FROM users"

[rule]
author = ["Ana Example"]
description = "Somebody signs in from a country for the first time."
from = "now-9m"
language = "kuery"
name = "First Sign-in from a Country"
note = """## Triage

!{osquery} $osquery_0
"""
risk_score = 47
severity = "medium"
type = "new_terms"
query = '''
event.action: "signed in" and
  not user.name: "C:\root"
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1078"
name = "Valid Accounts"
reference = "https://attack.mitre.org/techniques/T1078/"
[[rule.threat.technique.subtechnique]]
id = "T1078.004"
name = "Cloud Accounts"
reference = "https://attack.mitre.org/techniques/T1078/004/"
[rule.threat.tactic]
id = "TA0001"
name = "Initial Access"
reference = "https://attack.mitre.org/tactics/TA0001/"

[rule.new_terms]
field = "new_terms_fields"
value = ["user.name", "source.geo.country_name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
"###;

#[test]
fn a_rule_file_becomes_the_body_of_the_api() {
    let file = read(RULE);
    assert_eq!(file.at_query(0, 12), Some("event.action"));
    let rule = file.only();
    let entry = |id: &str, name: &str, path: &str| json!({"id": id, "name": name, "reference": format!("https://attack.mitre.org/{path}/")});
    let mut technique = entry("T1078", "Valid Accounts", "techniques/T1078");
    technique["subtechnique"] =
        json!([entry("T1078.004", "Cloud Accounts", "techniques/T1078/004")]);
    let expected = json!({
        "author": ["Ana Example"],
        "description": "Somebody signs in from a country for the first time.",
        "from": "now-9m",
        "language": "kuery",
        "name": "First Sign-in from a Country",
        "note": "## Triage\n\n!{osquery} $osquery_0\n",
        "risk_score": 47,
        "severity": "medium",
        "type": "new_terms",
        "query": "event.action: \"signed in\" and\n  not user.name: \"C:\\root\"\n",
        "threat": [{
            "framework": "MITRE ATT&CK",
            "technique": [technique],
            "tactic": entry("TA0001", "Initial Access", "tactics/TA0001"),
        }],
        "new_terms_fields": ["user.name", "source.geo.country_name"],
        "history_window_start": "now-14d",
    });
    assert_eq!(Value::Object(rule.body), expected);
    let beside = rule.beside;
    assert_eq!(beside.date.unwrap().to_string(), "2024-02-29");
    assert_eq!(beside.modified.unwrap().to_string(), "2026-11-21");
    assert_eq!(beside.maturity.as_deref(), Some("production"));
    assert_eq!(beside.integration, ["aws", "okta"]);
    let transform = json!({"osquery": [{"label": "Users", "query": "SELECT * FROM users"}]});
    let other = json!({"min_stack_version": "8.14.0", "transform": transform});
    assert_eq!(Value::Object(beside.other), other);
}

#[test]
fn a_query_has_a_place_where_the_file_has_its_letters() {
    for (query, start) in [
        ("'''\na: b\n'''", Some("a: b\n")),
        ("'''\r\na: b'''", Some("a: b")),
        ("'''a: b'''", Some("a: b")),
        ("\"\"\"\na: b\n\"\"\"", Some("a: b\n")),
        ("\"\"\"a: \\\"b\\\"\"\"\"", None),
        ("\"\"\"\\\n  a: b\"\"\"", None),
        ("'a: \"b\"'", Some("a: \"b\"")),
        ("\"a: b\"", Some("a: b")),
        ("\"a:\\u0020b\"", None),
        ("\"a: \\\"b\\\"\"", None),
        ("''", Some("")),
        ("\"\"\"\"a\" or \"b\"\"\"\"", Some("\"a\" or \"b\"")),
        ("5", None),
    ] {
        let file = read(&format!("[rule]\nname = \"x\"\nquery = {query}\n"));
        let text = file.rules[0].body["query"].as_str().unwrap_or_default().to_owned();
        assert_eq!(file.at_query(0, text.len()), start, "{query}");
    }
}

#[test]
fn faults_are_named_with_their_places_and_values_are_kept() {
    let file = read(
        "[metadata]\ncreation_date = \"29.02.2024\"\nmaturity = 3\nintegration = [1]\n\n[rule]\n\
         name = 7\nrisk_score = \"21\"\ntags = [\"a\", 2]\nnew_terms = [\"b\"]\nenabled = inf\n\
         threat = [{tactic = 1}, 5]\n",
    );
    assert_eq!(
        file.lines(),
        [
            "2:17 import-field: `creation_date` is expected to be a date such as `2026/11/21`",
            "3:12 import-field: `maturity` is expected to be text",
            "4:15 import-field: `integration` is expected to be text or a list of texts",
            "7:8 import-field: `name` is a number, and Kibana expects text",
            "8:14 import-field: `risk_score` is text, and Kibana expects a whole number",
            "9:14 import-field: `tags[1]` is a number, and Kibana expects text",
            "10:13 import-field: `new_terms` does not hold the pairs `field` and `value`",
            "11:11 import-field: `enabled` is text, and Kibana expects a boolean",
            "11:11 import-field: `inf` is no number that Kibana's API can be sent",
            "12:25 import-field: `threat[1]` is a number, and Kibana expects a table",
        ]
    );
    let rule = &file.rules[0];
    assert_eq!(
        Value::Object(rule.body.clone()),
        json!({
            "name": 7, "risk_score": "21", "tags": ["a", 2], "new_terms": ["b"], "enabled": "inf",
            "threat": [{"tactic": 1}, 5],
        })
    );
    let other = json!({"creation_date": "29.02.2024", "maturity": 3, "integration": [1]});
    assert_eq!(Value::Object(rule.beside.other.clone()), other);
}

#[test]
fn every_syntax_error_of_a_file_is_told() {
    let file = read("[rule]\nname = \nrisk_score = 21\nquery = 'a\n");
    assert!(file.rules.is_empty());
    assert!(file.lines().len() >= 2, "{:?}", file.lines());
    assert!(file.lines().iter().all(|line| line.contains("import-syntax")));
    let deep = format!("[rule]\na = {}{}\n", "[".repeat(5000), "]".repeat(5000));
    assert!(!read(&deep).findings.is_empty());
}

/// Every file of the corpus: nothing is lost, and a finding is a fault of the file.
#[test]
fn elastics_rules_are_read_in_full() {
    let Some(corpus) = common::corpus("elastic", "Elastic's rule files") else { return };
    let Some(history) = common::corpus("elastic-history", "an Elastic rule's past") else { return };
    let (mut files, mut queries, mut placed) = (0, 0, 0);
    for path in [common::files(&corpus, "toml"), common::files(&history, "toml")].concat() {
        let text = std::fs::read_to_string(&path).unwrap();
        let file = read(&text);
        let table: toml::Table = toml::from_str(&text).unwrap();
        assert!(file.lines().is_empty(), "{}: {:?}", path.display(), file.lines());
        if let Some(query) = table["rule"].get("query") {
            let query = query.as_str().unwrap();
            queries += 1;
            if file.rules[0].query_start.is_some() {
                assert_eq!(file.at_query(0, query.len()), Some(query), "{}", path.display());
                placed += 1;
            }
        }
        let rule = file.only();
        let mut expected = json!(table);
        // A list of one integration and its bare name are the same fact.
        if let Some(integration) = expected["metadata"].get_mut("integration")
            && integration.is_string()
        {
            *integration = json!([integration]);
        }
        assert_eq!(whole(&rule), expected, "{}", path.display());
        files += 1;
    }
    eprintln!("{files} files, {queries} queries, {placed} with a place");
    assert!(files > 1500 && placed * 10 > queries * 9);
}

/// The file that a rule was read from, made again of its parts.
fn whole(rule: &crosswalk::import::Foreign) -> Value {
    let mut body = rule.body.clone();
    if let Some(fields) = body.shift_remove("new_terms_fields") {
        let window = body.shift_remove("history_window_start").unwrap();
        body.insert(
            "new_terms".to_owned(),
            json!({
                "field": "new_terms_fields",
                "value": fields,
                "history_window_start": [{"field": "history_window_start", "value": window}],
            }),
        );
    }
    let beside = &rule.beside;
    let mut metadata = beside.other.clone();
    let mut file = json!({"rule": body});
    if let Some(transform) = metadata.shift_remove("transform") {
        file["transform"] = transform;
    }
    let slashed = |date: Option<crosswalk::rule::Date>| date.unwrap().to_string().replace('-', "/");
    metadata.insert("creation_date".to_owned(), json!(slashed(beside.date)));
    metadata.insert("updated_date".to_owned(), json!(slashed(beside.modified)));
    if let Some(maturity) = &beside.maturity {
        metadata.insert("maturity".to_owned(), json!(maturity));
    }
    if !beside.integration.is_empty() {
        metadata.insert("integration".to_owned(), json!(beside.integration));
    }
    file["metadata"] = Value::Object(metadata);
    file
}

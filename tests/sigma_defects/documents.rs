//! Whole documents: what stands around the query.

use serde_json::{Value, json};

use super::{converted, rule};

const RULE: &str = "
title: Console login without a second factor
id: 5f0c2f57-54d1-4b0f-9f0e-2f6f0f5d400c
status: test
description: Somebody logs in with a password alone
author: somebody
level: informational
tags:
  - attack.persistence
  - attack.t1098.001
  - attack.privilege-escalation
  - attack.initial-access
  - attack.t1078.004
  - attack.credential-access
  - attack.t1110
logsource: {product: aws, service: cloudtrail}
detection:
  sel: {eventName: ConsoleLogin}
  condition: sel
";

fn document(to: &str) -> Value {
    let units = converted(RULE, to);
    let done = units[0].result.as_ref().expect(to);
    serde_json::from_str(&done.texts[0].text).expect("JSON")
}

#[test]
fn every_tactic_and_technique_reaches_the_document() {
    let elastic = document("elastic");
    let mut tactics = Vec::new();
    for threat in elastic["threat"].as_array().expect("threats") {
        let techniques = threat["technique"].as_array().into_iter().flatten();
        let techniques = techniques.flat_map(|technique| {
            let below = technique["subtechnique"].as_array().into_iter().flatten();
            let below: Vec<&Value> = below.map(|one| &one["id"]).collect();
            if below.is_empty() { vec![&technique["id"]] } else { below }
        });
        let techniques: Vec<&str> = techniques.filter_map(Value::as_str).collect();
        tactics.push((threat["tactic"]["name"].as_str().expect("a name"), techniques.join(" ")));
    }
    // A technique stands under those tactics of the rule that it serves, and under no other.
    let expected = [
        ("Initial Access", "T1078.004"),
        ("Persistence", "T1098.001 T1078.004"),
        ("Privilege Escalation", "T1098.001 T1078.004"),
        ("Credential Access", "T1110"),
    ];
    assert_eq!(tactics, expected.map(|(tactic, techniques)| (tactic, techniques.to_owned())));
    let tags = document("datadog-rule")["tags"].to_string();
    for tag in [
        "tactic:TA0003-persistence",
        "tactic:TA0004-privilege-escalation",
        "technique:T1110-brute-force",
    ] {
        assert!(tags.contains(tag), "{tag} in {tags}");
    }
}

#[test]
fn a_rule_looks_back_further_than_its_interval() {
    // What Kibana takes where a rule says nothing: six minutes, every five.
    let elastic = document("elastic");
    assert_eq!((&elastic["from"], &elastic["interval"]), (&Value::Null, &Value::Null));
}

#[test]
fn datadogs_envelope_is_valid() {
    let datadog = document("datadog-rule");
    assert_eq!(datadog["cases"][0]["status"], "info");
    assert_eq!(datadog["queries"][0]["groupByFields"], json!([]));
    assert_eq!(datadog["name"], "Console login without a second factor");
    let tags: Vec<&str> =
        datadog["tags"].as_array().expect("tags").iter().filter_map(Value::as_str).collect();
    let sources: Vec<_> = tags.iter().filter(|tag| tag.starts_with("source:")).collect();
    assert_eq!(sources, [&"source:cloudtrail"]);
    assert_eq!(datadog.get("filters"), None);
}

#[test]
fn fields_have_the_names_of_their_platform() {
    let query = |to: &str| converted(RULE, to)[0].result.as_ref().expect(to).texts[0].text.clone();
    assert_eq!(query("datadog"), "source:cloudtrail @evt.name:ConsoleLogin");
    let kql = r#"event.dataset:"aws.cloudtrail" and event.action:"ConsoleLogin""#;
    assert_eq!(query("kql"), kql);
}

#[test]
fn a_rule_converts_to_the_same_text_twice() {
    for to in ["datadog", "datadog-rule", "elastic", "kql", "lucene", "eql"] {
        let text = |_| converted(RULE, to)[0].result.as_ref().expect(to).texts[0].text.clone();
        assert_eq!(text(1), text(2), "{to}");
    }
}

#[test]
fn a_rule_that_is_refused_leaves_the_others_alone() {
    let rules =
        [rule("  words: [foo]\n  condition: words"), rule("  sel: {a: '1'}\n  condition: sel")];
    let units = converted(&rules.join("---\n"), "eql");
    let refused: Vec<bool> = units.iter().map(|unit| unit.result.is_err()).collect();
    assert_eq!(refused, [true, false]);
}

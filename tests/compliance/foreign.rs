//! `crosswalk coverage --rules`: rules of every form as they come.

use serde_json::{Value, json};

use crate::binary::{coverage, parts, passes, place};
use crate::verb::{rule, write};

/// An Elastic rule as Kibana exports it.
pub(crate) fn elastic(name: &str, query: &str) -> Value {
    json!({
        "name": name, "rule_id": name, "description": "d", "risk_score": 21, "severity": "low",
        "type": "query", "language": "kuery", "query": query, "index": ["logs-aws.cloudtrail-*"],
    })
}

/// A rule that nobody understands is named; a document that is none is a fault of the set.
#[test]
fn broken_documents_fail_and_strange_rules_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "set/sigma.yml", &rule("CancelKeyDeletion"));
    write(
        folder.path(),
        "set/open.yml",
        &rule("'%calls%'").replace("eventName:", "eventName|expand:"),
    );
    let (_, err) = passes(folder.path(), &["--rules", "set"]);
    assert!(err.contains("the placeholder `%calls%` has no value"), "{err}");
    for (name, text) in [("a.yml", "title: [x\n"), ("b.toml", "[rule]\nname = \"x\nquery = \n")] {
        write(folder.path(), &format!("set/{name}"), text);
        let (code, _, err) = coverage(folder.path(), &["--rules", "set"]);
        assert!(code == 1 && err.contains(&format!("set/{name}")), "{code} {err}");
        std::fs::remove_file(folder.path().join("set").join(name)).expect("removed");
    }
    // Also where something of the document could be read.
    let line = elastic("one", "event.action:StopLogging").to_string();
    for (name, text) in [
        ("a.yml", format!("{}---\nfoo: [\n", rule("DisableKey"))),
        ("b.ndjson", format!("{line}\n{{\"name\": \n")),
    ] {
        write(folder.path(), &format!("set/{name}"), &text);
        let (code, _, err) = coverage(folder.path(), &["--rules", "set"]);
        assert!(code == 1 && err.contains(&format!("set/{name}")), "{code} {err}");
        std::fs::remove_file(folder.path().join("set").join(name)).expect("removed");
    }
}

#[test]
fn foreign_rules_of_every_form_are_read_as_they_come() {
    let folder = tempfile::tempdir().expect("a folder");
    let disable = "event.dataset:aws.cloudtrail and event.provider:kms.amazonaws.com and event.action:DisableKey";
    let delete = disable.replace("DisableKey", "ScheduleKeyDeletion");
    let export = format!(
        "{}\n{}\n",
        elastic("one", disable),
        elastic("other", &disable.replace("aws.cloudtrail", "okta.system"))
    );
    write(folder.path(), "set/export.ndjson", &export);
    write(
        folder.path(),
        "set/rule.toml",
        &format!(
            "[rule]\nname = \"three\"\nrule_id = \"three\"\ndescription = \"d\"\nrisk_score = 21\nseverity = \"low\"\n\
             type = \"query\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\nquery = '''{delete}'''\n"
        ),
    );
    let datadog = json!({
        "name": "four", "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "options": {"evaluationWindow": 300, "keepAlive": 300, "maxSignalDuration": 600, "detectionMethod": "threshold"},
        "queries": [{"query": "source:cloudtrail @evt.name:DeleteVpc", "aggregation": "count", "groupByFields": [], "distinctFields": [], "name": "a"}],
        "cases": [{"name": "", "status": "low", "condition": "a > 0", "notifications": []}],
    });
    write(folder.path(), "set/datadog.json", &datadog.to_string());
    write(
        folder.path(),
        "set/main.tf",
        "resource \"datadog_security_monitoring_rule\" \"five\" {\n  name = \"five\"\n  message = \"m\"\n  enabled = true\n\
         \x20 query {\n    query = \"source:cloudtrail @evt.name:CreateVpc\"\n    name = \"a\"\n  }\n\
         \x20 case {\n    status = \"low\"\n    condition = \"a > 10\"\n  }\n\
         \x20 options {\n    evaluation_window = 300\n    keep_alive = 300\n    max_signal_duration = 600\n  }\n}\n",
    );
    write(folder.path(), "set/sigma.yml", &rule("CancelKeyDeletion"));
    write(folder.path(), "set/sequence.json", &{
        let mut rule = elastic("six", "sequence by host.id [any where true] [any where false]");
        (rule["type"], rule["language"]) = (json!("eql"), json!("eql"));
        rule.to_string()
    });
    write(folder.path(), "set/notes.md", "nothing\n");
    let (out, err) = passes(folder.path(), &["--rules", "set", "--format", "json"]);
    assert!(err.contains("read 6 rules\nnot audited: 1 rule"), "{err}");
    assert!(err.contains("`six` (set/sequence.json)"), "{err}");
    assert!(err.contains("no rule of a known kind in 1 file: set/notes.md"), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["not_audited"]["rules"][0]["title"], "six");
    let keys = place(&report, "7.0.0", "kms-cmk-disable-or-delete", "rule");
    assert_eq!(parts(keys, "covered"), ["DisableKey", "ScheduleKeyDeletion"]);
    let vpc = place(&report, "7.0.0", "vpc-changes", "rule");
    assert_eq!(parts(vpc, "covered"), ["DeleteVpc"]);
    // One event alone raises no alert.
    assert_eq!(parts(vpc, "narrowed"), ["CreateVpc"]);
    let by = &vpc["parts"].as_array().expect("parts")[0]["rules"][0][1]["by"][0];
    assert_eq!(by["kind"], "count");
    // A rule of another log finds nothing of this one, whatever its words.
    assert_eq!(keys["relations"].as_array().map(Vec::len), Some(2));
}

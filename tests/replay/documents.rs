//! Rules of every kind that `import` reads are replayed as they are.

use serde_json::{Value, json};

use super::{crosswalk, record, rule};

fn elastic(name: &str, language: &str, query: &str) -> Value {
    let kind = if language == "eql" { "eql" } else { "query" };
    json!({
        "rule_id": "7cbcd4d5-9a4d-4f0b-9a39-1d2b1ae80a02", "name": name, "description": "d",
        "type": kind, "language": language, "query": query, "index": ["logs-aws.cloudtrail-*"],
        "risk_score": 47, "severity": "medium",
    })
}

/// Two queries by two groups, which no detection says.
fn datadog(name: &str) -> Value {
    let query = |name: &str, group: &str| {
        json!({
            "name": name, "query": "source:cloudtrail @evt.name:A", "aggregation": "count",
            "groupByFields": [group], "distinctFields": [],
        })
    };
    json!({
        "name": name, "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "queries": [query("a", "@usr.name"), query("b", "@userIdentity.arn")],
        "cases": [{"name": "", "condition": "a > 0 || b > 0", "status": "high", "notifications": []}],
        "options": {
            "detectionMethod": "threshold", "evaluationWindow": 300, "keepAlive": 300,
            "maxSignalDuration": 300,
        },
    })
}

const TOML: &str = r#"
[metadata]
creation_date = "2024/01/01"
maturity = "production"
updated_date = "2024/01/01"

[rule]
description = "d"
index = ["logs-aws.cloudtrail-*"]
language = "kuery"
name = "toml"
risk_score = 21
rule_id = "0b1e1e8a-7c0f-4f5e-9d5c-0d3c7f3d5a11"
severity = "low"
type = "query"
query = "event.dataset:aws.cloudtrail and event.action:A"
"#;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
    folder
}

fn log() -> String {
    let who = json!({"userIdentity": {"userName": "u", "arn": "arn"}});
    format!("{}\n{}\n", record("1", 0, "A", who), record("2", 1, "B", json!({})))
}

/// Title and event of each match.
fn matches(stdout: &str) -> Vec<(String, String)> {
    let parsed = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    parsed.map(|found| (text(&found["title"]), text(&found["event_id"]))).collect()
}

const KUERY: &str = "event.dataset:aws.cloudtrail and event.action:A";

#[test]
fn a_document_of_a_platform_is_replayed() {
    let sequence = "sequence by user.name [any where event.action == \"A\"] [any where true]";
    let export = [elastic("one", "kuery", KUERY), elastic("two", "eql", sequence)];
    let export: String = export.iter().map(|rule| format!("{rule}\n")).collect();
    for (name, text, titles) in [
        ("rule.json", elastic("e", "kuery", KUERY).to_string(), &["e"][..]),
        ("rules.ndjson", export, &["one"]),
        ("rule.toml", TOML.to_owned(), &["toml"]),
        ("datadog.json", datadog("d").to_string(), &["d"]),
        ("sigma.txt", rule("s", "detection: { s: { eventName: A }, condition: s }"), &["s"]),
    ] {
        let folder = folder(&[(name, text.as_bytes())]);
        let (code, stdout, stderr) =
            crosswalk(folder.path(), &["replay", name, "-"], log().as_bytes());
        let expected: Vec<_> =
            titles.iter().map(|title| ((*title).to_owned(), "1".to_owned())).collect();
        let found: Vec<_> = matches(&stdout);
        // One event is a signal of each group.
        assert!(found.iter().all(|one| expected.contains(one)) && !found.is_empty(), "{stdout}");
        assert_eq!(code, 0, "{name}: {stderr}");
        assert_eq!(stderr.contains("not run: `two`"), name == "rules.ndjson", "{stderr}");
    }
}

#[test]
fn what_is_no_rule_says_what_to_do() {
    for (name, text) in [("log.json", log()), ("empty.json", "{}".to_owned())] {
        let folder = folder(&[(name, text.as_bytes())]);
        let (code, stdout, stderr) =
            crosswalk(folder.path(), &["replay", name, "-"], log().as_bytes());
        assert_eq!((code, stdout.as_str()), (2, ""));
        assert!(stderr.contains(name) && stderr.contains("`crosswalk import`"), "{stderr}");
    }
}

#[test]
fn a_folder_has_rules_of_many_kinds_and_other_files() {
    let canonical = rule("c", "detection: { s: { eventName: A }, condition: s }");
    let e = elastic("e", "kuery", KUERY).to_string();
    let folder = folder(&[
        ("all/c.yml", canonical.as_bytes()),
        ("all/e.json", e.as_bytes()),
        ("all/d.json", datadog("d").to_string().as_bytes()),
        ("all/readme.md", b"title: not a rule\n"),
        ("all/latin.txt", b"\xe9"),
        ("all/log.json", log().as_bytes()),
    ]);
    let (code, stdout, stderr) = crosswalk(folder.path(), &["replay", "all", "all/log.json"], b"");
    let mut titles: Vec<String> = matches(&stdout).into_iter().map(|(title, _)| title).collect();
    titles.dedup();
    assert_eq!((code, titles), (0, vec!["c".to_owned(), "e".to_owned(), "d".to_owned()]));
    assert!(stderr.contains("1 file beside the rules could not be read"), "{stderr}");
    assert!(stderr.contains("through 3 rules"), "{stderr}");
}

/// A broken rule of a platform is one of the set, and its loss is no success.
#[test]
fn what_cannot_be_read_of_a_platforms_rule_is_named() {
    let broken = r#"{"rule_id": "x", "risk_score": 1, "name": "b", "query": "#;
    let canonical = rule("c", "detection: { s: { eventName: A }, condition: s }");
    let folder = folder(&[("all/c.yml", canonical.as_bytes()), ("all/b.json", broken.as_bytes())]);
    let (code, stdout, stderr) =
        crosswalk(folder.path(), &["replay", "all", "-"], log().as_bytes());
    assert_eq!((code, matches(&stdout).len()), (1, 1), "{stderr}");
    assert!(stderr.contains("all/b.json:1"), "{stderr}");
    assert!(stderr.contains("not all rules were run"), "{stderr}");
}

#[test]
fn every_count_of_a_summary_has_the_level_of_its_signals() {
    let cases = rule(
        "r",
        "level: medium\n\
         detection: { a: { eventName: A }, b: { eventName: B }, condition: a or b }\n\
         datadog:\n  \
           cases:\n  \
           - { name: an A, condition: a, status: low }\n  \
           - { name: a B, condition: b, status: critical }\n  \
           group_by: [eventName]",
    );
    let folder = folder(&[("r.yml", cases.as_bytes())]);
    let run = |more: &[&str]| {
        let arguments =
            [more, &["replay", "r.yml", "-", "--as", "datadog", "--format", "summary"]].concat();
        let (code, stdout, stderr) = crosswalk(folder.path(), &arguments, log().as_bytes());
        assert!(code == 0 && stderr.contains("2 matches of 1 rule"), "{stderr}");
        stdout
    };
    let expected = "  matches  level          rule\n        \
        1  critical       r\n        \
        1  low            r\n\n  \
        matches  level\n        \
        1  critical\n        \
        1  low\n";
    assert_eq!(run(&[]), expected);
    let json: Value = serde_json::from_str(&run(&["--output-format", "json"])).expect("JSON");
    assert_eq!(json["by_level"], json!({"critical": 1, "low": 1}));
    let rows = json["by_rule"].as_array().expect("rows");
    let levels: Vec<&Value> = rows.iter().map(|row| &row["level"]).collect();
    assert_eq!(levels, ["critical", "low"]);
}

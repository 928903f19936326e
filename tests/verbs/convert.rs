//! `convert`: what comes in, where it goes, what is said of it.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Folder, Outcome, binary};

const RULE: &str = "title: Trail stopped\nlogsource:\n  product: aws\n  service: cloudtrail\n\
    detection:\n  selection:\n    eventName: StopLogging\n  condition: selection\n";

const REGEX: &str = "title: A pattern\nlogsource:\n  product: windows\n\
    detection:\n  selection:\n    Image|re: '^[0-9]+$'\n  condition: selection\n";

const TWO_QUERIES: &str = r#"{
  "name": "Two\nways", "type": "log_detection", "message": "m", "isEnabled": true,
  "queries": [
    {"query": "@a:x", "name": "first", "aggregation": "count"},
    {"query": "@b:y", "name": "second", "aggregation": "count"}
  ],
  "cases": [{"name": "c", "status": "low", "condition": "first > 0 || second > 0"}],
  "options": {"detectionMethod": "threshold", "evaluationWindow": 300}
}"#;

/// Runs `crosswalk convert - ...` with a text on standard input.
fn piped(text: &str, arguments: &[&str]) -> Outcome {
    let mut child = Command::new(binary())
        .args(["convert", "-"])
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A run that fails on its arguments ends before it reads.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("exits"), text(output.stdout), text(output.stderr))
}

/// Two rules, of which KQL can have one.
fn two() -> Folder {
    let folder = Folder::empty();
    folder.write("rules/a.yml", RULE);
    folder.write("rules/b.yml", REGEX);
    folder
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn a_query_on_standard_input_becomes_a_query() {
    let (code, out, err) = piped("event.action:x\n", &["--from", "kql", "--to", "eql"]);
    assert_eq!((code, out.as_str()), (0, "any where event.action == \"x\"\n"), "{err}");
    assert_eq!(err, "converted 1 rule: 1 exact, 0 lossy, 0 refused\n");
}

#[test]
fn an_error_in_a_query_has_its_place() {
    let (code, out, err) = piped("event.action:x and (a:", &["--from", "kql", "--to", "eql"]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("error[query-syntax]") && err.contains("standard input:1:20"), "{err}");
    assert!(!err.contains("refused (syntax)"), "said once: {err}");
}

#[test]
fn queries_have_one_name_on_both_sides() {
    for name in ["datadog-query", "sigma-detection", "kql", "eql", "esql", "lucene"] {
        let (code, query, err) = piped("a:x\n", &["--from", "kql", "--to", name]);
        assert_eq!(code, 0, "{name}: {err}");
        let (code, _, err) = piped(&query, &["--from", name, "--to", "kql"]);
        assert_eq!(code, 0, "{name}: {err}");
    }
}

#[test]
fn what_a_query_leans_on_is_said() {
    let (code, out, err) = piped("@a:x @b:y", &["--from", "datadog-query", "--to", "kql"]);
    assert_eq!((code, out.as_str()), (0, "a:x and b:y\n"));
    assert!(err.contains("assumption (field-names): standard input: query:"), "{err}");
    assert!(err.contains("(and 1 more)") && err.contains("1 leans on assumptions"), "{err}");
}

#[test]
fn unknown_names_are_errors_of_usage_with_the_names() {
    let (code, _, err) = piped("a:x", &["--from", "kql", "--to", "cobol"]);
    assert_eq!(code, 2);
    assert!(err.contains("'cobol'") && err.contains("esql") && err.contains("sigma-rule"), "{err}");
    let (code, _, err) = piped("a:x", &["--from", "cobol", "--to", "kql"]);
    assert_eq!(code, 2);
    assert!(err.contains("datadog-query") && err.contains("elastic-page"), "{err}");
    let (code, out, err) = piped("just words", &["--to", "kql"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("unknown-kind") && err.contains("`datadog-query`"), "{err}");
    assert_eq!(Folder::empty().run(&["convert", "nowhere", "--to", "kql"]).0, 2);
    assert_eq!(Folder::empty().run(&["convert", "--to", "kql"]).0, 2);
}

#[test]
fn a_folder_has_a_line_for_each_rule() {
    let folder = two();
    let (code, out, err) = folder.run(&["convert", "rules", "--to", "eql"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("// Trail stopped (rules/a.yml)\nany where"), "{out}");
    assert!(out.contains("\n\n// A pattern (rules/b.yml)\nany where"), "{out}");
    let (code, out, err) = folder.run(&["convert", "rules", "--to", "kql"]);
    assert_eq!(code, 1, "one is refused: {err}");
    assert!(out.starts_with("event.dataset:"), "KQL has no comments: {out}");
    assert!(err.contains("# Trail stopped (rules/a.yml)\n"), "{err}");
    assert!(err.contains("refused (regex): rules/b.yml: A pattern: "), "{err}");
}

#[test]
fn what_has_no_meaning_becomes_no_document_either() {
    let counted = RULE.replace("condition: selection", "condition: selection | count() > 10");
    let missing = "title: Two in a row\ncorrelation:\n  type: temporal_ordered\n  rules: [nope]\n  \
        timespan: 5m\n";
    for text in [counted.as_str(), missing] {
        let (code, out, err) = piped(text, &["--from", "sigma", "--to", "sigma-rule"]);
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        assert!(err.contains("0 exact, 0 lossy, 1 refused"), "{err}");
    }
}

#[test]
fn a_language_that_names_its_indices_gets_those_of_the_rule() {
    let rule = r#"{"name": "n", "rule_id": "r", "type": "query", "language": "kuery", "risk_score": 1,
        "index": ["logs-a-*", "traces-b"], "query": "user.name:\"x\""}"#;
    let (_, out, err) = piped(rule, &["--to", "esql"]);
    assert!(out.starts_with("FROM logs-a-*, traces-b "), "{out}{err}");
}

#[test]
fn a_query_goes_on_reading_what_it_has_read() {
    let query = "FROM logs-aws.cloudtrail-*, cluster:filebeat-* METADATA _index, _source\n| WHERE user.name == \"x\"";
    let rule = serde_json::json!({
        "name": "n", "rule_id": "r", "type": "esql", "language": "esql", "risk_score": 1, "severity": "low", "query": query
    });
    let from =
        "FROM logs-aws.cloudtrail-*, cluster:filebeat-* METADATA _index, _source, _id, _version";
    for (text, arguments) in [
        (query.to_owned(), &["--from", "esql", "--to", "esql"][..]),
        (rule.to_string(), &["--to", "esql"]),
    ] {
        let (_, out, err) = piped(&text, arguments);
        assert!(out.replace("\n ", "").starts_with(from), "{out}{err}");
        assert!(!format!("{out}{err}").contains("index:"), "{out}{err}");
    }
    // A threshold needs no metadata of its own and keeps the query's.
    let count = "FROM logs-x METADATA _index | STATS c = COUNT(*) BY user.name | WHERE c > 5";
    let (_, out, err) = piped(count, &["--from", "esql", "--to", "esql"]);
    assert!(out.starts_with("FROM logs-x METADATA _index\n"), "{out}{err}");
    // A rule of Elastic's has a place for the patterns of a query in another language.
    let (_, out, err) = piped(&rule.to_string(), &["--to", "elastic"]);
    assert!(out.contains("logs-aws.cloudtrail-*, cluster:filebeat-*"), "{out}{err}");
}

#[test]
fn what_a_query_reads_is_said_where_nobody_has_named_it() {
    for (text, from, to, patterns) in [
        ("user.name:x", "kql", "esql", "logs-*"),
        ("FROM logs-a-*, logs-b | WHERE user.name == \"x\"", "esql", "kql", "logs-a-*, logs-b"),
        ("FROM logs-a-*, logs-b | WHERE user.name == \"x\"", "esql", "eql", "logs-a-*, logs-b"),
    ] {
        let (_, out, err) = piped(text, &["--from", from, "--to", to, "--output-format", "json"]);
        let done: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
        let text = done.to_string();
        assert!(text.contains("\"code\":\"index\""), "{from} to {to}: {text}{err}");
        assert!(text.contains(&format!("`{patterns}`")), "{from} to {to}: {text}");
    }
}

#[test]
fn literals_have_the_type_that_a_table_or_the_source_gives_them() {
    for (from, text, to, out, leans) in [
        // The schema knows that ports are numbers and codes of events are texts.
        ("kql", "source.port: 22", "eql", "any where source.port == 22", false),
        ("kql", "event.code: 4624", "eql", "any where event.code == \"4624\"", false),
        (
            "kql",
            "winlog.event_data.LogonType: 3",
            "esql",
            "winlog.event_data.LogonType == \"3\"",
            false,
        ),
        // Nobody knows these.
        ("kql", "port: 22", "eql", "any where port == 22", true),
        ("kql", "x.port_: (22 or 23)", "eql", "any where x.port_ in (22, 23)", true),
        ("kql", "port: 22", "esql", "port == 22", true),
        ("kql", "not up: true", "esql", "up IS NULL OR up != true", true),
        ("kql", "port: (22 or ssh)", "eql", "any where port in (\"22\", \"ssh\")", true),
        ("lucene", "port: 22", "eql", "any where port == 22", true),
        ("datadog-query", "@port:22", "eql", "any where port == 22", true),
        (
            "sigma-detection",
            "selection: {port: 22}\ncondition: selection",
            "esql",
            "port == 22",
            true,
        ),
        ("eql", "any where port == 22", "esql", "port == 22", true),
        ("eql", "any where port == 22", "eql", "any where port == 22", true),
        ("eql", "any where port == \"22\"", "eql", "any where port == \"22\"", false),
        ("esql", "FROM a | WHERE port == \"22\"", "eql", "any where port == \"22\"", false),
        ("kql", "port: ssh", "eql", "any where port == \"ssh\"", false),
        // To a query without types it is all the same.
        ("kql", "port: 22", "kql", "port:22", false),
        ("kql", "port: 22", "lucene", "port:22", false),
    ] {
        let (_, written, err) = piped(text, &["--from", from, "--to", to]);
        assert!(written.trim_end().ends_with(out), "{text}: {written}{err}");
        assert_eq!(err.contains("(field-type)"), leans, "{text} to {to}: {err}");
    }
}

#[test]
fn a_range_between_numbers_takes_a_field_for_numbers() {
    for (from, text) in [
        ("kql", "x.y > 5"),
        ("kql", "x.y > \"5\""),
        ("lucene", "x.y:>5"),
        ("lucene", "x.y:{5 TO *]"),
    ] {
        for (to, out) in [
            ("kql", "x.y > 5"),
            ("lucene", "x.y:>5"),
            ("eql", "any where x.y > 5"),
            ("esql", "x.y > 5"),
            ("sigma-detection", "x.y|gt: 5"),
            ("datadog-query", "@x.y:>5"),
        ] {
            let (_, written, err) = piped(text, &["--from", from, "--to", to]);
            assert!(written.contains(out), "{text} to {to}: {written}{err}");
            assert!(err.contains("(field-type)"), "{text} to {to}: {err}");
        }
    }
    for (from, text) in
        [("kql", "x.y > abc"), ("kql", "event.code > 5"), ("lucene", "x.y:[a TO b]")]
    {
        let (_, written, err) = piped(text, &["--from", from, "--to", "eql"]);
        assert!(written.is_empty() && err.contains("range"), "{text}: {written}{err}");
    }
}

#[test]
fn one_rule_has_no_line_of_its_own_but_its_queries_have() {
    let (_, out, _) = piped(RULE, &["--to", "eql"]);
    assert!(out.starts_with("any where"), "{out}");
    let (_, out, err) = piped(TWO_QUERIES, &["--to", "eql"]);
    let expected = "// Two ways: first (standard input)\nany where a == \"x\"\n\n\
        // Two ways: second (standard input)\nany where b == \"y\"\n";
    assert_eq!(out, expected, "a title ends no comment\n{err}");
}

#[test]
fn files_are_named_after_rules_and_never_replaced() {
    let folder = two();
    folder.write("rules/c.yml", RULE);
    folder.write("rules/d.yml", &RULE.replace("stopped", "stopped 2"));
    let (_, out, err) = folder.run(&["convert", "rules", "--to", "kql", "-o", "made"]);
    assert_eq!(out, "", "{err}");
    let made = |folder: &Folder| -> Vec<String> {
        folder.files().into_iter().filter(|file| file.starts_with("made")).collect()
    };
    let files =
        ["made/trail_stopped.kql", "made/trail_stopped_2.kql", "made/trail_stopped_2_2.kql"];
    assert_eq!(made(&folder), files, "{err}");
    folder.write("made/trail_stopped.kql", "mine");
    let (code, _, err) = folder.run(&["convert", "rules", "--to", "kql", "-o", "made"]);
    assert_eq!(code, 2);
    assert!(err.contains("is there already") && err.contains("help:"), "{err}");
    assert_eq!(folder.read("made/trail_stopped.kql"), "mine");
}

#[test]
fn what_was_written_comes_back_in() {
    let folder = two();
    folder.run(&["convert", "rules", "--to", "kql", "-o", "made"]);
    let (_, out, err) = folder.passes(&["convert", "made", "--to", "datadog"]);
    assert_eq!(out, "source:cloudtrail @evt.name:StopLogging\n", "{err}");
}

#[test]
fn json_is_one_object_a_line() {
    let folder = two();
    folder.write("rules/broken.kql", "a:(");
    let arguments = ["convert", "rules", "--to", "kql", "--output-format", "json"];
    let (code, out, err) = folder.run(&arguments);
    assert_eq!(code, 1, "{err}");
    let lines = lines(&out);
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str()).collect();
    assert_eq!(outcomes[..3], [Some("exact"), Some("refused"), Some("refused")]);
    assert_eq!(lines[0]["title"], "Trail stopped");
    assert_eq!(lines[0]["source"], "rules/a.yml");
    assert!(lines[0]["texts"][0]["text"].is_string() && lines[0]["assumptions"].is_array());
    assert_eq!(lines[1]["refused"][0]["code"], "regex");
    assert_eq!(lines[3]["finding"]["code"], "query-syntax", "{out}");
}

#[test]
fn a_report_counts_by_reason() {
    let folder = two();
    let (code, out, err) = folder.run(&["convert", "rules", "--to", "kql", "--report", "md"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.starts_with("# Conversion to kql\n"), "{out}");
    assert!(
        out.contains("| 2 | 1 | 0 | 1 |") && out.contains("Files are below `rules/`."),
        "{out}"
    );
    assert!(out.contains("| `regex` | 1 | ") && out.contains("\n- A pattern (`b.yml`): "), "{out}");
    let (_, out, _) = folder.run(&["convert", "rules", "--to", "kql", "--report", "json"]);
    let report: Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((&report["exact"], &report["refused"]), (&1.into(), &1.into()));
    assert_eq!(report["refusals"]["regex"]["rules"][0]["source"], "rules/b.yml");
}

#[test]
fn a_report_names_three_rules_for_a_reason_and_json_all() {
    let folder = Folder::empty();
    for nth in 0..5 {
        folder.write(&format!("rules/{nth}.yml"), &REGEX.replace("pattern", &nth.to_string()));
    }
    let (_, out, _) = folder.run(&["convert", "rules", "--to", "kql", "--report", "md"]);
    assert!(out.contains("- A 2 (`2.yml`)") && !out.contains("- A 3"), "{out}");
    assert!(out.contains("- … and 2 more\n"), "{out}");
    let (_, out, _) = folder.run(&["convert", "rules", "--to", "kql", "--report", "json"]);
    let report: Value = serde_json::from_str(&out).expect("one object");
    assert_eq!(report["refusals"]["regex"]["rules"].as_array().map(Vec::len), Some(5));
}

#[test]
fn a_report_goes_with_files() {
    let folder = two();
    let arguments = ["convert", "rules", "--to", "kql", "-o", "made", "--report", "md"];
    let (_, out, _) = folder.run(&arguments);
    assert!(out.starts_with("# Conversion to kql\n"), "{out}");
    assert!(folder.path("made/trail_stopped.kql").is_file());
}

#[test]
fn a_loss_fails_strict_runs_alone() {
    let lossy = ["--from", "sigma-detection", "--to", "kql"];
    let text = "s:\n  Image: a\ncondition: s\n";
    let (code, _, err) = piped(text, &lossy);
    assert_eq!(code, 0);
    assert!(err.contains("loss (case): standard input: query: "), "{err}");
    assert_eq!(piped(text, &[&lossy[..], &["--strict"]].concat()).0, 1);
}

#[test]
fn a_document_is_what_import_and_build_make_of_it() {
    let folder = Folder::repository();
    let made = folder.path("rules/aws/guardduty/detector_switched_off.yml");
    std::fs::remove_file(made).expect("removed");
    folder.write("rules/trail_stopped.yml", RULE);
    let complete = "id: 9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50\ndescription: d\nlevel: high\n";
    folder.write(
        "rules/trail_stopped.yml",
        &RULE.replacen("logsource", &format!("{complete}logsource"), 1),
    );
    folder.passes(&["build", "-t", "elastic", "-o", "first"]);
    let (_, theirs, _) =
        folder.passes(&["convert", "first/elastic/trail_stopped.json", "--to", "elastic"]);
    folder.passes(&["import", "first/elastic/trail_stopped.json", "-o", "imported"]);
    folder.passes(&["build", "imported", "-t", "elastic", "-o", "second"]);
    assert_eq!(theirs, folder.read("second/elastic/trail_stopped.json"));
}

#[test]
fn help_says_which_names_mean_what() {
    let (_, help, _) = Folder::empty().passes(&["convert", "--help"]);
    for word in ["sigma-detection", "datadog-query", "elastic-page", "terraform", "`finding`"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn a_report_counts_files_that_cannot_be_read() {
    let folder = two();
    folder.write("rules/empty.json", "\n");
    folder.write("rules/broken.json", "{\"a\": }");
    let (code, out, err) = folder.run(&["convert", "rules", "--to", "kql", "--report", "json"]);
    assert_eq!(code, 1, "{err}");
    let report: Value = serde_json::from_str(&out).expect("one object");
    let files = report["unreadable"].as_array().expect("a list");
    let said: Vec<_> = files.iter().map(|file| (&file["source"], &file["reason"])).collect();
    let (broken, empty) = (Value::from("rules/broken.json"), Value::from("rules/empty.json"));
    assert!(said[0].0 == &broken && said[1].0 == &empty && said.len() == 2, "{said:?}");
    assert_eq!(said[1].1, "the file is empty");
    assert!(said[0].1.as_str().is_some_and(|words| words.starts_with("this is not JSON")), "{out}");
    assert!(err.contains("; 2 files not readable"), "{err}");
    assert!(err.contains("rules/broken.json:1:7"), "with its place: {err}");
    let (_, out, _) = folder.run(&["convert", "rules", "--to", "kql", "--report", "md"]);
    assert!(out.contains("## Not readable: 2\n") && out.contains("- `empty.json`: "), "{out}");
}

#[test]
fn pages_in_asciidoc_are_found_in_folders() {
    let folder = Folder::empty();
    folder.write("pages/a.asciidoc", "nothing that is known");
    folder.write("pages/b.adoc", "nothing that is known");
    let (_, _, err) = folder.run(&["convert", "pages", "--to", "kql"]);
    assert!(err.contains("pages/a.asciidoc") && err.contains("pages/b.adoc"), "{err}");
    let (_, _, err) = folder.run(&["import", "pages"]);
    assert!(err.contains("pages/a.asciidoc") && err.contains("pages/b.adoc"), "{err}");
}

#[test]
fn losses_of_one_field_are_one_line() {
    let text = "s:\n  Image: [a, b, c]\n  Other: x\ncondition: s\n";
    let (_, _, err) = piped(text, &["--from", "sigma-detection", "--to", "kql"]);
    assert_eq!(err.matches("loss (case)").count(), 2, "{err}");
    assert!(
        err.contains("with `a` case-sensitively, the rule does not (and 2 more values)"),
        "{err}"
    );
}

#[test]
fn a_path_that_is_not_there_is_said_in_short() {
    let (code, _, err) = Folder::empty().run(&["convert", "nowhere", "--to", "kql"]);
    assert_eq!((code, err.as_str()), (2, "error: `nowhere`: no such file or folder\n"));
}

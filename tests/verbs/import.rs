//! `import`: foreign documents from files, folders and standard input.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Folder, Outcome, binary};

const RULE: &str = r#"{
  "rule_id": "9c1d1c59-7c0b-4d8a-a0b4-6f1c2d3e4f50",
  "name": "Trail stopped",
  "description": "Somebody stops a trail.",
  "type": "query",
  "language": "kuery",
  "query": "event.dataset:aws.cloudtrail and event.action:StopLogging",
  "severity": "high",
  "risk_score": 73
}"#;

const BROKEN_QUERY: &str = "[metadata]\nmaturity = \"production\"\n\n[rule]\nname = \"Broken\"\n\
    rule_id = \"7fa01e5c-2f0b-4d9e-b0bb-2f6f8a1c9d33\"\ndescription = \"d\"\ntype = \"query\"\n\
    language = \"kuery\"\nseverity = \"low\"\nrisk_score = 21\nquery = '''\na:1 and\n  (b:2 or c::3\n'''\n";

/// Runs `crosswalk import -` with a text on standard input.
fn piped(text: &str, arguments: &[&str]) -> Outcome {
    let mut child = Command::new(binary())
        .args(["import", "-"])
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

#[test]
fn standard_input_becomes_a_rule_on_standard_output() {
    let (code, rule, err) = piped(RULE, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(rule.starts_with("title: Trail stopped\n"), "{rule}");
    assert!(rule.contains("    eventName: StopLogging\n"), "{rule}");
    assert_eq!(err, "imported 1 rule: 1 as detections\n");
}

#[test]
fn what_was_imported_passes_check_and_builds() {
    let folder = Folder::repository();
    folder.write("theirs.json", RULE);
    folder.passes(&["import", "theirs.json", "-o", "rules/imported"]);
    folder.passes(&["check"]);
    folder.passes(&["fmt", "--check"]);
    folder.passes(&["build", "-t", "elastic"]);
    assert!(folder.path("dist/elastic/trail_stopped.json").is_file());
}

#[test]
fn a_document_of_no_kind_is_refused_with_the_kinds() {
    let (code, out, err) = piped("just words", &[]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("unknown-kind") && err.contains("`elastic-toml`"), "{err}");
}

#[test]
fn the_kind_can_be_said() {
    let (code, rule, err) = piped(RULE, &["--from", "elastic"]);
    assert_eq!(code, 0, "{err}");
    assert!(rule.starts_with("title: Trail stopped\n"), "{rule}");
    // It is believed, even where the content says otherwise.
    let (code, rule, err) = piped(RULE, &["--from", "elastic-toml"]);
    assert_eq!((code, rule.as_str()), (1, ""), "{err}");
    assert!(err.ends_with("imported 0 rules\n"), "{err}");
    let (code, _, err) = piped(RULE, &["--from", "cobol"]);
    assert_eq!(code, 2);
    assert!(err.contains("elastic-toml") && err.contains("sigma"), "{err}");
}

#[test]
fn folders_are_read_whole_and_files_are_named_after_titles() {
    let folder = Folder::empty();
    folder.write("theirs/a/one.json", RULE);
    folder.write("theirs/b/two.json", &RULE.replace("Trail stopped", "Trail: stopped!"));
    folder.write("theirs/notes.rst", "no rule");
    let (_, out, err) = folder.passes(&["import", "theirs", "-o", "ours"]);
    assert_eq!(out, "");
    assert!(err.ends_with("imported 2 rules: 2 as detections\n"), "{err}");
    let files = folder.files();
    let ours: Vec<&String> = files.iter().filter(|file| file.starts_with("ours")).collect();
    assert_eq!(ours, ["ours/trail_stopped.yml", "ours/trail_stopped_2.yml"]);
    assert_ne!(folder.read("ours/trail_stopped.yml"), folder.read("ours/trail_stopped_2.yml"));
}

#[test]
fn a_rule_that_is_there_is_never_replaced() {
    let folder = Folder::empty();
    folder.write("one.json", RULE);
    folder.write("ours/trail_stopped.yml", "mine");
    let (code, _, err) = folder.run(&["import", "one.json", "-o", "ours"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("is there already") && err.contains("help:"), "{err}");
    assert_eq!(folder.read("ours/trail_stopped.yml"), "mine");
    assert_eq!(folder.files(), ["one.json", "ours/trail_stopped.yml"]);
}

#[test]
fn what_cannot_be_said_is_found_at_its_own_place() {
    let folder = Folder::empty();
    folder.write("broken.toml", BROKEN_QUERY);
    let (code, rule, err) = folder.run(&["import", "broken.toml"]);
    assert_eq!(code, 0, "a warning is no failure\n{err}");
    assert!(err.contains("native-query") && err.contains("broken.toml:14:"), "{err}");
    assert!(rule.contains("# The query stays in the platform's language:"), "{rule}");
    assert!(rule.contains("patch:") && rule.contains("c::3"), "{rule}");
    let (code, ..) = folder.run(&["import", "broken.toml", "--strict"]);
    assert_eq!(code, 1);
}

#[test]
fn a_path_that_is_not_there_is_an_error_of_usage() {
    let (code, out, err) = Folder::empty().run(&["import", "nowhere"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    assert!(err.contains("nowhere"), "{err}");
    assert_eq!(Folder::empty().run(&["import"]).0, 2);
}

#[test]
fn what_can_never_match_is_said_at_once() {
    let rule = RULE.replace(
        "event.dataset:aws.cloudtrail and event.action:StopLogging",
        "event.category:network and destination.domain:(store?.gofile.io or *.example.com)",
    );
    let (code, text, err) = piped(&rule, &[]);
    assert_eq!(code, 0, "{err}");
    assert!(text.contains(r"store\?.gofile.io"), "{text}");
    assert!(err.contains("warning[literal-wildcard]"), "{err}");
    assert!(err.contains("trail_stopped.yml:"), "{err}");
}

//! Output formats for programs: what each looks like, that it is valid for the program that reads
//! it, and that no text of a rule can break out of it. `CROSSWALK_BLESS=1` writes the expected
//! files anew.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crosswalk::diagnostic::{Edit, Finding, Fix, Severity, render};
use crosswalk::rule::{RuleFile, codes};
use crosswalk::source::{Place, SourceFile, Span};
use proptest::prelude::*;
use serde_json::Value;

/// A file whose name holds what the formats treat specially.
const NAME: &str = "rules/50% off, really: {é}.yml";

const TEXT: &str = "title: \"Ünïcode {0} % [a](b)\"
id: not-a-uuid
detection:
  s: {a: []}
  condition: s and t
level: hihg
level: low
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/render")
}

/// Findings of every kind: read from a rule, with fix, over several lines, hostile, without place.
fn findings() -> Vec<Finding> {
    let (_, mut findings) = RuleFile::parse(NAME, TEXT);
    let source = SourceFile::new("rules/plain.yml", "title: x\nlevel: ä high\nstatus:\n  - a\n");
    let place = |start, end| Place::new(&source, Span::new(start, end));
    let mut fixed = Finding::new(&codes::UNKNOWN_VALUE, place(16, 23), "`ä high` is no level");
    fixed.label("this").help("did you mean `high`?").related(place(7, 8), "in {this} rule");
    let edits = vec![Edit { span: Span::new(16, 19), replacement: String::new() }];
    fixed.fix = Some(Fix { edits });
    let block = Finding::new(&codes::WRONG_TYPE, place(24, source.text().len()), "must be a text");
    let hostile = "`\u{1b}[31m\n::error::{0} %0A]]>\u{202e}` is no level";
    let mut hostile = Finding::new(&codes::UNKNOWN_VALUE, place(0, 0), hostile);
    hostile.severity = Severity::Warning;
    let mut note = Finding::general(&codes::UNREADABLE, "cannot read `rules/gone.yml`");
    note.severity = Severity::Note;
    findings.extend([fixed, block.clone(), block, hostile, note]);
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

fn assert_expected(name: &str, actual: &str) {
    let path = folder().join(name);
    if std::env::var_os("CROSSWALK_BLESS").is_some() {
        std::fs::write(&path, actual).expect("the expected file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect(name);
    assert_eq!(actual, expected, "{name}; read the difference, then CROSSWALK_BLESS=1");
}

fn assert_valid(schema: &str, document: &Value) {
    let text = std::fs::read_to_string(folder().join(schema)).expect(schema);
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(problems, Vec::<String>::new(), "{document:#}");
}

#[test]
fn github_gets_one_command_a_finding() {
    let text = render::github(&findings());
    assert_expected("github.txt", &text);
    assert_eq!(text.lines().count(), findings().len());
}

#[test]
fn gitlab_gets_a_valid_report_with_unique_fingerprints() {
    let report = render::gitlab(&findings());
    assert_valid("gitlab.schema.json", &report);
    assert_expected("gitlab.json", &format!("{report:#}\n"));
    let issues = report.as_array().expect("a list");
    let unique: HashSet<&str> =
        issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(unique.len(), issues.len());
}

#[test]
fn a_fingerprint_survives_a_move_of_the_line() {
    let fingerprint = |text: &str| {
        let (_, findings) = RuleFile::parse("rules/a.yml", text);
        let report = render::gitlab(&findings);
        let issues = report.as_array().expect("a list").iter();
        issues.map(|issue| issue["fingerprint"].to_string()).collect::<HashSet<_>>()
    };
    assert_eq!(fingerprint(TEXT), fingerprint(&format!("# one line more\n{TEXT}")));
}

#[test]
fn sarif_is_valid_and_its_indices_hold() {
    let log = render::sarif(&findings());
    assert_valid("sarif.schema.json", &log);
    assert_expected("sarif.json", &format!("{log:#}\n"));
    let run = &log["runs"][0];
    for result in run["results"].as_array().expect("a list") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        let rule = &run["tool"]["driver"]["rules"][index.expect("an index")];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn a_fix_in_sarif_deletes_the_characters_that_the_finding_names() {
    let log = render::sarif(&findings());
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let fixes: Vec<&Value> = results.iter().filter_map(|result| result.get("fixes")).collect();
    let region = &fixes[0][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    // Line 2 is `level: ä high`: columns 8 and 9, however many bytes they have.
    assert_eq!((&region["startColumn"], &region["endColumn"]), (&Value::from(8), &Value::from(10)));
}

#[test]
fn junit_has_one_case_a_file_and_fails_those_with_errors() {
    let files = [NAME, "rules/fine.yml", "rules/plain.yml"];
    let text = render::junit(&files, &findings(), false).expect("serializes");
    assert_expected("junit.xml", &text);
    let report = quick_junit::Report::deserialize_from_str(&text).expect("JUnit");
    let cases = &report.test_suites[0].test_cases;
    let names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names, [NAME, "rules/fine.yml", "rules/plain.yml", "the run as a whole"]);
    assert_eq!((report.tests, report.failures, report.errors), (4, 2, 0));
}

#[test]
fn junit_fails_warnings_under_strict_alone() {
    let source = SourceFile::new("a.yml", "title: x\n");
    let mut finding = Finding::new(&codes::LENGTH, Place::new(&source, Span::new(0, 5)), "short");
    finding.severity = Severity::Warning;
    for strict in [false, true] {
        let text = render::junit(&["a.yml"], &[finding.clone()], strict).expect("serializes");
        let report = quick_junit::Report::deserialize_from_str(&text).expect("JUnit");
        assert_eq!(report.failures, usize::from(strict), "{text}");
        assert!(text.contains("bad-length"), "a warning that passes is shown all the same: {text}");
    }
}

#[test]
fn no_findings_are_an_empty_report_and_not_nothing() {
    assert_eq!(render::github(&[]), "");
    assert_valid("gitlab.schema.json", &render::gitlab(&[]));
    assert_valid("sarif.schema.json", &render::sarif(&[]));
    let text = render::junit(&[], &[], true).expect("serializes");
    assert!(quick_junit::Report::deserialize_from_str(&text).is_ok(), "{text}");
}

proptest! {
    /// Whatever names, texts and messages hold, a report stays a report with one entry a finding.
    #[test]
    fn hostile_text_stays_inside_its_entry(
        name in "\\PC{1,20}", text in any::<String>(), message in any::<String>(),
        start in 0usize..40, length in 0usize..40,
    ) {
        let source = SourceFile::new(name.replace('\\', "/"), text);
        let place = Place::new(&source, Span::new(start, start + length));
        let mut finding = Finding::new(&codes::WRONG_TYPE, place.clone(), &message);
        finding.help(&message).related(place, &message).fix(Span::new(start, start + 1), &message);
        let findings = [finding];
        let github = render::github(&findings);
        prop_assert_eq!(github.lines().count(), 1);
        prop_assert_eq!(github.matches('\r').count(), 0);
        prop_assert_eq!(render::gitlab(&findings).as_array().map(Vec::len), Some(1));
        let sarif = render::sarif(&findings).to_string();
        prop_assert!(serde_json::from_str::<Value>(&sarif).is_ok());
        let junit = render::junit(&[source.name()], &findings, false);
        let report = quick_junit::Report::deserialize_from_str(&junit.expect("serializes"));
        prop_assert_eq!(report.map(|report| report.tests).ok(), Some(1));
    }
}

//! `--output-format` of `check` and `build`: data on standard output, whole and alone.

use serde_json::Value;

use super::Folder;

const BROKEN: &str = "title: x\nlogsource: {category: c}\ndetection: {s: {a: 1}, condition: t}\n";

fn broken() -> Folder {
    let folder = Folder::repository();
    folder.write("rules/broken.yml", BROKEN);
    folder
}

#[test]
fn every_format_names_the_fault_and_fails() {
    let folder = broken();
    for verb in ["check", "build"] {
        for format in ["concise", "json", "github", "gitlab", "sarif", "junit"] {
            let (code, out, err) = folder.run(&[verb, "--output-format", format]);
            assert_eq!(code, 1, "{verb} {format}: {err}");
            assert!(out.contains("rules/broken.yml"), "{verb} {format}: {out}");
            assert!(out.contains("unknown-selection"), "{verb} {format}: {out}");
            assert!(out.ends_with('\n'), "{verb} {format}");
            assert!(err.contains("error"), "{verb} {format}: talk goes to standard error: {err}");
        }
    }
}

#[test]
fn reports_of_good_rules_are_empty_and_well_formed() {
    let folder = Folder::repository();
    let report = |format: &str| folder.passes(&["check", "--output-format", format]).1;
    let json = |format: &str| serde_json::from_str::<Value>(&report(format)).expect(format);
    assert_eq!(report("github"), "");
    assert_eq!(json("gitlab"), Value::Array(Vec::new()));
    assert_eq!(json("sarif")["runs"][0]["results"], Value::Array(Vec::new()));
    let junit = quick_junit::Report::deserialize_from_str(&report("junit")).expect("JUnit");
    assert_eq!((junit.tests, junit.failures), (1, 0));
}

#[test]
fn a_file_that_cannot_be_read_has_its_place_in_every_report() {
    let folder = Folder::repository();
    std::fs::write(folder.path("rules/bad.yml"), b"title: \xff\n").expect("written");
    for format in ["github", "gitlab", "sarif", "junit"] {
        let (code, out, _) = folder.run(&["check", "--output-format", format]);
        assert_eq!(code, 1, "{format}");
        let placed = [
            "file=rules/bad.yml,",
            "\"path\": \"rules/bad.yml\"",
            "\"uri\": \"rules/bad.yml\"",
            "<testcase name=\"rules/bad.yml\"",
        ];
        assert!(placed.iter().any(|place| out.contains(place)), "{format}: {out}");
    }
}

#[test]
fn reports_do_not_change_from_run_to_run() {
    let folder = broken();
    for format in ["github", "gitlab", "sarif", "junit"] {
        let run = || folder.run(&["check", "--output-format", format]).1;
        assert_eq!(run(), run(), "{format}");
    }
}

#[test]
fn explain_answers_whatever_format_the_environment_wants() {
    let (_, out, _) = Folder::empty().passes(&["explain", "bad-id", "--output-format", "github"]);
    assert!(out.starts_with("bad-id (error)"), "{out}");
}

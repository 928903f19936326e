//! `crosswalk coverage` as a user meets it.

use std::path::Path;

use serde_json::{Value, json};

use crate::binary::{coverage, here, outcome, passes, place, report};

/// A rule on KMS keys that names these calls.
pub(crate) fn rule(calls: &str) -> String {
    format!(
        "title: Keys\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1\nlogsource: {{product: aws, service: cloudtrail}}\n\
         detection:\n  s: {{eventSource: kms.amazonaws.com, eventName: [{calls}]}}\n  condition: s\n\
         tags: [attack.impact, attack.t1485, attack.t1562.008]\nlevel: low\n"
    )
}

/// A repository with one rule.
fn repository(calls: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "crosswalk.toml", "rules = [\"rules\"]\ntargets = [\"datadog\"]\n");
    write(folder.path(), "rules/keys.yml", &rule(calls));
    folder
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, text).expect("written");
}

#[test]
fn a_lost_call_fails_against_the_baseline_with_one_line() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let (out, err) = passes(folder.path(), &["--control", "5.7", "--version", "newest"]);
    assert!(err.contains("rule 2 of 2, datadog 2 of 2") && !out.contains("5.8"), "{out}{err}");
    let (_, err) = passes(folder.path(), &["--write-baseline", "covered.json"]);
    assert!(err.contains("rule 2 of 96, datadog 2 of 96"), "{err}");
    passes(folder.path(), &["--baseline", "covered.json"]);
    write(folder.path(), "rules/keys.yml", &rule("DisableKey"));
    let (code, _, err) =
        coverage(folder.path(), &["--target", "canonical", "--baseline", "covered.json"]);
    assert_eq!(code, 1, "{err}");
    let line = "cis-aws-foundations@7.0.0/5.7 on rule: ScheduleKeyDeletion was covered and is not covered now \
                (2/2 before, 1/2 now)";
    assert_eq!(err.lines().filter(|own| own.contains("was covered")).collect::<Vec<_>>(), [line]);
    assert!(err.contains("not audited now: "), "{err}");
    // The configuration can say so once, and the whole report is a baseline as well.
    write(folder.path(), "rules/keys.yml", &rule("DisableKey, ScheduleKeyDeletion"));
    let (out, _) = passes(folder.path(), &["--format", "json"]);
    write(folder.path(), "report.json", &out);
    write(
        folder.path(),
        "crosswalk.toml",
        "rules = [\"rules\"]\ntargets = [\"datadog\"]\n[coverage]\nbaseline = \"report.json\"\n",
    );
    passes(folder.path(), &[]);
    write(folder.path(), "rules/keys.yml", &rule("ScheduleKeyDeletion"));
    let (code, _, err) = coverage(folder.path(), &[]);
    assert_eq!((code, err.matches("DisableKey was covered").count()), (1, 2), "{err}");
    let (code, _, err) = coverage(folder.path(), &["--baseline", "rules/keys.yml"]);
    assert_eq!(code, 2, "{err}");
}

/// Files and folders stand behind the verb as they do behind `check`: with what platforms get of them.
#[test]
fn chosen_rules_of_the_repository_are_audited() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    write(folder.path(), "rules/own/other.yml", &rule("DisableKey").replace("5d0c", "5d0d"));
    let (_, err) = passes(folder.path(), &["--control", "5.7", "rules/own"]);
    assert!(err.contains("read 1 rule\n") && err.contains("rule 1 of 2, datadog 1 of 2"), "{err}");
    let (code, _, err) = coverage(folder.path(), &["rules/own", "--rules", "rules"]);
    assert_eq!(code, 2, "{err}");
}

/// A platform that gets no query of a rule has a reason, and the reports say it.
#[test]
fn a_refused_platform_has_its_reason_in_the_reports() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let refused = rule("DisableKey")
        .replace("condition: s\n", "t: {unheardOf|re: 'a(?=b)'}\n  condition: s and t\n");
    write(
        folder.path(),
        "rules/refused.yml",
        &refused.replace("Keys", "No query").replace("5d0c", "5d0e"),
    );
    let (out, _) = passes(folder.path(), &["--control", "5.7"]);
    let (_, refusals) = out.split_once("not generated, so not audited there\n").expect("a section");
    assert!(refusals.trim_start().starts_with("datadog, No query: "), "{refusals}");
    let (out, _) = passes(folder.path(), &["--control", "5.7", "--format", "md"]);
    assert!(
        out.contains("## Not generated, so not audited there\n\n- datadog, No query: "),
        "{out}"
    );
}

/// What Elastic's rule is run on is a part of what it finds.
#[test]
fn indices_of_a_section_that_hold_other_logs_find_nothing() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let index = |name: &str| {
        let own = rule("DisableKey, ScheduleKeyDeletion");
        write(folder.path(), "rules/keys.yml", &format!("{own}elastic: {{index: [{name}]}}\n"));
        passes(folder.path(), &["--control", "5.7", "--target", "elastic"]).1
    };
    assert!(index("logs-gcp*").contains("elastic 0 of 2"));
    assert!(index("logs-aws*").contains("elastic 2 of 2"));
}

/// A platform that counts by a field ignores events without it, also where one is enough.
#[test]
fn a_count_by_a_field_asks_for_the_field_on_platforms() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let counted = format!(
        "{}name: keys\n---\ntitle: Keys counted\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d2\ncorrelation:\n  \
         type: event_count\n  rules: [keys]\n  group-by: [userAgent]\n  timespan: 5m\n  condition: {{gte: 1}}\nlevel: low\n",
        rule("DisableKey, ScheduleKeyDeletion")
    );
    write(folder.path(), "rules/keys.yml", &counted);
    let control = ["--control", "5.7"];
    let (_, err) = passes(folder.path(), &control);
    assert!(err.contains("rule 2 of 2, datadog 0 of 2"), "{err}");
    let (_, err) = passes(folder.path(), &["--control", "5.7", "--accept", "presence"]);
    assert!(err.contains("rule 2 of 2, datadog 2 of 2"), "{err}");
}

#[test]
fn a_share_is_a_gate() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let (code, _, err) = coverage(folder.path(), &["--fail-under", "3"]);
    assert_eq!(code, 1);
    assert!(err.contains("on rule: 2 of 96 demanded parts are covered, less than 3 %"), "{err}");
    passes(folder.path(), &["--fail-under", "2"]);
    passes(&here(), &["--fail-under", "100", "--version", "1.3.0,5.0.0,7.0.0"]);
    assert_eq!(coverage(folder.path(), &["--fail-under", "101"]).0, 2);
}

#[test]
fn what_is_no_choice_is_said() {
    let folder = repository("DisableKey");
    for (arguments, words) in [
        (["--version", "4.10"], "there are 1.2.0, 1.3.0"),
        (["--framework", "cis-aws"], "there are `cis-aws-foundations`"),
        (["--control", "4.10"], "has no control `4.10` in 7.0.0"),
        (["--accept", "success"], "there are outcome, exclusion"),
        (["--technique", "T9999"], "has no technique `T9999`"),
        (["--rules", "crosswalk.toml"], "there are no rules to audit"),
        (["--baseline", "nowhere.json"], "cannot read the baseline `nowhere.json`"),
    ] {
        let (code, out, err) = coverage(folder.path(), &arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?} {err}");
        assert!(err.contains(words), "{arguments:?} {err}");
    }
}

#[test]
fn the_history_is_told_in_words() {
    let (out, _) = passes(&here(), &["--version", "all", "--target", "canonical"]);
    let (_, words) = out.split_once("what changes").expect("a section");
    for line in [
        "4.0.1 to 5.0.0: Changes to security groups (4.10): ModifySecurityGroupRules is demanded, too; \
         rule goes from 6/6 to 7/7",
        "5.0.0 to 6.0.0: renumbered: chapter 4 is now chapter 5 (4.1 to 4.15)",
        "4.0.0 to 4.0.1: nothing changes in what is demanded",
        "1.2.0 to 1.3.0: Changes to the structure or policies of AWS Organizations (4.15) is new: rule 18/18",
    ] {
        assert!(words.contains(line), "no `{line}` in\n{words}");
    }
    let chosen = report(&here(), &["--version", "4.0.0,5.0.0,6.0.0", "--target", "canonical"]);
    assert_eq!(chosen["steps"].as_array().map(Vec::len), Some(2));
}

#[test]
fn demanded_events_in_logs_are_the_best_evidence() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    let call = |name: &str| json!({"eventVersion": "1.11", "eventSource": "kms.amazonaws.com", "eventName": name, "eventID": name});
    let file = json!({"Records": [call("DisableKey"), call("ListKeys")]});
    write(folder.path(), "logs/one.json", &file.to_string());
    let (out, err) = passes(folder.path(), &["--logs", "logs", "--format", "json"]);
    assert!(err.contains("replayed 2 events: 1 of 96 demanded parts happened"), "{err}");
    let report: Value = serde_json::from_str(&out).expect("JSON");
    for target in ["rule", "datadog"] {
        let found = place(&report, "7.0.0", "kms-cmk-disable-or-delete", target);
        let grades: Vec<&Value> =
            found["parts"].as_array().expect("parts").iter().map(|part| &part["grade"]).collect();
        assert_eq!(grades, ["seen", "proven"], "{target}");
    }
    write(folder.path(), "logs/two.json", "{\"Records\": [");
    assert_eq!(coverage(folder.path(), &["--logs", "logs"]).0, 2);
}

#[test]
fn own_frameworks_are_audited() {
    let folder = repository("DisableKey, EnableKey");
    write(
        folder.path(),
        "own.toml",
        r#"
framework = "acme"
title = "Acme baseline"
versions = ["1"]
[[subject]]
slug = "keys"
title = "Keys"
[subject.control]
"1" = { number = "A.1" }
[[subject.demand]]
expects = { log = "aws/cloudtrail" }
[subject.demand.detection]
condition = "keys"
keys = { eventName = ["EnableKey", "CancelKeyDeletion"] }
"#,
    );
    let (out, err) = passes(
        folder.path(),
        &["--controls", "own.toml", "--framework", "acme", "--target", "canonical"],
    );
    // The rule asks for the service beyond the demand.
    assert!(err.contains("acme@1: demanded parts covered: rule 0 of 2"), "{err}");
    assert!(out.contains("(condition): eventSource is `kms.amazonaws.com`"), "{out}");
    // Claims resolve against them everywhere, once the configuration names them.
    let claim = rule("EnableKey").replace("level:", "controls: [acme@1/A.1]\nlevel:");
    write(folder.path(), "rules/keys.yml", &claim);
    let (code, out, _) = outcome(folder.path(), &["check"]);
    assert!(code == 1 && out.contains("unknown-control"), "{out}");
    write(folder.path(), "crosswalk.toml", "rules = [\"rules\"]\ncontrols = [\"own.toml\"]\n");
    let (code, out, _) = outcome(folder.path(), &["check"]);
    assert!(code == 0 && !out.contains("unknown-control"), "{out}");
    let (_, err) = passes(folder.path(), &["--framework", "acme"]);
    assert!(err.contains("acme@1: demanded parts covered"), "{err}");
    write(folder.path(), "twice.toml", "framework = \"cis-aws-foundations\"\n");
    assert_eq!(coverage(folder.path(), &["--controls", "twice.toml"]).0, 2);
}

#[test]
fn techniques_have_grades_and_wrong_tags_are_told() {
    let folder = repository("DisableKey");
    let (out, err) = passes(folder.path(), &["--attack"]);
    assert!(err.contains("ATT&CK v19: 2 of 697 techniques have a rule"), "{err}");
    assert!(out.contains("T1685.002") && out.contains("consistent"), "{out}");
    assert!(
        out.contains("Keys: attack.t1562.008: T1562.008 has moved to T1685.002 in v19"),
        "{out}"
    );
    assert!(out.contains("no tactic of the rule is one of T1685.002"), "{out}");
    let (out, _) = passes(folder.path(), &["--technique", "t1485", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["attack"]["techniques"].as_array().map(Vec::len), Some(1));
    for form in ["md", "csv", "navigator"] {
        let (out, _) = passes(folder.path(), &["--attack", "--format", form]);
        assert!(out.contains("T1485"), "{form}: {out}");
    }
    assert_eq!(coverage(folder.path(), &["--attack", "--format", "html"]).0, 2);
}

/// Whether a document is what a JSON Schema of this repository wants.
fn is_valid(schema: &str, document: &str) {
    let text = std::fs::read_to_string(here().join(schema)).expect(schema);
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let document: Value = serde_json::from_str(document).expect("JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema);
    let errors: Vec<String> = validator
        .expect("a schema")
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn documents_are_valid_and_other_tools_load_them() {
    let schemas = [
        ("oscal-component", "schemas/oscal/component-definition.schema.json"),
        ("oscal-results", "schemas/oscal/assessment-results.schema.json"),
        ("oscal-mapping", "schemas/oscal/mapping-collection.schema.json"),
        ("navigator", "schemas/attack/navigator-layer-4.5.schema.json"),
        ("sarif", "tests/render/sarif.schema.json"),
    ];
    let folder = repository("DisableKey");
    let mut files = Vec::new();
    // One repository with gaps, and one without.
    for (name, place) in [("gaps", folder.path().to_owned()), ("pack", here())] {
        for (form, schema) in schemas {
            let (out, _) = passes(&place, &["--version", "4.0.1,7.0.0", "--format", form]);
            is_valid(schema, &out);
            if form.starts_with("oscal") {
                write(folder.path(), &format!("{name}-{form}.json"), &out);
                files.push(format!("{name}-{form}.json"));
            }
        }
        let (out, _) = passes(&place, &["--format", "junit"]);
        quick_junit::Report::deserialize_from_str(&out).expect("JUnit");
        write(folder.path(), &format!("{name}.xml"), &out);
        files.push(format!("{name}.xml"));
    }
    let Some(python) = std::env::var_os("CROSSWALK_TRESTLE") else {
        eprintln!("skipped: loading in compliance-trestle (CROSSWALK_TRESTLE is not set)");
        return;
    };
    let mut command = std::process::Command::new(python);
    command.arg(here().join("tests/trestle/load.py")).arg(here().join("schemas/junit.xsd"));
    let output = command.args(&files).current_dir(folder.path()).output().expect("python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{err}");
}

#[test]
fn every_form_is_written_into_a_file_or_printed() {
    let folder = repository("DisableKey");
    for form in [
        "table",
        "md",
        "json",
        "csv",
        "html",
        "oscal-component",
        "oscal-results",
        "oscal-mapping",
        "navigator",
        "junit",
        "sarif",
    ] {
        let (printed, _) = passes(folder.path(), &["--format", form]);
        let (out, _) = passes(folder.path(), &["--format", form, "--output", "report"]);
        let written = std::fs::read_to_string(folder.path().join("report")).expect("written");
        assert!(out.is_empty() && !printed.is_empty(), "{form}");
        assert_eq!(printed, written, "{form}");
    }
}

/// What nobody looks at is not covered.
#[test]
fn gates_do_not_open_by_looking_away() {
    let folder = repository("DisableKey, ScheduleKeyDeletion");
    passes(folder.path(), &["--write-baseline", "covered.json"]);
    // A question about a part is answered for this part.
    let (_, err) = passes(folder.path(), &["--target", "canonical", "--baseline", "covered.json"]);
    assert!(err.contains("note: covered in the baseline and not audited now"), "{err}");
    std::fs::write(
        folder.path().join("crosswalk.toml"),
        "rules = [\"rules\"]\ntargets = [\"sigma\"]\n",
    )
    .expect("written");
    let (code, _, err) = coverage(folder.path(), &["--baseline", "covered.json"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("covered in the baseline and not audited now"), "{err}");
    std::fs::create_dir(folder.path().join("empty")).expect("made");
    let (code, out, err) = coverage(folder.path(), &["--rules", "empty", "--fail-under", "100"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    let (code, out, err) = coverage(folder.path(), &["--attack", "--fail-under", "100"]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
    let (code, _, err) = coverage(folder.path(), &["--at", "yesterday"]);
    assert_eq!(code, 2, "{err}");
}

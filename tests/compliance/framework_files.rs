//! A repository's own frameworks: what is wrong with a file is said at its place.

use crosswalk::rule::controls::{framework, read_crosswalk, read_framework};
use crosswalk::source::SourceFile;

/// A framework with one subject.
const OWN: &str = r#"
framework = "acme-detections"
title = "Acme detection baseline"
versions = ["1", "2"]
[[subject]]
slug = "key-made"
title = "Access keys"
[subject.control]
"1" = { number = "A.1" }
"2" = { number = "A.2", level = 2, assessment = "automated" }
[[subject.demand]]
expects = { log = "aws/cloudtrail" }
literal = "made"
[subject.demand.detection]
condition = "iam and made"
iam = { eventSource = "iam.amazonaws.com" }
made = { eventName = ["CreateAccessKey", "UpdateAccessKey"] }
"#;

/// The findings of a text: line, code and message.
fn faults(text: &str) -> Vec<String> {
    let (framework, findings) = read_framework(&SourceFile::new("own.toml", text));
    assert_eq!(framework.is_none(), !findings.is_empty());
    let line = |finding: &crosswalk::diagnostic::Finding| {
        let line = finding.place.as_ref().map_or(0, |place| place.start().line);
        format!("{line} {}: {}", finding.code, finding.message)
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_good_file_is_read() {
    let (own, findings) = read_framework(&SourceFile::new("own.toml", OWN));
    assert!(findings.is_empty(), "{findings:#?}");
    let own = own.expect("a framework");
    let subject = own.subject("2", "A.2").expect("a subject");
    let demand = own.demand(subject, "1").expect("a demand for every version");
    assert_eq!((demand.from.as_str(), demand.to.as_str()), ("1", "2"));
    assert_eq!(demand.expects.outcome, "any");
    assert_ne!(demand.literal, demand.intent);
    assert_eq!(own.datadog_handle, "acme-detections");
}

#[test]
fn every_fault_has_its_place() {
    let cases = [
        (
            r#""2" = { number = "A.2", level = 2, assessment = "automated" }"#,
            r#""3" = { number = "A.2" }"#,
            "10 bad-framework: `versions` does not list 3",
        ),
        (
            "assessment = \"automated\"",
            "assessment = \"auto\"",
            "10 unknown-value: `assessment` cannot be `auto`",
        ),
        (
            "number = \"A.1\"",
            "number = 4.10",
            "9 wrong-type: `number` must be text, not a decimal number",
        ),
        ("condition = \"iam and made\"", "condition = \"iam and maid\"", "15 unknown-selection: "),
        ("condition = \"iam and made\"", "condition = \"iam and\"", "15 "),
        ("literal = \"made\"", "literal = \"made and x\"", "13 unknown-selection: "),
        (
            "log = \"aws/cloudtrail\"",
            "log = \"\"",
            "12 bad-framework: `` is not a log like `aws/cloudtrail`",
        ),
        (
            "expects = {",
            "sources = [\"x\"]\nexpects = {",
            "12 bad-framework: there is no source `x`",
        ),
        ("eventName = [", "\"eventName|casedd\" = [", "17 unknown-modifier: "),
        (
            "title = \"Acme detection baseline\"",
            "titel = \"Acme\"",
            "3 unknown-key: a framework has no key `titel`",
        ),
        ("slug = \"key-made\"\n", "", "missing-field: an entry of `subject` needs `slug`"),
        ("title = \"Access keys\"", "title = ", "7 bad-framework: this is not TOML: "),
        (
            "versions = [\"1\", \"2\"]",
            "versions = [\"1\", \"2\", \"1\"]",
            "4 bad-framework: the version `1` stands twice",
        ),
    ];
    for (from, to, expected) in cases {
        let broken = OWN.replacen(from, to, 1);
        assert_ne!(broken, OWN, "{from}");
        let faults = faults(&broken);
        let found = faults.iter().any(|fault| fault.contains(expected));
        assert!(found, "{expected} is not among {faults:#?}");
    }
}

#[test]
fn numbers_and_demands_are_unique() {
    let subject = OWN.split_once("[[subject]]").expect("a subject").1;
    let twice = format!("{OWN}\n[[subject]]{}", subject.replace("key-made", "key-used"));
    let found = faults(&twice);
    assert!(
        found.iter().any(|f| f.contains("the number A.1 occurs twice in version 1")),
        "{found:?}"
    );
    let demand = OWN.split_once("[[subject.demand]]").expect("a demand").1;
    let found = faults(&format!("{OWN}\n[[subject.demand]]{demand}"));
    let message = "`key-made` has two demands in version 1";
    assert!(found.iter().any(|fault| fault.contains(message)), "{found:?}");
}

#[test]
fn a_crosswalk_names_known_subjects_and_sources() {
    let cis = framework("cis-aws-foundations").expect("shipped").clone();
    let text = "framework = \"cis-aws-foundations\"\n[source.us]\nname = \"us\"\nrevision = \"1\"\n\
                [target]\nx = \"X\"\n[[entry]]\nsubject = \"nothing\"\nby = \"them\"\nmaps = { y = [\"1\"] }\n";
    let (read, findings) =
        read_crosswalk(&SourceFile::new("own.toml", text), std::slice::from_ref(&cis));
    assert!(read.is_none());
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:#?}");
    let good = text.replace("nothing", "vpc-changes").replace("them", "us").replace("{ y", "{ x");
    let (read, findings) = read_crosswalk(&SourceFile::new("own.toml", good.as_str()), &[cis]);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(read.expect("a crosswalk").entries.len(), 1);
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let root = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
    let schema = serde_json::from_str(&read("schemas/framework.schema.json")).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for text in [OWN.to_owned(), read("catalog/controls/cis-aws-foundations.toml")] {
        let value: serde_json::Value = toml::from_str(&text).expect("TOML");
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    for (from, to) in [
        ("number = \"A.1\"", "number = 4.10"),
        ("expects =", "expect ="),
        ("condition =", "conditions ="),
        ("assessment = \"automated\"", "assessment = \"auto\""),
    ] {
        let value: serde_json::Value = toml::from_str(&OWN.replacen(from, to, 1)).expect("TOML");
        assert!(!validator.is_valid(&value), "{to}");
    }
}

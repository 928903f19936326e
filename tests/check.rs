//! Golden cases: each folder of `tests/check` holds one bad rule and exactly what a person reads
//! about it. `CROSSWALK_BLESS=1` writes the expected texts anew; read the difference before
//! committing it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crosswalk::check::{check, reader_codes};
use crosswalk::diagnostic::{Finding, render};
use crosswalk::rule::{RuleSet, read, unreadable};
use crosswalk::source::SourceFile;

/// Codes that no case raises, each with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bad-framework", "frameworks are files of their own; tests/compliance reads broken ones"),
    ("query-syntax", "rules hold no query text; it comes with imported documents"),
    ("query-unsupported", "rules hold no query text; it comes with imported documents"),
    ("too-many-findings", "takes a thousand findings; tests/hostile.rs makes them"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check")
}

/// Name and folder of every case, in order.
fn cases(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let folders = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    folders
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), path))
        .collect()
}

/// Everything that the reader says about the rule of a case; what checks say is shown in
/// `tests/checks`.
fn findings(case: &Path) -> Vec<Finding> {
    let bytes = std::fs::read(case.join("rule.yml")).expect("every case has a rule.yml");
    let source = match SourceFile::from_bytes("rule.yml", bytes) {
        Ok(source) => source,
        Err(error) => return vec![unreadable(&error)],
    };
    let (file, findings) = read(&source);
    let mut findings = findings.into_sorted();
    findings.extend(check(&RuleSet::of(vec![file])));
    let said_by_reader = reader_codes();
    findings.retain(|finding| said_by_reader.contains(&finding.code));
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

#[test]
fn every_case_reads_as_expected() {
    let bless = std::env::var_os("CROSSWALK_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, case) in cases(&folder()) {
        let path = case.join("expected.txt");
        let actual = render::human(&findings(&case), false);
        if bless {
            std::fs::write(&path, &actual).expect("the expected text can be written");
            continue;
        }
        let expected = std::fs::read_to_string(&path);
        if expected.as_deref().ok() != Some(actual.as_str()) {
            let expected = expected.unwrap_or_else(|error| format!("({error})\n"));
            wrong.push(format!("== {name}\n-- expected\n{expected}-- actual\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} cases differ", wrong.join("\n"), wrong.len());
}

#[test]
fn every_code_has_a_case() {
    let fired: Vec<&str> = cases(&folder())
        .values()
        .flat_map(|case| findings(case))
        .map(|finding| finding.code.name)
        .collect();
    for code in reader_codes() {
        let excused = ELSEWHERE.iter().any(|(name, _)| *name == code.name);
        assert_ne!(fired.contains(&code.name), excused, "{code}");
    }
}

/// The wording rules of `diagnostic`: lower case unless a name comes first, no full stop at the
/// end, none of Rust's own words.
#[test]
fn messages_follow_the_grammar() {
    for (name, case) in cases(&folder()) {
        let text = std::fs::read_to_string(case.join("expected.txt")).expect("an expected text");
        for message in text.lines().filter_map(message) {
            assert_eq!(fault(message), None, "{name}: {message}");
        }
        for (_, label) in findings(&case).iter().flat_map(|finding| &finding.related) {
            assert_eq!(fault(label), None, "{name}: {label}");
        }
    }
    for (name, case) in cases(&folder().with_file_name("checks")) {
        let text = std::fs::read_to_string(case.join("fires.txt")).expect("an expected text");
        for message in text.lines().filter_map(message) {
            assert_eq!(fault(message), None, "{name}: {message}");
        }
    }
}

/// The words of a line that says what is wrong or what to do.
fn message(line: &str) -> Option<&str> {
    let title = line.split_once("]: ").filter(|(start, _)| {
        ["error[", "warning[", "note["].iter().any(|severity| start.starts_with(severity))
    });
    title.or_else(|| line.split_once("= help: ")).map(|(_, message)| message)
}

/// What is wrong with a message.
fn fault(text: &str) -> Option<&'static str> {
    /// Names that keep their capital at the start of a message.
    const NAMES: &[&str] =
        &["ATT&CK ", "CIS ", "Datadog ", "Elastic ", "Kibana ", "Sigma ", "YAML "];
    /// What only a Rust programmer would say.
    const RUST: &[&str] = &[
        "Some(", "None", "Ok(", "Err(", "String", "Vec<", "usize", "u64", "i64", "f64", "Option",
        "::", "unwrap", "panicked", "struct ", "enum ",
    ];
    let is_technique = |text: &str| {
        text.strip_prefix('T').is_some_and(|id| id.starts_with(|c: char| c.is_ascii_digit()))
    };
    let upper = text.starts_with(char::is_uppercase);
    if upper && !is_technique(text) && !NAMES.iter().any(|name| text.starts_with(name)) {
        return Some("starts with a capital");
    }
    if text.trim().is_empty() || text.trim() != text {
        return Some("is empty or has blanks around it");
    }
    if text.ends_with('.') && !text.ends_with("...") {
        return Some("ends with a full stop");
    }
    if text.chars().any(char::is_control) {
        return Some("has a control character");
    }
    // The user's words stand in backticks and may say anything.
    let own: String = text.split('`').step_by(2).collect();
    RUST.iter().any(|word| own.contains(word)).then_some("speaks of Rust")
}

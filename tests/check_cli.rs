//! `crosswalk check` as it is used: what is repaired, chosen, allowed and written.

use std::path::Path;
use std::process::Command;

const RULE: &str = "\
title: Console sign-in of the root user
id: 4b692c01-6860-436c-837b-02de65495da1
status: test
description: The root user can do everything, and daily work never needs it
tags: [attack.initial-access, attack.t1078.004, attack.t1078.004] # twice
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {userIdentity.type: Root}
  condition: selection
elastic: {risk_score: 21}
level: high
";

/// Runs `check` in a folder: exit code, standard output, standard error.
fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_crosswalk"))
        .arg("check")
        .args(arguments)
        .args(["--output-format", "concise"])
        .current_dir(folder)
        .output()
        .expect("runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder(rule: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("rules")).expect("made");
    std::fs::write(folder.path().join("rules/root.yml"), rule).expect("written");
    folder
}

#[test]
fn fixes_are_written_and_what_is_left_is_reported() {
    let folder = folder(&format!("\u{feff}{}", RULE.replace('\n', "\r\n")));
    let (code, out, err) = check(folder.path(), &["--fix", "--strict"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        out,
        "rules/root.yml:10:23: warning[risk-score-band] risk score 21 is `low`, the severity is `high`\n"
    );
    assert_eq!(err, "fixed rules/root.yml: 1 duplicate-tag\nchecked 1 rule in 1 file: 1 warning\n");
    let written = std::fs::read_to_string(folder.path().join("rules/root.yml")).expect("read");
    let expected = RULE.replace(", attack.t1078.004]", "]").replace('\n', "\r\n");
    assert_eq!(written, format!("\u{feff}{expected}"), "all else is as it was");
    let (_, _, err) = check(folder.path(), &["--fix"]);
    assert_eq!(err, "checked 1 rule in 1 file: 1 warning\n");
}

#[test]
fn codes_can_be_chosen_on_the_command_line_and_in_the_configuration() {
    let folder = folder(RULE);
    let codes = |arguments: &[&str]| -> Vec<String> {
        let (_, out, _) = check(folder.path(), arguments);
        let code = |line: &str| line.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
        out.lines().map(code).collect()
    };
    assert_eq!(codes(&[]), ["duplicate-tag", "risk-score-band"]);
    assert_eq!(codes(&["--select", "duplicate-tag,file-name"]), ["duplicate-tag"]);
    assert_eq!(codes(&["--ignore", "duplicate-tag"]), ["risk-score-band"]);
    std::fs::write(folder.path().join("crosswalk.toml"), "[check]\nignore = ['duplicate-tag']\n")
        .expect("written");
    assert_eq!(codes(&[]), ["risk-score-band"]);
    assert_eq!(codes(&["--ignore", "risk-score-band"]), ["duplicate-tag"]);
    let (code, _, err) = check(folder.path(), &["--ignore", "yaml-syntax"]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: `yaml-syntax` cannot be ignored"), "{err}");
}

#[test]
fn what_a_comment_allows_is_counted() {
    let allowed = "# crosswalk: allow risk-score-band the team sorts by hand\nelastic:";
    let folder = folder(&RULE.replace("elastic:", allowed));
    let (code, out, err) = check(folder.path(), &["--select", "risk-score-band", "--strict"]);
    assert_eq!((code, out.as_str()), (Some(0), ""));
    assert_eq!(err, "checked 1 rule in 1 file: nothing to report, 1 allowed by comments\n");
}

//! The binary as people and pipelines meet it: exit codes, what goes to which stream, formats,
//! and where settings come from.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const FINE: &str = "title: Fine\nlogsource: {product: aws}\ndetection:\n  sel: {a: b}\n  condition: sel\n\
                    id: 7a1c1e52-1111-4c6f-9b1e-3f5a7f0c2d01\nstatus: test\ndescription: It is fine.\nlevel: low\n";

/// One warning: a selection that nothing uses.
const WARNED: &str = "title: Warned\nlogsource: {product: aws}\ndetection:\n  sel: {a: b}\n  other: {c: d}\n  condition: sel\n\
                      id: 7a1c1e52-1111-4c6f-9b1e-3f5a7f0c2d02\nstatus: test\ndescription: It warns.\nlevel: low\n";

/// One error.
const WRONG: &str = "title: Wrong\nlogsource: {product: aws}\ndetection:\n  sel: {a: b}\n  condition: sell\n\
                     id: 7a1c1e52-1111-4c6f-9b1e-3f5a7f0c2d03\nstatus: test\ndescription: It is wrong.\nlevel: low\n";

/// Another rule of the kind, with a title, an id and an event of its own.
fn other(rule: &str) -> String {
    let rule = rule.replace("title: ", "title: Another ").replace("-1111-", "-2222-");
    rule.replace("{a: b}", "{a: x}")
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
    folder
}

/// The binary in a folder, with nothing of this process's settings.
fn crosswalk(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crosswalk"));
    command.current_dir(folder);
    for name in [
        "CROSSWALK_CONFIG",
        "CROSSWALK_OUTPUT_FORMAT",
        "CROSSWALK_STRICT",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command
}

/// Exit code, standard output and standard error.
fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

/// `crosswalk check` with more arguments in a folder.
fn check(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    run(crosswalk(folder.path()).arg("check").args(arguments))
}

#[test]
fn fine_rules_end_with_0_and_say_nothing_on_stdout() {
    let folder =
        folder(&[("rules/a.yml", FINE), ("rules/deep/b.yaml", &other(FINE)), ("rules/c.txt", "?")]);
    let (code, stdout, stderr) = check(&folder, &[]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert_eq!(stderr, "checked 2 rules in 2 files: nothing to report\n");
}

#[test]
fn errors_end_with_1_findings_on_stdout_and_talk_on_stderr() {
    let folder = folder(&[("rules/a.yml", WRONG), ("rules/b.yml", FINE)]);
    let (code, stdout, stderr) = check(&folder, &[]);
    assert_eq!(code, 1);
    assert!(
        stdout.starts_with("error[unknown-selection]: no selection is called `sell`\n"),
        "{stdout}"
    );
    assert!(stdout.contains("--> rules/a.yml:5:14\n"), "{stdout}");
    assert_eq!(stderr, "checked 2 rules in 2 files: 1 error\n");
}

#[test]
fn a_file_that_cannot_be_read_is_a_finding() {
    let folder = folder(&[("rules/b.yml", FINE)]);
    std::fs::write(folder.path().join("rules/a.yml"), b"title: \xff").expect("written");
    let (code, stdout, _) = check(&folder, &["--output-format", "concise"]);
    assert_eq!(code, 1);
    let line = "rules/a.yml:1:1: error[unreadable-file] `rules/a.yml` is not UTF-8";
    assert!(stdout.starts_with(line), "{stdout}");
}

#[test]
fn warnings_fail_a_run_only_if_asked() {
    let folder = folder(&[("rules/a.yml", WARNED)]);
    assert_eq!(check(&folder, &[]).0, 0);
    assert_eq!(check(&folder, &["--strict"]).0, 1);
    for (value, code) in [("1", 1), ("true", 1), ("0", 0), ("false", 0)] {
        let run = run(crosswalk(folder.path()).arg("check").env("CROSSWALK_STRICT", value));
        assert_eq!(run.0, code, "CROSSWALK_STRICT={value}: {}", run.2);
    }
    std::fs::write(folder.path().join("crosswalk.toml"), "strict = true\n").expect("written");
    assert_eq!(check(&folder, &[]).0, 1);
}

#[test]
fn what_cannot_be_run_ends_with_2() {
    let folder = folder(&[("rules/a.yml", FINE)]);
    for arguments in [
        &["check", "nowhere"][..],
        &["check", "--output-format", "xml"],
        &["check", "--config", "nowhere.toml"],
        &["check", "--frobnicate"],
        &["frobnicate"],
        &[],
    ] {
        let (code, stdout, stderr) = run(crosswalk(folder.path()).args(arguments));
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!stderr.trim().is_empty(), "{arguments:?}");
    }
    let (_, _, stderr) = check(&folder, &["nowhere"]);
    assert!(stderr.contains("nowhere"), "{stderr}");
}

#[test]
fn no_rules_folder_is_no_success() {
    let folder = folder(&[]);
    let (code, _, stderr) = check(&folder, &[]);
    assert_eq!(code, 2, "{stderr}");
}

#[test]
fn a_bad_configuration_is_shown_with_its_place() {
    let folder = folder(&[
        ("rules/a.yml", FINE),
        ("crosswalk.toml", "rules = [\"rules\"]\nstrikt = true\n"),
    ]);
    let (code, stdout, stderr) = check(&folder, &[]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with("error[bad-configuration]: unknown field `strikt`"), "{stderr}");
    assert!(stderr.contains("--> crosswalk.toml:2:1\n"), "{stderr}");
}

#[test]
fn the_configuration_of_a_folder_above_counts() {
    let folder = folder(&[
        ("crosswalk.toml", "rules = [\"detections\"]\n"),
        ("detections/a.yml", WRONG),
        ("docs/deep/note.txt", ""),
    ]);
    let (code, stdout, stderr) = run(crosswalk(&folder.path().join("docs/deep")).arg("check"));
    assert_eq!(code, 1, "{stderr}");
    assert!(stdout.contains("detections/a.yml:5:14"), "{stdout}");
    let (code, stdout, _) = check(&folder, &["--output-format=concise"]);
    assert_eq!(code, 1);
    assert!(stdout.starts_with("detections/a.yml:5:14: error[unknown-selection] "), "{stdout}");
}

/// The flag names `flag.toml`, the environment `env.toml`, and `crosswalk.toml` lies beside them;
/// each leads to rules of its own.
#[test]
fn the_flag_beats_the_environment_and_that_the_file() {
    let folder = folder(&[
        ("crosswalk.toml", "rules = [\"file\"]\n"),
        ("env.toml", "rules = [\"env\"]\n"),
        ("flag.toml", "rules = [\"flag\"]\n"),
        ("file/rule.yml", WRONG),
        ("env/rule.yml", WRONG),
        ("flag/rule.yml", WRONG),
    ]);
    let mut concise = crosswalk(folder.path());
    concise.args(["check", "--output-format", "concise"]);
    assert!(run(&mut concise).1.starts_with("file/rule.yml:"));
    concise.env("CROSSWALK_CONFIG", "env.toml");
    assert!(run(&mut concise).1.starts_with("env/rule.yml:"));
    concise.args(["--config", "flag.toml"]);
    assert!(run(&mut concise).1.starts_with("flag/rule.yml:"));
}

#[test]
fn the_output_format_of_the_flag_beats_that_of_the_environment() {
    let folder = folder(&[("rules/a.yml", WRONG)]);
    let mut command = crosswalk(folder.path());
    command.arg("check").env("CROSSWALK_OUTPUT_FORMAT", "json");
    assert!(run(&mut command).1.starts_with('['));
    command.args(["--output-format", "concise"]);
    assert!(run(&mut command).1.starts_with("rules/a.yml:5:14: error["));
}

#[test]
fn concise_output_is_one_line_a_finding() {
    let folder = folder(&[("rules/a.yml", WRONG), ("rules/b.yml", WARNED)]);
    let (_, stdout, _) = check(&folder, &["--output-format", "concise"]);
    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "rules/a.yml:5:14: error[unknown-selection] no selection is called `sell`",
            "rules/b.yml:5:3: warning[unused-selection] no condition uses the selection `other`",
        ]
    );
}

#[test]
fn json_output_has_places_that_programs_can_use() {
    let folder = folder(&[("rules/a.yml", WRONG)]);
    let (code, stdout, _) = check(&folder, &["--output-format", "json"]);
    assert_eq!(code, 1);
    let findings: Value = serde_json::from_str(&stdout).expect("JSON");
    let finding = &findings[0];
    assert_eq!(finding["code"], "unknown-selection");
    assert_eq!(finding["severity"], "error");
    assert_eq!(finding["help"], "did you mean `sel`?");
    assert_eq!(finding["place"]["file"], "rules/a.yml");
    assert_eq!(finding["place"]["start"]["line"], 5);
    assert_eq!(finding["place"]["start"]["column"], 14);
    assert_eq!(finding["place"]["end"]["column"], 18);
    let start = finding["place"]["start"]["offset"].as_u64().expect("an offset");
    assert_eq!(
        usize::try_from(start)
            .ok()
            .and_then(|at| WRONG.get(at..))
            .map(|rest| rest.starts_with("sell\n")),
        Some(true)
    );
}

#[test]
fn json_output_without_findings_is_an_empty_list() {
    let folder = folder(&[("rules/a.yml", FINE)]);
    assert_eq!(check(&folder, &["--output-format", "json"]).1, "[]\n");
}

#[test]
fn output_is_the_same_on_every_run() {
    let files: Vec<(String, &str)> =
        (0..30).map(|n| (format!("rules/{n}.yml"), [WRONG, WARNED, FINE][n % 3])).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let folder = folder(&files);
    let first = check(&folder, &[]);
    for _ in 0..5 {
        assert_eq!(check(&folder, &[]), first);
    }
}

#[test]
fn colour_is_for_those_who_want_it() {
    let folder = folder(&[("rules/a.yml", WRONG)]);
    let coloured = |name: &str, value: &str| {
        run(crosswalk(folder.path()).arg("check").env(name, value)).1.contains('\u{1b}')
    };
    assert!(!check(&folder, &[]).1.contains('\u{1b}'), "a pipe wants none");
    assert!(coloured("CLICOLOR_FORCE", "1"));
    assert!(!coloured("NO_COLOR", "1"));
}

#[test]
fn every_verb_explains_itself() {
    let folder = folder(&[]);
    let (code, stdout, _) = run(crosswalk(folder.path()).arg("--help"));
    assert_eq!(code, 0);
    let verbs: Vec<&str> = stdout
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.contains(&"check") && verbs.contains(&"schema"), "{verbs:?}");
    for verb in verbs.into_iter().filter(|verb| *verb != "help") {
        let (code, stdout, stderr) = run(crosswalk(folder.path()).args([verb, "--help"]));
        assert_eq!((code, stderr.as_str()), (0, ""), "{verb}");
        assert!(stdout.contains("Usage: crosswalk"), "{verb}: {stdout}");
        let first = stdout.lines().next().unwrap_or_default();
        assert!(first.len() > 15 && first.starts_with(char::is_uppercase), "{verb}: {first}");
        assert!(stdout.lines().all(|line| line.chars().count() <= 100), "{verb}: {stdout}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let folder = folder(&[]);
    let (code, stdout, _) = run(crosswalk(folder.path()).arg("--version"));
    assert_eq!((code, stdout), (0, format!("crosswalk {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_schema_is_printed_as_it_is_shipped() {
    let folder = folder(&[]);
    let (code, stdout, stderr) = run(crosswalk(folder.path()).arg("schema"));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, include_str!("../schemas/rule.schema.json"));
}

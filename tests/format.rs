//! `crosswalk fmt`: one way of writing a rule. Each folder of `tests/format` holds a rule as
//! somebody wrote it and the same rule formatted; `CROSSWALK_BLESS=1` writes the latter anew.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use crosswalk::format::format;
use crosswalk::source::{SourceFile, read_yaml, to_json};
use granit_parser::{Event, Parser};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn source(text: &str) -> Arc<SourceFile> {
    SourceFile::new("rule.yml", text)
}

/// The values of all documents; the order of keys is none in JSON objects that are compared.
fn values(text: &str) -> Vec<Value> {
    let (documents, errors) = read_yaml(text);
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    documents.iter().map(to_json).collect()
}

/// The texts of all comments, sorted.
fn comments(text: &str) -> Vec<String> {
    let mut comments: Vec<String> = Parser::new_from_str(text)
        .filter_map(|event| match event {
            Ok((Event::Comment(text, _), _)) => Some(text.trim_end_matches([' ', '\t']).to_owned()),
            _ => None,
        })
        .collect();
    comments.sort();
    comments
}

/// What must hold of every file that the formatter takes.
fn assert_good(name: &str, before: &str, after: &str) {
    assert_eq!(values(before), values(after), "{name}: another meaning");
    assert_eq!(comments(before), comments(after), "{name}: other comments");
    assert_eq!(format(&source(after)).as_deref().ok(), Some(after), "{name}: not settled");
}

#[test]
fn every_case_comes_out_as_expected() {
    let bless = std::env::var_os("CROSSWALK_BLESS").is_some();
    let mut cases = 0;
    for entry in fs::read_dir(root("tests/format")).expect("the folder of cases") {
        let case = entry.expect("an entry").path();
        if !case.is_dir() {
            continue;
        }
        let name = case.display().to_string();
        let source = SourceFile::read(&case.join("in.yml"), &name).expect("every case has in.yml");
        let actual = format(&source).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        // YAML takes all line ends alike; the comparison below does not.
        assert_good(&name, &source.text().replace("\r\n", "\n"), &actual);
        if bless {
            fs::write(case.join("out.yml"), &actual).expect("the expected text can be written");
        } else {
            let expected =
                fs::read_to_string(case.join("out.yml")).expect("every case has out.yml");
            assert_eq!(actual, expected, "{name}");
        }
        cases += 1;
    }
    assert!(cases > 5, "{cases} cases");
}

#[test]
fn our_own_rules_are_formatted() {
    for path in common::files(&root("rules"), "yml") {
        let name = path.display().to_string();
        let source = SourceFile::read(&path, &name).expect("readable");
        assert_eq!(format(&source).as_deref().ok(), Some(source.text()), "{name}");
    }
}

#[test]
fn public_rules_keep_their_meaning_and_their_comments() {
    let Some(folder) = common::corpus("sigma", "formatting all public Sigma rules") else { return };
    let files = common::files(&folder, "yml");
    for path in &files {
        let name = path.display().to_string();
        let source = SourceFile::read(path, &name).expect("readable");
        let after = format(&source).unwrap_or_else(|findings| panic!("{name}: {findings:?}"));
        assert_good(&name, source.text(), &after);
    }
    assert!(files.len() > 2500, "{} files", files.len());
}

#[test]
fn what_has_no_form_is_left_alone_with_the_reason() {
    for (text, code, words) in [
        ("a: &x 1\nb: 2\n", "not-formatted", "an anchor"),
        ("a: &x 1\nb: *x\n", "not-formatted", "an anchor"),
        ("a: !!str 1\n", "not-formatted", "a tag"),
        ("%YAML 1.2\n---\na: 1\n", "not-formatted", "a directive"),
        ("a: [\n", "yaml-syntax", "still open"),
        ("a: 1\na: 2\n", "duplicate-key", "twice"),
        ("[a]: 1\n", "complex-key", "must be a text"),
        ("<<: {a: 1}\n", "merge-key", "merge keys"),
    ] {
        let findings = format(&source(text)).expect_err(text);
        let found = findings.iter().map(|f| (f.code.name, f.message.as_str()));
        assert!(found.clone().any(|(own, _)| own == code), "{text}: {findings:?}");
        assert!(found.clone().any(|(_, own)| own.contains(words)), "{text}: {findings:?}");
    }
}

/// Pieces of which YAML is made.
const PIECES: &[&str] = &[
    "a",
    "b: ",
    "title: ",
    "detection:",
    "condition: ",
    "controls:",
    "- ",
    "-",
    "\n",
    "\n",
    "\n  ",
    "\n  ",
    "\n    ",
    "\n\n",
    " ",
    "# c",
    " # d",
    "'",
    "\"",
    "'x y'",
    "\"z\\n\"",
    "|",
    "|-",
    "|+",
    ">",
    ">-",
    ">2",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    ":",
    "? ",
    "---\n",
    "...\n",
    "&x ",
    "*x",
    "!t ",
    "%T\n",
    "~",
    "null",
    "'Yes'",
    "\"4\"",
    "\\",
    "\t",
    "\r\n",
    "\u{85}",
    "\u{feff}",
    "é",
    "😀",
    "-1",
    "::",
];

/// A small document that is right more often than pieces are.
fn document() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "a",
        "'b'",
        "\"c d\"",
        "'Yes'",
        "4",
        "\"4\"",
        "~",
        "",
        "[x, 'y']",
        "{k: 'v', l: }",
        "'a: b'",
        "'#'",
        "\"\\t\"",
        "a # note",
        "\"a\n\n          b\"",
        "|\n          one\n\n           two\n",
        ">-\n          one\n          two\n",
        "|+\n          kept\n\n",
        "[x, # in\n          y]",
    ]);
    let key =
        select(vec!["title", "'id'", "level", "x", "controls", "detection", "tests", "\"y\""]);
    let gap = select(vec!["", "", "\n", "# own\n", "\n# own\n\n", "      # deep\n", "   # odd\n"]);
    let entry = (gap, key, vec(leaf, 1..4), 0..4_usize).prop_map(|(gap, key, leaves, shape)| {
        let each = |pad: &str, head: &str| -> String {
            leaves.iter().map(|leaf| format!("{pad}{head}{leaf}\n")).collect()
        };
        match shape {
            0 => format!("{gap}{key}: {}\n", leaves[0]),
            1 => format!("{gap}{key}:\n{}", each("", "- ")),
            2 => format!("{gap}{key}: # behind\n{}", each("    ", "- ")),
            _ => format!("{gap}{key}:\n      # inner\n      m: {}\n   # less\n", leaves[0]),
        }
    });
    vec(entry, 1..6).prop_map(|entries| entries.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = format(&source(&text));
    }

    #[test]
    fn pieces_of_yaml_are_kept_or_left_alone(pieces in vec(select(PIECES), 0..24)) {
        let text = pieces.concat();
        if let Ok(after) = format(&source(&text)) {
            let before = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            assert_good("pieces", &before, &after);
        }
    }

    #[test]
    fn documents_are_formatted(text in document()) {
        // Keys may stand there twice; everything else is legal.
        match format(&source(&text)) {
            Ok(after) => assert_good("document", &text, &after),
            Err(findings) => {
                let twice = findings.iter().all(|finding| finding.code.name == "duplicate-key");
                prop_assert!(twice, "{}\n{:?}", text, findings);
            }
        }
    }
}

fn fmt(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_crosswalk"))
        .current_dir(folder)
        .arg("fmt")
        .args(arguments)
        .output()
        .expect("the binary runs")
}

#[test]
fn the_command_checks_shows_and_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rule.yml");
    fs::write(&path, "level: low\ntitle: 'x'\n").expect("written");
    fs::write(folder.path().join("good.yml"), "title: x\n").expect("written");

    let check = fmt(folder.path(), &["--check", "."]);
    assert_eq!(check.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&check.stdout), "rule.yml\n");

    let diff = fmt(folder.path(), &["--diff", "."]);
    assert_eq!(diff.status.code(), Some(1));
    let diff = String::from_utf8_lossy(&diff.stdout).into_owned();
    assert!(diff.starts_with("--- a/rule.yml\n+++ b/rule.yml\n@@ "), "{diff}");
    assert!(diff.contains("\n-title: 'x'\n"), "{diff}");
    assert_eq!(fs::read_to_string(&path).expect("there"), "level: low\ntitle: 'x'\n");

    let write = fmt(folder.path(), &["."]);
    assert_eq!(write.status.code(), Some(0));
    let said = String::from_utf8_lossy(&write.stderr).into_owned();
    assert_eq!(said, "formatted 1 file, 1 already formatted\n");
    assert_eq!(fs::read_to_string(&path).expect("there"), "title: x\nlevel: low\n");
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 2, "nothing else is left");
    assert_eq!(fmt(folder.path(), &["--check", "."]).status.code(), Some(0));
}

#[test]
fn broken_files_do_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yml"), "a: [\n").expect("written");
    fs::write(folder.path().join("b.yml"), b"\xff").expect("written");
    fs::write(folder.path().join("c.yml"), "title:   x\n").expect("written");
    let write = fmt(folder.path(), &["."]);
    assert_eq!(write.status.code(), Some(1));
    let said = String::from_utf8_lossy(&write.stderr).into_owned();
    assert!(said.contains("a.yml:1") && said.contains("b.yml"), "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("c.yml")).expect("there"), "title: x\n");
    assert_eq!(fs::read_to_string(folder.path().join("a.yml")).expect("there"), "a: [\n");
    assert_eq!(fmt(folder.path(), &["nowhere"]).status.code(), Some(2));
}

//! `new`: a rule that passes, with what the user said and an id of its own.

use crosswalk::rule::{Document, Rule, RuleFile};
use proptest::prelude::*;

use super::Folder;

const CLOUDTRAIL: &[&str] = &["--logsource", "aws/cloudtrail"];

fn new<'a>(path: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    [&["new", path], flags].concat()
}

fn rule(folder: &Folder, name: &str) -> Rule {
    let (file, findings) = RuleFile::parse(name, &folder.read(name));
    assert!(findings.is_empty(), "{findings:?}");
    match file.documents.into_iter().next() {
        Some(Document::Rule(rule)) => *rule,
        other => panic!("{name} holds no rule: {other:?}"),
    }
}

#[test]
fn a_new_rule_passes_check_and_build_in_a_new_repository() {
    let folder = Folder::repository();
    folder.passes(&new("rules/aws/iam/access_key_created.yml", CLOUDTRAIL));
    folder.passes(&new(
        "rules/windows/shell_started.yml",
        &["--logsource", "product=windows,category=process_creation"],
    ));
    folder.passes(&["check", "--strict"]);
    folder.passes(&["build"]);
    assert!(folder.path("dist/elastic/access_key_created.json").is_file());
}

#[test]
fn a_log_source_whose_fields_nobody_has_listed_is_said_aloud() {
    let folder = Folder::empty();
    for (name, source, words, meant) in [
        ("a", "aws/cloudtrial", "`aws/cloudtrial`", "Did you mean `aws/cloudtrail`?"),
        ("b", "product=windows,category=ps_script", "`category=ps_script,product=windows`", "it."),
    ] {
        let (code, _, err) = folder.run(&["new", name, "--logsource", source]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains(&format!("no field catalogue knows {words}")), "{err}");
        assert!(err.trim_end().ends_with(meant), "{err}");
    }
    let (_, _, err) = folder.run(&new("c", CLOUDTRAIL));
    assert!(!err.contains("catalogue"), "{err}");
}

#[test]
fn the_rule_says_what_the_flags_say() {
    let folder = Folder::empty();
    let flags = ["--title", "Keys: \"new\" # ones", "--level", "critical", "--author", "Ann, @ID@"];
    folder.passes(&new("x.yml", &[CLOUDTRAIL, &flags[..]].concat()));
    let rule = rule(&folder, "x.yml");
    assert_eq!(rule.header.title, "Keys: \"new\" # ones");
    assert_eq!(rule.header.author.as_deref(), Some("Ann, @ID@"));
    assert_eq!(rule.header.level.map(|level| level.value.word()), Some("critical"));
}

#[test]
fn title_and_extension_come_from_the_name_and_ids_are_fresh() {
    let folder = Folder::empty();
    folder.passes(&new("key_created", CLOUDTRAIL));
    folder.passes(&new("key_deleted.yaml", CLOUDTRAIL));
    let (first, second) = (rule(&folder, "key_created.yml"), rule(&folder, "key_deleted.yaml"));
    assert_eq!(first.header.title, "Key created");
    let id = |rule: &Rule| rule.header.id.as_ref().map(|id| id.value);
    assert_ne!(id(&first), id(&second));
    assert_eq!(id(&first).map(|id| id.get_version_num()), Some(4));
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
    let folder = Folder::empty();
    folder.write("x.yml", "mine");
    let (code, _, err) = folder.run(&new("x", CLOUDTRAIL));
    assert_eq!(code, 2);
    assert!(err.contains("`x.yml` is there already"), "{err}");
    assert_eq!(folder.read("x.yml"), "mine");
}

#[test]
fn without_a_terminal_what_is_needed_is_named() {
    let folder = Folder::empty();
    let (code, _, err) = folder.run(&["new", "x.yml"]);
    assert_eq!(code, 2);
    assert_eq!(err, "error: --logsource is needed where nobody can be asked\n");
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[test]
fn arguments_that_make_no_rule_write_nothing() {
    let folder = Folder::empty();
    let long = "x".repeat(300);
    let cases: [(&[&str], &str); 6] = [
        (&["new", "x.txt", "--logsource", "a/b"], "should end in `.yml`"),
        (&["new", ".", "--logsource", "a/b"], "is a folder"),
        (&["new", "x.yml", "--logsource", "aws"], "is no log source"),
        (&["new", "x.yml", "--logsource", "a/b", "--level", "urgent"], "is no level"),
        (&["new", "x.yml", "--logsource", "a/b", "--title", &long], "bad-length"),
        (&["new", "x.yml", "--logsource", "a/b", "--title", ""], "nothing was written"),
    ];
    for (arguments, words) in cases {
        let (code, _, err) = folder.run(arguments);
        assert_eq!(code, 2, "{arguments:?}\n{err}");
        assert!(err.contains(words), "{arguments:?}\n{err}");
        assert_eq!(folder.files(), Vec::<String>::new(), "{arguments:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// A title is text: whatever it holds, the rule has this title or is not written.
    #[test]
    fn any_title_comes_back_or_is_refused(title in "[^\0]{0,40}") {
        let folder = Folder::empty();
        let flag = format!("--title={title}");
        let (code, _, err) = folder.run(&new("x.yml", &["--logsource=a/b", &flag]));
        if code == 0 {
            prop_assert_eq!(rule(&folder, "x.yml").header.title, title);
        } else {
            prop_assert_eq!(code, 2, "{}", err);
            prop_assert_eq!(folder.files(), Vec::<String>::new());
        }
    }
}

//! Files that mean harm, or none at all: reading, checking and rendering never panic, and what
//! they cost is bounded whatever a file of the allowed size holds.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use crosswalk::check::{Choice, Report, reader_codes};
use crosswalk::diagnostic::{Counts, Finding, render};
use crosswalk::rule::unreadable;
use crosswalk::source::{MAX_FILE_BYTES, SourceFile, discover};
use proptest::prelude::*;

/// Reads, checks, repairs and renders a file, and holds what is true of any output.
fn survive(bytes: Vec<u8>) -> Vec<Finding> {
    let findings = match SourceFile::from_bytes("rule.yml", bytes) {
        Ok(source) => {
            let choice = Choice::default();
            let findings = Report::of(&[Arc::clone(&source)], &choice).findings;
            if findings.iter().any(|finding| finding.fix.is_some()) {
                let fixed = Report::fixed(vec![source], &choice);
                let errors = |findings| Counts::of(findings).errors;
                assert!(errors(&fixed.report.findings) <= errors(&findings));
            }
            findings
        }
        Err(error) => vec![unreadable(&error)],
    };
    let human = render::human(&findings, false);
    assert!(human.chars().all(|c| c == '\n' || !c.is_control()), "{human:?}");
    assert!(render::human(&findings, true).len() >= human.len());
    assert_eq!(render::concise(&findings).lines().count(), findings.len());
    assert_eq!(render::json(&findings).as_array().map(Vec::len), Some(findings.len()));
    for place in findings.iter().filter_map(|finding| finding.place.as_ref()) {
        let text = place.source.text();
        assert!(text.get(place.span.start..place.span.end).is_some(), "{:?}", place.span);
    }
    findings
}

/// The codes that the reader raises for a text, each once.
fn codes(text: impl Into<Vec<u8>>) -> Vec<&'static str> {
    let said_by_reader = reader_codes();
    let findings = survive(text.into());
    let read = findings.iter().map(|one| one.code).filter(|code| said_by_reader.contains(code));
    let mut codes: Vec<_> = read.map(|code| code.name).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A rule with this `detection:` section.
fn rule(detection: &str) -> String {
    format!("title: x\nlogsource: {{product: aws}}\ndetection:\n{detection}")
}

/// A rule with one item.
fn item(item: &str) -> String {
    rule(&format!("  sel:\n    {item}\n  condition: sel\n"))
}

/// A rule with one selection `sel` and a condition.
fn condition(condition: &str) -> String {
    rule(&format!("  sel: {{a: b}}\n  condition: {condition}\n"))
}

/// Pieces for the numbers below a bound, put together.
fn many(bound: usize, piece: impl Fn(usize) -> String) -> String {
    (0..bound).map(piece).collect()
}

#[test]
fn files_may_be_as_large_as_the_limit_and_no_larger() {
    let start = "title: ";
    let fits = format!("{start}{}", "x".repeat(MAX_FILE_BYTES - start.len()));
    assert_eq!(codes(fits.clone()), ["bad-length", "missing-field"]);
    assert_eq!(codes(fits + "x"), ["unreadable-file"]);
}

#[test]
fn endless_nesting_ends() {
    for open in ["[", "{a: ", "- ", "? "] {
        assert_eq!(codes(open.repeat(100_000)), ["yaml-limit"], "{open}");
    }
    assert_eq!(codes(many(200, |depth| format!("{}a:\n", " ".repeat(depth)))), ["yaml-limit"]);
    assert_eq!(codes(condition(&"(".repeat(100_000))), ["query-limit"]);
    assert_eq!(codes(condition(&format!("{}sel", "not ".repeat(100_000)))), ["query-limit"]);
    assert_eq!(codes(item(&format!("a|re: '{}'", "(".repeat(100_000)))), ["invalid-regex"]);
}

#[test]
fn aliases_cannot_multiply() {
    let copies = format!("x: &a [{}]\ny: [{}]\n", "b,".repeat(1000), "*a,".repeat(2_000));
    assert_eq!(codes(format!("title: x\n{copies}")), ["yaml-limit"]);
    let unfinished = "title: x\nlogsource: &a {product: *a}\n";
    assert_eq!(codes(unfinished), ["missing-field", "wrong-type", "yaml-syntax"]);
}

#[test]
fn few_bytes_cannot_make_many_tests() {
    let values = |key: &str, value: &str| {
        rule(&format!(
            "  sel:\n    {key}:\n{}  condition: sel\n",
            format!("    - {value}\n").repeat(5000)
        ))
    };
    // The limit, and one value 5,000 times.
    let limits = ["query-limit", "too-many-findings"];
    assert_eq!(codes(values("a|windash|base64offset", "-a -b -c")), limits);
    assert_eq!(codes(values("a|re", "a+")), limits);
    let list = "    - b\n".repeat(5000);
    let thrice = format!("  sel:\n    a:\n{list}  condition: {}sel\n", "1 of them or ".repeat(100));
    assert_eq!(codes(rule(&thrice)), limits);
    let selections = many(2000, |n| format!("  s{n}: {{a: b}}\n"));
    let patterns = many(2000, |n| format!("1 of n{n}* or "));
    let thorough = rule(&format!("{selections}  condition: {patterns} s1\n"));
    let found = codes(thorough);
    assert_eq!(found, ["query-limit", "too-many-findings", "unknown-selection"]);
}

#[test]
fn one_value_cannot_make_many_alternatives() {
    for value in [
        "-a ".repeat(100_000),
        format!("-a -b -c {}", "x".repeat(1_000_000)),
        format!("-a -b {}", "?".repeat(1_000_000)),
    ] {
        assert_eq!(codes(item(&format!("a|windash: '{value}'"))), ["expansion-limit"]);
    }
    assert_eq!(codes(item(r"a|re: '(\w{1000}){1000}'")), ["invalid-regex"]);
}

#[test]
fn a_thousand_findings_are_enough() {
    let text = format!("title: x\n{}", "a: 1\n".repeat(5000));
    let findings = survive(text.into_bytes());
    assert_eq!(findings.len(), 1001);
    let last = findings.last().map(|finding| finding.message.as_str());
    // The key is repeated 4,999 times, and two keys are missing.
    assert_eq!(last, Some("4001 more findings in this file are left out"));
    let names = many(3000, |n| format!("r{n},"));
    let correlation = format!(
        "title: x\ncorrelation: {{type: temporal, rules: [{names}], timespan: 5m, group-by: [a]}}"
    );
    let missing = survive(correlation.into_bytes());
    assert_eq!(missing.iter().filter(|one| one.code.name == "unknown-rule").count(), 101);
}

#[test]
fn checks_of_long_lists_and_texts_end() {
    let start = rule("  sel: {a: b}\n  condition: sel\n");
    for (key, member) in [
        ("tags", "attack.impact"),
        ("tags", "attack.defense-evasion"),
        ("tags", "attack.t1078.004"),
        ("controls", "cis-aws-foundations@5.0.0/4.10"),
        ("references", "x"),
    ] {
        survive(format!("{start}{key}:\n{}", format!("- {member}\n").repeat(2_000)).into_bytes());
        let other = many(2_000, |n| format!("- {member}{n}\n"));
        survive(format!("{start}{key}:\n{other}").into_bytes());
    }
    for piece in ["[a][b]", "{{", "{{a.b}} ", "[a][b] [", "](", "{{@a"] {
        survive(format!("{start}triage: |\n  {}\n", piece.repeat(2_000)).into_bytes());
    }
}

#[test]
fn comments_that_allow_are_bounded() {
    for words in ["allow duplicate-tag why", "allow nothing", "allow missing-id why"] {
        let comments = format!("# crosswalk: {words}\n").repeat(2_000);
        let rule = rule("  sel: {a: b}\n  condition: sel\n");
        survive(format!("{comments}{rule}").into_bytes());
        survive(format!("{rule}{comments}").into_bytes());
    }
}

#[test]
fn long_words_are_not_compared_letter_by_letter() {
    let (name, other) = ("a".repeat(500_000), "b".repeat(500_000));
    let text = rule(&format!("  ? {name}\n  : {{a: b}}\n  condition: {other}\n"));
    assert_eq!(codes(text), ["unknown-selection"]);
}

/// The texts of the shipped rules.
static RULES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let (found, _) = discover(&[root], &["yml"]);
    found.iter().map(|found| std::fs::read_to_string(&found.path).expect("a rule")).collect()
});

/// What slips of the finger, broken tools and bad intentions put into YAML.
const TOKENS: &[&str] = &[
    "[",
    "]",
    "{",
    "}",
    "*",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    ": ",
    "- ",
    "|",
    ">",
    "'",
    "\"",
    "#",
    "\t",
    "\n",
    "\r\n",
    "---\n",
    "...\n",
    "!!str ",
    "%",
    "@",
    "`",
    "\\",
    "\u{feff}",
    "\u{0}",
    "\u{1b}[31m",
    "é",
    "\u{202e}",
    "null",
    "~",
    "true",
    "4.10",
    "-1",
    "99999999999999999999",
    "1e999",
    "|re",
    "|contains|all",
    "|cidr",
    "|base64offset",
    "|windash",
    "condition: ",
    "1 of ",
    "not ",
    "(",
    ")",
];

/// One edit of a text; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Edit {
    Insert(usize, usize),
    RemoveChars(usize, usize),
    RemoveLine(usize),
    RepeatLine(usize, usize),
    Indent(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let any = any::<usize>;
    prop_oneof![
        4 => (any(), any()).prop_map(|(at, token)| Edit::Insert(at, token)),
        2 => (any(), 1..30usize).prop_map(|(at, count)| Edit::RemoveChars(at, count)),
        1 => any().prop_map(Edit::RemoveLine),
        1 => (any(), any()).prop_map(|(from, to)| Edit::RepeatLine(from, to)),
        1 => any().prop_map(Edit::Indent),
    ]
}

fn edited(text: &str, edit: &Edit) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if chars.is_empty() || lines.is_empty() {
        return text.to_owned();
    }
    match *edit {
        Edit::Insert(at, token) => {
            let at = at % chars.len();
            chars.splice(at..at, TOKENS[token % TOKENS.len()].chars());
            return chars.into_iter().collect();
        }
        Edit::RemoveChars(at, count) => {
            let at = at % chars.len();
            chars.drain(at..(at + count).min(chars.len()));
            return chars.into_iter().collect();
        }
        Edit::RemoveLine(at) => {
            lines.remove(at % lines.len());
        }
        Edit::RepeatLine(from, to) => {
            let line = lines[from % lines.len()].clone();
            lines.insert(to % lines.len(), line);
        }
        Edit::Indent(at) => {
            let at = at % lines.len();
            lines[at].insert(0, ' ');
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        survive(bytes);
    }

    #[test]
    fn any_comment_is_survived(words in "[ a-z#:-]{0,40}", before in "[ -]{0,4}") {
        let rule = rule("  sel: {a: b}\n  condition: sel\n");
        survive(format!("{before}# crosswalk: {words}\n{rule}{before}# crosswalk:{words}").into_bytes());
    }

    #[test]
    fn any_text_for_people_is_survived(text in "[{}@#/^a.A \\n\\[\\]():]{0,60}") {
        let text = serde_json::to_string(&text).expect("a text");
        let rule = rule("  sel: {a: b}\n  condition: sel\n");
        survive(format!("{rule}triage: {text}\ndescription: {text}\n").into_bytes());
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(text.into_bytes());
    }

    #[test]
    fn any_tokens_are_survived(tokens in proptest::collection::vec(0..TOKENS.len(), 0..40)) {
        let text: String = tokens.into_iter().map(|token| TOKENS[token]).collect();
        survive(text.clone().into_bytes());
        survive(condition(&text).into_bytes());
        survive(item(&text).into_bytes());
        survive(item(&format!("a{text}: b")).into_bytes());
    }

    #[test]
    fn broken_rules_are_survived(
        which in any::<usize>(),
        edits in proptest::collection::vec(edit(), 1..6),
    ) {
        let rule = &RULES[which % RULES.len()];
        let text = edits.iter().fold(rule.clone(), |text, edit| edited(&text, edit));
        survive(text.into_bytes());
    }
}

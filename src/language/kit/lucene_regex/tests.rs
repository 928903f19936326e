//! Expressions there and back, and what each dialect refuses.

use proptest::prelude::*;

use super::{from_lucene, to_lucene, to_patterns};
use crate::query::{Case, Ledger, Regex};

fn lucene(source: &str, flags: &str) -> Result<(String, bool), String> {
    let regex = Regex::new(source, flags).expect(source);
    let done = to_lucene(&regex).map_err(|refusal| refusal.0)?;
    Ok((done.source, done.insensitive))
}

#[test]
fn a_search_becomes_a_match_of_the_whole_text() {
    for (source, flags, expected, insensitive) in [
        ("abc", "", ".*abc.*", false),
        ("abc", "i", ".*abc.*", true),
        ("(?i)abc", "", ".*abc.*", true),
        ("^abc$", "", "abc", false),
        (r"\Aabc\z", "", "abc", false),
        ("^abc", "", "abc.*", false),
        ("^a|b$|c", "", "a.*|.*b|.*c.*", false),
        ("^(?:a|b)", "", "(a|b).*", false),
        (r"(^|/)x", "", "(()|.*/)x.*", false),
        ("^a$", "m", r"(.*N)?a(N.*)?", false),
        ("a.b", "", ".*a[^N]b.*", false),
        ("a.*b", "s", ".*a.*b.*", false),
        ("^.*a.*$", "s", ".*a.*", false),
        (r"^\d+\.\w*\S$", "", "[0-9]+\\.[0-9A-Z_a-z]*[^T-R ]", false),
        ("^a+?b*?c{2,}?d{1,3}e{4}$", "", "a+b*c{2,}d{1,3}e{4}", false),
        ("^(?P<n>ab)+$", "", "(ab)+", false),
        (r"^a\$\^b$", "", r"a\$\^b", false),
        (r#"^a"b<c>@#&~-$"#, "", r##"a\"b\<c\>\@\#\&\~-"##, false),
        ("^[^]a-c-]$", "", r"[^\-\]a-c]", false),
        ("^[[:alpha:][:digit:]]$", "", "[0-9A-Za-z]", false),
        (r"^[\s\S]$", "", ".", false),
        (r"^[^\W_]$", "", "[0-9A-Za-z]", false),
        (r"^\x41\u0042\x{43}$", "", "ABC", false),
        ("^a(?i)b$", "", "a[Bb]", false),
        ("^(?i:[a-c])x$", "", "[A-Ca-c]x", false),
        ("^[a-c]x$", "i", "[A-Ca-c]x", true),
        ("^é$", "i", "[Éé]", false),
        ("^a{b$", "", r"a\{b", false),
        ("", "", ".*", false),
        ("^$", "", "()", false),
    ] {
        // Control characters stand in the expression as they are.
        let expected = match expected {
            "[0-9]+\\.[0-9A-Z_a-z]*[^T-R ]" => expected.replace('T', "\t").replace('R', "\r"),
            other => other.replace('N', "\n"),
        };
        assert_eq!(lucene(source, flags), Ok((expected, insensitive)), "{source} {flags}");
    }
}

#[test]
fn a_boundary_is_told_by_the_characters_around_it() {
    for (source, expected) in [
        (r"\bfoo", "(.*[^0-9A-Z_a-z])?foo.*".to_owned()),
        (r"foo\b", ".*foo([^0-9A-Z_a-z].*)?".into()),
        (r"\bfoo\b", "(.*[^0-9A-Z_a-z])?foo([^0-9A-Z_a-z].*)?".into()),
        (r"^\bfoo", "foo.*".into()),
        (r"foo\b-x", ".*foo-x.*".into()),
        (r"\B\.", "(.*[^0-9A-Z_a-z])?\\..*".into()),
        (r"-(a|\b)b", ".*-(ab|b).*".into()),
        (r"a(\b|x)", ".*a([^0-9A-Z_a-z].*|x.*)?".into()),
        (r"(?:[1-9](?:\.|\b)){2}", ".*[1-9]\\.[1-9](\\..*|[^0-9A-Z_a-z].*)?".into()),
    ] {
        assert_eq!(lucene(source, "").map(|done| done.0), Ok(expected), "{source}");
    }
}

#[test]
fn what_lucene_cannot_say_is_refused_by_name() {
    for (source, reason) in [
        (r"\b(a\b.?)*", "a word boundary (`\\b`) in a long or endless repetition"),
        (r"(a*)*\bx", "a word boundary (`\\b`) beside a repetition of what may be empty"),
        (r"a\bc", "a word boundary (`\\b`) where no text can have one"),
        (r"\b{start}a", "a boundary on one side of a word"),
        (r"(a)\1", "a back-reference"),
        ("(?=a)b", "a look-ahead"),
        ("(?<!a)b", "a look-behind"),
        ("(?>a)b", "an atomic group"),
        ("a++b", "a possessive quantifier"),
        ("a^b", "an anchor (`^` or `$`) that is not at an end of the expression"),
        ("(a$)+", "an anchor (`^` or `$`) that is not at an end of the expression"),
        (r"\p{L}", "a class of Unicode characters (`\\p`)"),
        ("[a-z&&[^b]]", "an operation on classes"),
        ("[a[b]]", "a class inside a class"),
        ("(?x)a b", "the flag `x`"),
    ] {
        assert_eq!(lucene(source, ""), Err(reason.into()), "{source}");
    }
    let long = "a".repeat(2000);
    assert!(lucene(&long, "").is_err_and(|reason| reason.contains("1000")));
}

#[test]
fn an_expression_of_lucene_is_anchored_unless_it_is_open() {
    for (text, insensitive, source, flags) in [
        ("abc", false, "^abc$", ""),
        ("abc", true, "^abc$", "i"),
        (".*abc.*", false, "abc", ""),
        ("@abc@", false, "abc", ""),
        ("a@b", false, "^a.*b$", "s"),
        ("a.*", false, "^a", ""),
        (".*a", false, "a$", ""),
        ("a|b", false, "^(?:a|b)$", ""),
        (".*(a|b).*", false, "a|b", ""),
        ("a.b", false, "^a.b$", "s"),
        (r#""a.b"c"#, false, r"^a\.bc$", ""),
        ("[^a-c]", false, "^[^a-c]$", ""),
        ("[ab]", true, "^[ABab]$", ""),
        (r"\d\.$", false, r"^[0-9]\.\$$", ""),
        ("a()b", false, "^ab$", ""),
        ("", false, "^$", ""),
    ] {
        let read = from_lucene(text, insensitive).expect(text);
        assert_eq!((read.regex.source(), read.regex.flags()), (source, flags), "{text}");
    }
}

#[test]
fn simple_expressions_are_patterns() {
    for (text, pattern) in
        [("abc", Some("abc")), ("a.*b.", Some("a*b?")), (".*", Some("*")), ("a+", None)]
    {
        let read = from_lucene(text, false).expect(text).pattern;
        assert_eq!(read.map(|pattern| pattern.to_string()).as_deref(), pattern, "{text}");
    }
    assert!(from_lucene("[a-z]", true).expect("regex").folds_ranges);
    assert!(!from_lucene("[a-zA-Z]", true).expect("regex").folds_ranges);
    assert!(!from_lucene("[ab]", true).expect("regex").folds_ranges);
}

#[test]
fn what_is_no_expression_of_lucene_is_refused_by_name() {
    for (text, part) in [
        ("a~b", "complement"),
        ("a&b", "intersection"),
        ("#", "empty language"),
        ("<1-9>", "range of numbers"),
        ("(?i)a", "a group with a flag"),
        (r"a\b", "the escape `\\b`"),
        ("*a", "a quantifier"),
        ("a|", "an alternative"),
        ("(a", "not closed"),
        ("a)", "closes nothing"),
        ("[]", "an empty class"),
        ("[a", "not closed"),
        ("[b-a]", "a range"),
        ("\"a", "not closed"),
        ("a****", "a run of quantifiers"),
    ] {
        let refusal = from_lucene(text, false).expect_err(text);
        assert!(refusal.0.contains(part), "{text}: {refusal}");
    }
    let deep = "(".repeat(100_000);
    assert!(from_lucene(&deep, false).is_err_and(|refusal| refusal.0.contains("nesting")));
}

/// Expressions of ours that have a counterpart.
fn expression() -> impl Strategy<Value = String> {
    let atom = prop::sample::select(vec![
        "a", "B", "é", ".", r"\.", "[ab]", "[^a]", r"\d", "[a-c1]", r"\S", "-", "\\n", "(?i:b)",
        r"[\D]", r"\x2d",
    ])
    .prop_map(str::to_owned);
    let inner = atom.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.concat()),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(?:{a}|{b})")),
            (inner, prop::sample::select(vec!["*", "+", "?", "{2}", "{0,2}", "+?"]))
                .prop_map(|(inner, sign)| format!("({inner}){sign}")),
        ]
    });
    (any::<bool>(), inner, any::<bool>()).prop_map(|(start, inner, end)| {
        format!("{}{inner}{}", if start { "^" } else { "" }, if end { "$" } else { "" })
    })
}

proptest! {
    #[test]
    fn there_and_back_finds_the_same(
        source in expression(),
        flags in prop::sample::select(vec!["", "i", "s", "m", "ims"]),
        texts in prop::collection::vec("[aAbBcéÉ1.\\-\n ]{0,8}", 1..12),
    ) {
        let regex = Regex::new(&source, flags).expect("a regular expression");
        let there = to_lucene(&regex);
        prop_assume!(there.is_ok());
        let there = there.expect("checked");
        let back = from_lucene(&there.source, there.insensitive).expect("Lucene's dialect");
        prop_assert!(!back.folds_ranges, "{}", there.source);
        for text in texts {
            prop_assert_eq!(
                regex.is_match(&text),
                back.regex.is_match(&text),
                "/{}/{} as /{}/ and {:?} on {:?}", source, flags, there.source, back.regex, text
            );
            if let Some(pattern) = &back.pattern {
                prop_assert_eq!(regex.is_match(&text), pattern.matches(&text, there.insensitive));
            }
        }
        let again = to_lucene(&back.regex).expect("has come from there");
        prop_assert_eq!(from_lucene(&again.source, again.insensitive), Ok(back));
    }

    #[test]
    fn boundaries_stand_where_they_stood(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                r"\b", r"\b", r"\B", "a", "-", ".", "a?", "[a.]+", ".*", r"(\b|-)", r"(a\b|-)?", r"(a\b.?){1,3}",
                r"\W", "(a|-a)*", ".{2}", "^", "$",
            ]),
            1..6,
        ),
        texts in prop::collection::vec("[aA_.\\-]{0,7}", 1..16),
    ) {
        let regex = Regex::new(&parts.concat(), "s").expect("a regular expression");
        let there = to_lucene(&regex);
        prop_assume!(there.is_ok());
        let there = there.expect("checked");
        let back = from_lucene(&there.source, false).expect("Lucene's dialect");
        for text in texts {
            prop_assert_eq!(
                regex.is_match(&text),
                back.regex.is_match(&text),
                "{:?} as /{}/ on {:?}", regex, there.source, text
            );
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), signs in "[a\\[\\](){}|*+?.~\\\\\"^-]{0,12}") {
        let _ = from_lucene(&text, false);
        if let Ok(read) = from_lucene(&signs, true) {
            prop_assert!(to_lucene(&read.regex).is_ok(), "{signs}");
        }
        if let Ok(regex) = Regex::new(&signs, "") {
            let _ = to_lucene(&regex);
        }
    }
}

/// The patterns of an expression, with their case rule and the assumptions that they lean on.
fn patterns(source: &str, flags: &str) -> Result<(String, bool, Vec<&'static str>), String> {
    let regex = Regex::new(source, flags).expect(source);
    let found = to_patterns(&regex).map_err(|refusal| refusal.0)?;
    let mut ledger = Ledger::default();
    found.assume(None, &mut ledger);
    let assumed = ledger.close(()).expect("nothing is refused").assumptions;
    let texts: Vec<String> = found.patterns.iter().map(ToString::to_string).collect();
    let codes = assumed.iter().map(|assumption| assumption.code).collect();
    Ok((texts.join(" "), found.case == Case::Insensitive, codes))
}

#[test]
fn simple_expressions_become_patterns() {
    for (source, flags, expected, any_case, codes) in [
        ("abc", "", "*abc*", false, vec![]),
        ("abc", "i", "*abc*", true, vec![]),
        ("(?i)Run(32)?$", "", "*run *run32", true, vec![]),
        ("^a|b$", "", "a* *b", false, vec![]),
        ("https?://x", "", "*http://x* *https://x*", false, vec![]),
        ("^[Cc]:", "", "C:* c:*", false, vec![]),
        ("^[Cc]:", "i", "C:* c:*", false, vec![]),
        ("a(?i)k$", "", "*aK *ak", false, vec!["plain-letters"]),
        ("a.b", "s", "*a?b*", false, vec![]),
        ("a.b", "", "*a?b*", false, vec!["one-line"]),
        ("^a.*b$", "", "a*b", false, vec!["one-line"]),
        ("^a.{1,2}b$", "s", "a?b a??b", false, vec![]),
        // What stands beside a run need not be repeated, and lines need not be thought of.
        (".*a.*", "", "*a*", false, vec![]),
        (
            r"a\d+",
            "",
            "*a0* *a1* *a2* *a3* *a4* *a5* *a6* *a7* *a8* *a9*",
            false,
            vec!["ascii-classes"],
        ),
        ("a+b", "", "*ab*", false, vec![]),
        ("x?a{2,}.*c+b", "s", "*aa*cb*", false, vec![]),
        (r"a\*\?", "", r"*a\*\?*", false, vec![]),
        ("a|ab", "", "*a*", false, vec![]),
        ("", "", "*", false, vec![]),
        ("^$", "", "", false, vec![]),
    ] {
        assert_eq!(patterns(source, flags), Ok((expected.into(), any_case, codes)), "{source}");
    }
}

#[test]
fn what_no_pattern_says_is_refused_by_name() {
    for (source, reason) in [
        (r"a\d+b", "a repetition without end of something other than `.`"),
        ("a[^b]", "a class of more than 128 characters"),
        (r"^\d{3}$", "alternatives that make more than 128 patterns"),
        ("^a{9999}{9}", "repetitions that make patterns of more than 16384 signs"),
        (r"\bword", "a word boundary"),
        ("a^b", "an anchor (`^` or `$`) that is not at an end of the expression"),
    ] {
        assert_eq!(patterns(source, ""), Err(reason.into()), "{source}");
    }
}

/// Expressions of the kind that patterns can say, over few letters.
fn simple() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec!["a", "b", "A", ".", "[ab]", ".*", "(?i:a)", "k"]);
    let inner = leaf.prop_map(str::to_owned).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|all| format!("(?:{})", all.join("|"))),
            (inner, proptest::sample::select(vec!["?", "*", "+", "{2}", "{1,2}"]))
                .prop_map(|(node, sign)| format!("(?:{node}){sign}")),
        ]
    });
    let anchor = |sign: &'static str| proptest::sample::select(vec!["", sign]);
    (anchor("^"), inner, anchor("$"))
        .prop_map(|(start, inner, end)| format!("{start}(?:{inner}){end}"))
}

proptest! {
    /// Texts without line feeds match a pattern exactly if the expression is found in them, and
    /// others too unless that was assumed.
    #[test]
    fn patterns_say_what_their_expression_says(
        source in simple(),
        flags in proptest::sample::select(vec!["", "i", "s"]),
        text in "[abAk]{0,6}\n?[ab]{0,2}",
    ) {
        let regex = Regex::new(&source, flags).expect("it compiles");
        if let Ok(found) = to_patterns(&regex) {
            let folded = found.case == Case::Insensitive;
            let matched = found.patterns.iter().any(|pattern| pattern.matches(&text, folded));
            let (_, _, codes) = patterns(&source, flags).expect("it was found");
            if !(text.contains('\n') && codes.contains(&"one-line")) {
                prop_assert_eq!(matched, regex.is_match(&text), "{} on {:?}", source, text);
            }
        }
    }
}

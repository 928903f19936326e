//! Automata against the evaluator: a text is accepted by one exactly if it satisfies the operator.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::{Accepted, Search, Searched};
use crate::proof::limits::Limit;
use crate::query::{Case, Cidr, Op, Part, Pattern, Regex, fold};

/// What texts and patterns are made of: letters with odd cases, blanks, line ends, digits.
const PIECES: &[&str] = &[
    "a", "A", "b", "K", "k", "\u{212a}", "s", "ſ", "ß", "ẞ", "İ", "ı", "i", "I", "µ", "Μ", "σ",
    "ς", "é", "É", " ", "\n", "-", "_", "1", "10", ".", "\\", "ǆ", "ǅ",
];

/// Expressions with what engines differ in.
const SOURCES: &[&str] = &[
    "^a",
    "a$",
    "^$",
    r"\ba\b",
    r"\Ba",
    "(?i)k",
    "(?i)s+",
    "[^a-k]",
    r"^\w+$",
    r"^\d*$",
    r"\s",
    "a.b",
    "(?s)a.b",
    "(?m)^a$",
    "(a|b)*1",
    "a{2,3}",
    "(?:a|)b?",
    "[[:alpha:]]",
    r"\p{Lu}",
    "^(a*)*$",
    "i",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat())
}

fn op() -> impl Strategy<Value = Op> {
    let part = prop_oneof![
        4 => select(PIECES).prop_map(|text| Part::Literal(text.to_owned())),
        2 => Just(Part::Any),
        1 => Just(Part::One),
    ];
    let pattern = vec(part, 0..5).prop_map(Pattern::from_iter);
    let case = select(&[Case::Sensitive, Case::Insensitive]);
    let regex = (select(SOURCES), select(&["", "i"]))
        .prop_map(|(source, flags)| Op::Regex(Regex::new(source, flags).expect("an expression")));
    let words = vec(select(&["a", "k", "i", "10", "ß"]), 0..3)
        .prop_map(|words| Op::Words(words.into_iter().map(str::to_owned).collect()));
    prop_oneof![
        (pattern, case).prop_map(|(pattern, case)| Op::Matches { pattern, case }),
        regex,
        words,
        Just(Op::Exists),
    ]
}

/// Whether an automaton accepts a text, by a search among the texts that are this one.
fn accepts(own: &Accepted, text: &str) -> bool {
    let this = Op::Matches { pattern: Pattern::literal(text), case: Case::Sensitive };
    let this = Accepted::by(&this).expect("an automaton");
    let both = Search { all: vec![own, &this], none: vec![], states: 1_000 };
    let but = Search { all: vec![&this], none: vec![own], states: 1_000 };
    let found = both.run(&mut |_| true, &mut 1_000_000);
    let shut = but.run(&mut |_| true, &mut 1_000_000);
    assert_eq!(found == Searched::Text(text.to_owned()), shut == Searched::Empty(vec![0]));
    assert_ne!(found == Searched::Empty(vec![]), shut == Searched::Empty(vec![0]));
    found == Searched::Text(text.to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_within_accepts_less(a in op(), b in op(), text in text()) {
        let (Ok(own), Ok(other)) = (Accepted::by(&a), Accepted::by(&b)) else { return Ok(()) };
        prop_assert!(own.nfa.looks || own.is_within(&own));
        if own.is_within(&other) {
            let but = Search { all: vec![&own], none: vec![&other], states: 1_000 };
            let found = but.run(&mut |_| true, &mut 1_000_000);
            prop_assert!(matches!(found, Searched::Empty(_)), "{} within {}", a, b);
            prop_assert!(!a.holds(&json!(text)) || b.holds(&json!(text)));
        }
    }

    #[test]
    fn an_automaton_accepts_what_the_operator_does(op in op(), text in text()) {
        let own = match Accepted::by(&op) {
            Err(Limit::RegexFeatures) => return Ok(()),
            own => own.expect("an automaton"),
        };
        prop_assert_eq!(accepts(&own, &text), op.holds(&json!(text)), "{} on {:?}", op, text);
    }
}

#[test]
fn networks_are_their_addresses() {
    for (network, texts) in [
        (
            "10.1.0.0/16",
            [("10.1.2.3", true), ("10.1.255.0", true), ("10.2.0.0", false), ("10.1.02.3", false)],
        ),
        (
            "192.168.4.0/22",
            [("192.168.7.9", true), ("192.168.8.0", false), ("192.168.4.256", false), ("", false)],
        ),
        ("0.0.0.0/0", [("1.2.3.4", true), ("::1", false), ("1.2.3", false), ("1.2.3.4.5", false)]),
    ] {
        let op = Op::Cidr(Cidr::parse(network).expect("a network"));
        let own = Accepted::by(&op).expect("an automaton");
        for (text, expected) in texts {
            assert_eq!(op.holds(&json!(text)), expected, "{network} {text}");
            assert_eq!(accepts(&own, text), expected, "{network} {text}");
        }
    }
}

#[test]
fn numbers_are_among_what_may_be_one() {
    let own = Accepted::by(&Op::Compare {
        order: crate::query::Order::Less,
        number: crate::query::Number::new(f64::MAX).expect("finite"),
    });
    let own = own.expect("an automaton");
    for text in ["1", "-1.5", "+.5", "5.", " 1e5 ", "1E-3\n", "\u{3000}7", "00012", "1.e3"] {
        assert!(crate::query::Number::of(&json!(text)).is_some(), "{text}");
        assert!(accepts(&own, text), "{text}");
    }
}

/// Folding twice is folding once, or folded patterns would not say what they did.
#[test]
fn folding_is_final() {
    for c in '\0'..=char::MAX {
        assert_eq!(fold(fold(c)), fold(c), "{c:?}");
    }
}

//! The texts that an operator accepts, as an automaton.
//!
//! Patterns, regular expressions, words and IPv4 networks become exact automata. Numbers, IPv6
//! addresses and dates are no regular languages worth writing out: they get an automaton of all
//! texts that could be one, which can only show that *no* text satisfies a test.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::charset::{GAPS, LOWER, any_class, folded};
use super::nfa::{Nfa, Open};
use crate::proof::limits::Limit;
use crate::query::{Case, Op, Part, Pattern, Regex};

/// Texts that Rust reads as numbers, with the blanks around that the evaluator ignores.
const NUMBER: &str = r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$";

/// One octet of an address.
const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

/// An automaton, and whether it accepts exactly what the operator does or also more.
#[derive(Clone, Debug)]
pub(in crate::proof) struct Accepted {
    pub(super) nfa: Nfa,
    pub(in crate::proof) exact: bool,
}

impl Accepted {
    /// The automaton of an operator on one text.
    pub(in crate::proof) fn by(op: &Op) -> Result<Self, Limit> {
        match op {
            Op::Matches { pattern, case } => of_pattern(pattern, *case == Case::Insensitive),
            Op::Regex(regex) => of_regex(regex),
            Op::Words(words) => of_words(words),
            Op::Cidr(cidr) => match cidr.net() {
                IpNet::V4(net) => of_source(&of_network(net), true),
                IpNet::V6(net) => of_source(&of_wide_network(net), false),
            },
            Op::Compare { .. } => of_source(NUMBER, false),
            Op::Time { .. } => of_source("[0-9]", false),
            Op::Exists | Op::Field { .. } => of_source("", op == &Op::Exists),
            Op::Null => of_source("[^\\s\\S]", true),
        }
    }

    /// The texts of a regular expression of our own.
    pub(in crate::proof) fn of(source: &str) -> Result<Self, Limit> {
        of_source(source, false)
    }

    /// The number of states.
    pub(in crate::proof) fn size(&self) -> usize {
        self.nfa.states.len()
    }

    /// A short text that is accepted, as far as that can be seen without looking around, with this
    /// character wherever it may stand.
    pub(in crate::proof) fn sample(&self, first: char) -> Option<String> {
        self.nfa.sample(first)
    }

    /// The texts without a capital letter.
    pub(in crate::proof) fn lower() -> Result<Self, Limit> {
        let lower = LOWER.clone();
        made(
            &many(Hir::class(Class::Unicode(lower)), 0),
            Open { before: false, after: false },
            true,
        )
    }
}

fn made(hir: &Hir, open: Open, exact: bool) -> Result<Accepted, Limit> {
    Ok(Accepted { nfa: Nfa::new(hir, open)?, exact })
}

/// Whether an expression is a run of any characters.
fn is_anything(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(Repetition { min: 0, max: None, sub, .. }) => {
            *sub.kind() == HirKind::Class(Class::Unicode(any_class()))
        }
        _ => false,
    }
}

/// An expression that is searched for. Anchors at its ends, and runs of anything inside of
/// them, are no conditions on neighbours: they only say whether something may stand before or after.
fn searched(hir: &Hir, exact: bool) -> Result<Accepted, Limit> {
    let mut open = Open { before: true, after: true };
    let mut members = match hir.kind() {
        HirKind::Concat(members) => members.as_slice(),
        _ => std::slice::from_ref(hir),
    };
    while let [first, rest @ ..] = members {
        open.before = match is_anything(first) {
            true => true,
            false if *first.kind() == HirKind::Look(Look::Start) => false,
            false => break,
        };
        members = rest;
        if open.before {
            break;
        }
    }
    while let [rest @ .., last] = members {
        open.after = match is_anything(last) {
            true => true,
            false if *last.kind() == HirKind::Look(Look::End) => false,
            false => break,
        };
        members = rest;
        if open.after {
            break;
        }
    }
    made(&Hir::concat(members.to_vec()), open, exact)
}

fn of_source(source: &str, exact: bool) -> Result<Accepted, Limit> {
    let hir = regex_syntax::parse(source).map_err(|_| Limit::RegexFeatures)?;
    searched(&hir, exact)
}

fn many(hir: Hir, min: u32) -> Hir {
    Hir::repetition(Repetition { min, max: None, greedy: true, sub: Box::new(hir) })
}

fn any_char() -> Hir {
    Hir::class(Class::Unicode(any_class()))
}

fn literal(text: &str, in_any_case: bool) -> Hir {
    match in_any_case {
        false => Hir::literal(text.as_bytes()),
        true => Hir::concat(text.chars().map(|c| Hir::class(Class::Unicode(folded(c)))).collect()),
    }
}

fn of_pattern(pattern: &Pattern, in_any_case: bool) -> Result<Accepted, Limit> {
    let mut parts = pattern.parts();
    let mut open = Open { before: false, after: false };
    if let [Part::Any, rest @ ..] = parts {
        (open.before, parts) = (true, rest);
    }
    if let [rest @ .., Part::Any] = parts {
        (open.after, parts) = (true, rest);
    }
    if pattern.is_any() {
        open.after = true;
    }
    let any = parts.iter().any(|part| !matches!(part, Part::Literal(_))).then(any_char);
    let piece = |part: &Part| match (part, &any) {
        (Part::Literal(text), _) => literal(text, in_any_case),
        (Part::One, Some(any)) => any.clone(),
        (Part::Any, Some(any)) => many(any.clone(), 0),
        (_, None) => Hir::empty(),
    };
    made(&Hir::concat(parts.iter().map(piece).collect()), open, true)
}

fn of_words(words: &[String]) -> Result<Accepted, Limit> {
    let alphanumeric = |c: char| c.is_alphanumeric();
    if words.is_empty() || words.iter().any(|w| w.is_empty() || !w.chars().all(alphanumeric)) {
        // Tokens are neither empty nor hold anything else.
        return Accepted::by(&Op::Null);
    }
    let gap = Hir::class(Class::Unicode(GAPS.clone()));
    let edge = |look| Hir::alternation(vec![Hir::look(look), gap.clone()]);
    let mut all = vec![edge(Look::Start)];
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            all.push(many(gap.clone(), 1));
        }
        all.push(literal(word, true));
    }
    all.push(edge(Look::End));
    made(&Hir::concat(all), Open { before: true, after: true }, true)
}

fn of_regex(regex: &Regex) -> Result<Accepted, Limit> {
    let flag = |flag| regex.flags().contains(flag);
    if has_possessive(regex.source()) {
        return Err(Limit::RegexFeatures);
    }
    let hir = ParserBuilder::new()
        .case_insensitive(flag('i'))
        .multi_line(flag('m'))
        .dot_matches_new_line(flag('s'))
        .build()
        .parse(regex.source())
        .map_err(|_| Limit::RegexFeatures)?;
    searched(&hir, true)
}

/// Whether a repetition may be possessive (`a++`), which engines that look around understand and
/// the parser here takes for a repetition of a repetition.
fn has_possessive(source: &str) -> bool {
    let mut escaped = false;
    let mut last = ' ';
    for c in source.chars() {
        if c == '+' && "+*?}".contains(last) {
            return true;
        }
        // An escaped sign repeats nothing.
        last = if escaped { ' ' } else { c };
        escaped = c == '\\' && !escaped;
    }
    false
}

/// A regular expression for the addresses of a network in the one form that is read.
fn of_network(net: Ipv4Net) -> String {
    let (first, last) = (net.network().octets(), net.broadcast().octets());
    let octets = first.iter().zip(last).map(|(first, last)| match (*first, last) {
        (0, 255) => OCTET.to_owned(),
        (first, last) => {
            let all: Vec<String> = (first..=last).map(|octet| octet.to_string()).collect();
            format!("(?:{})", all.join("|"))
        }
    });
    format!("^{}$", octets.collect::<Vec<_>>().join(r"\."))
}

/// A regular expression for at least the addresses of an IPv6 network. Zeros may be left out
/// anywhere, so only leading groups of four digits are certain to be seen.
fn of_wide_network(net: Ipv6Net) -> String {
    let (first, last) = (net.network().segments(), net.broadcast().segments());
    let mut source = "(?i)^".to_owned();
    for (first, last) in first.into_iter().zip(last) {
        if first < 0x1000 {
            break;
        }
        let digits = [12, 8, 4, 0].map(|shift| ((first >> shift) & 15, (last >> shift) & 15));
        let digit = |(low, high): (u16, u16)| {
            let all: String = (low..=high).map(|digit| format!("{digit:x}")).collect();
            format!("[{all}]")
        };
        source.push_str(&digits.map(digit).concat());
        source.push(':');
        if first != last {
            break;
        }
    }
    source + "[0-9a-f:.]*$"
}

/// Whether a text is an address in its canonical form.
pub(in crate::proof) fn is_canonical_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok_and(|address| address.to_string() == text)
}

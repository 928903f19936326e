//! Text with wildcards, free of any language's escapes.

use std::fmt;
use std::slice;
use std::str::Chars;

use memchr::{memchr_iter, memchr2_iter};
use serde::{Serialize, Serializer};

use super::fold;

/// One piece of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Characters that stand for themselves; never empty inside a pattern.
    Literal(String),
    /// Exactly one character (`?`).
    One,
    /// Any run of characters, also none (`*`).
    Any,
}

/// A pattern that has to match the whole text. Neighbouring literals are joined and a run of
/// [`Part::Any`] is one, so equal patterns are equal values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    parts: Vec<Part>,
}

impl Pattern {
    /// The pattern of exactly this text.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::from_iter([Part::Literal(text.into())])
    }

    /// The pattern that every text matches.
    pub fn any() -> Self {
        Self::from_iter([Part::Any])
    }

    /// The pieces, in normal form.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The pieces, in normal form, for who needs the pattern no more.
    pub fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// The text, if the pattern has no wildcard.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether every text matches.
    pub fn is_any(&self) -> bool {
        self.parts == [Part::Any]
    }

    /// Whether the pattern says the same in any letter case: no literal has a letter with two.
    pub fn is_caseless(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Literal(text) => text.chars().all(|c| match c.is_ascii() {
                true => !c.is_ascii_alphabetic(),
                false => fold(c) == c && c.to_uppercase().eq(std::iter::once(c)),
            }),
            _ => true,
        })
    }

    /// The pattern with a run of anything before it.
    pub fn with_any_before(mut self) -> Self {
        if self.parts.first() != Some(&Part::Any) {
            self.parts.insert(0, Part::Any);
        }
        self
    }

    /// The pattern with a run of anything after it.
    pub fn with_any_after(mut self) -> Self {
        if self.parts.last() != Some(&Part::Any) {
            self.parts.push(Part::Any);
        }
        self
    }

    /// Whether the whole of `text` matches, with letters folded if asked.
    pub fn matches(&self, text: &str, folded: bool) -> bool {
        by_parts(&self.parts, text, folded).unwrap_or_else(|| self.walk(text, folded))
    }

    /// The same, character by character.
    fn walk(&self, text: &str, folded: bool) -> bool {
        walk(self.atoms(folded), text.chars().map(|c| Atom::of(c, folded)))
    }

    /// Whether every text that `other` matches is matched by this pattern too, letters compared as
    /// they are. True is certain; false only means that this cannot show it (`*?` and `?*`).
    pub fn covers(&self, other: &Pattern) -> bool {
        use Part::{Any, Literal};
        let ends = (other.parts.first(), other.parts.last());
        match (self.parts.as_slice(), ends) {
            ([Any], _) => true,
            ([] | [Literal(_)], _) => self == other,
            ([Any, Literal(own), Any], _) => {
                other.parts.iter().any(|part| matches!(part, Literal(text) if text.contains(own)))
            }
            ([Literal(own), Any], (first, _)) => {
                matches!(first, Some(Literal(text)) if text.starts_with(own))
            }
            ([Any, Literal(own)], (_, last)) => {
                matches!(last, Some(Literal(text)) if text.ends_with(own))
            }
            _ => walk(self.atoms(false), other.atoms(false)),
        }
    }

    /// The pattern with every letter folded: says the same where case does not matter.
    pub fn folded(&self) -> Self {
        let part = |part: &Part| match part {
            Part::Literal(text) => Part::Literal(text.chars().map(fold).collect()),
            wildcard => wildcard.clone(),
        };
        Self { parts: self.parts.iter().map(part).collect() }
    }

    fn atoms(&self, folded: bool) -> Atoms<'_> {
        Atoms { begun: "".chars(), parts: self.parts.iter(), folded }
    }
}

/// Whether the parts accept a text, part by part; `None` where that takes characters: for `?`, and
/// where case does not matter beyond ASCII. Between two runs of anything the first place of a literal
/// is as good as any other.
fn by_parts(parts: &[Part], text: &str, folded: bool) -> Option<bool> {
    let is_plain = |part: &Part| match part {
        Part::Literal(own) => !folded || own.is_ascii(),
        Part::Any => true,
        Part::One => false,
    };
    if !parts.iter().all(is_plain) || folded && !text.is_ascii() {
        return None;
    }
    let same = |one: &[u8], other: &[u8]| match folded {
        true => one.eq_ignore_ascii_case(other),
        false => one == other,
    };
    let mut text = text.as_bytes();
    let mut parts = parts;
    if let [Part::Literal(start), rest @ ..] = parts {
        let Some((head, tail)) = text.split_at_checked(start.len()) else { return Some(false) };
        if !same(head, start.as_bytes()) {
            return Some(false);
        }
        (parts, text) = (rest, tail);
    }
    // What is left begins with a run of anything, or is nothing.
    if parts.is_empty() {
        return Some(text.is_empty());
    }
    if let [rest @ .., Part::Literal(end)] = parts {
        let at = text.len().checked_sub(end.len());
        let Some((head, tail)) = at.and_then(|at| text.split_at_checked(at)) else {
            return Some(false);
        };
        if !same(tail, end.as_bytes()) {
            return Some(false);
        }
        (parts, text) = (rest, head);
    }
    for part in parts {
        let Part::Literal(own) = part else { continue };
        match behind(text, own.as_bytes(), folded, &same) {
            Some(rest) => text = rest,
            None => return Some(false),
        }
    }
    Some(true)
}

/// What stands behind the first place of a literal.
fn behind<'t>(
    text: &'t [u8],
    own: &[u8],
    folded: bool,
    same: &impl Fn(&[u8], &[u8]) -> bool,
) -> Option<&'t [u8]> {
    let first = *own.first()?;
    let last = text.len().checked_sub(own.len())?;
    let starts = text.get(..=last)?;
    let begins = |at: &usize| text.get(*at..*at + own.len()).is_some_and(|here| same(here, own));
    let found = match folded {
        true => memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), starts)
            .find(begins),
        false => memchr_iter(first, starts).find(begins),
    };
    text.get(found? + own.len()..)
}

/// Whether a pattern accepts a text. A wildcard in the text stands for every text that it matches:
/// one character is taken by `?`, a run only by `*`.
///
/// Greedy with one point of return: on a mismatch only the last `*` needs to take one more
/// character, so the time is at most the product of the lengths.
fn walk<T: Iterator<Item = Atom> + Clone>(mut pattern: Atoms<'_>, mut text: T) -> bool {
    let mut retry: Option<(Atoms<'_>, T)> = None;
    loop {
        let (mut ahead, mut rest) = (pattern.clone(), text.clone());
        let Some(next) = rest.next() else {
            return pattern.all(|atom| matches!(atom, Atom::Any));
        };
        match (ahead.next(), next) {
            (Some(Atom::Any), _) if ahead.is_empty() => return true,
            (Some(Atom::Any), _) => {
                retry = Some((ahead.clone(), text.clone()));
                pattern = ahead;
            }
            (Some(Atom::One), Atom::One | Atom::Char(_)) => (pattern, text) = (ahead, rest),
            (Some(Atom::Char(own)), Atom::Char(c)) if own == c => (pattern, text) = (ahead, rest),
            _ => {
                let Some((after, taken)) = &mut retry else { return false };
                taken.next();
                (pattern, text) = (after.clone(), taken.clone());
            }
        }
    }
}

enum Atom {
    Any,
    One,
    Char(char),
}

impl Atom {
    fn of(c: char, folded: bool) -> Self {
        Atom::Char(if folded { fold(c) } else { c })
    }
}

/// The atoms of a pattern from some place on. They are not listed: patterns are matched millions of
/// times, and most texts fail at their first letters.
#[derive(Clone)]
struct Atoms<'p> {
    /// What is left of the literal that was begun.
    begun: Chars<'p>,
    parts: slice::Iter<'p, Part>,
    folded: bool,
}

impl Atoms<'_> {
    fn is_empty(&self) -> bool {
        self.begun.as_str().is_empty() && self.parts.as_slice().is_empty()
    }
}

impl Iterator for Atoms<'_> {
    type Item = Atom;

    fn next(&mut self) -> Option<Atom> {
        loop {
            if let Some(c) = self.begun.next() {
                return Some(Atom::of(c, self.folded));
            }
            match self.parts.next()? {
                Part::Any => return Some(Atom::Any),
                Part::One => return Some(Atom::One),
                Part::Literal(text) => self.begun = text.chars(),
            }
        }
    }
}

/// Brings the parts into normal form where they stand: rules hold many thousands of patterns.
impl From<Vec<Part>> for Pattern {
    fn from(mut parts: Vec<Part>) -> Self {
        parts.retain(|part| !matches!(part, Part::Literal(text) if text.is_empty()));
        parts.dedup_by(|next, before| match (before, next) {
            (Part::Literal(before), Part::Literal(text)) => {
                before.push_str(text);
                true
            }
            (before, next) => *before == Part::Any && *next == Part::Any,
        });
        Self { parts }
    }
}

impl FromIterator<Part> for Pattern {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        parts.into_iter().collect::<Vec<Part>>().into()
    }
}

/// With `*` and `?` for the wildcards and a backslash before literal ones: for people only.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Any => f.write_str("*")?,
                Part::One => f.write_str("?")?,
                Part::Literal(text) => {
                    f.write_str(
                        &text.replace('\\', "\\\\").replace('*', "\\*").replace('?', "\\?"),
                    )?;
                }
            }
        }
        Ok(())
    }
}

/// As a list: literal texts as strings, wildcards as `{"wild": "*"}`.
impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_literal() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_seq(&self.parts),
        }
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Part::Literal(text) => serializer.serialize_str(text),
            Part::One => serializer.collect_map([("wild", "?")]),
            Part::Any => serializer.collect_map([("wild", "*")]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Pattern {
        text.chars()
            .map(|c| match c {
                '*' => Part::Any,
                '?' => Part::One,
                c => Part::Literal(c.to_string()),
            })
            .collect()
    }

    #[test]
    fn wildcards_match_the_whole_text() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("?", "", false),
            ("?", "é", true),
            ("a*b", "ab", true),
            ("a*b", "abxb", true),
            ("a*b", "abx", false),
            ("*ab*ab", "abab", true),
            ("*ab*ab", "ab", false),
            ("a**", "abc", true),
            ("prog?.exe", "prog.exe", false),
        ] {
            assert_eq!(glob(pattern).matches(text, false), expected, "{pattern} on {text}");
        }
    }

    /// Every short pattern and text over a few characters, some of which fold to one another.
    #[test]
    fn part_by_part_says_the_same_as_character_by_character() {
        let letters = ['a', 'A', 'k', '\u{212a}'];
        let all = |alphabet: &[char]| -> Vec<String> {
            let mut all = vec![String::new()];
            for at in 0.. {
                let Some(text) = all.get(at).filter(|text| text.chars().count() < 4) else { break };
                let longer: Vec<String> = alphabet.iter().map(|c| format!("{text}{c}")).collect();
                all.extend(longer);
            }
            all
        };
        let patterns: Vec<Pattern> =
            all(&['a', 'A', 'k', '*', '?']).iter().map(|text| glob(text)).collect();
        for text in all(&letters) {
            for pattern in &patterns {
                for folded in [false, true] {
                    let fast = pattern.matches(&text, folded);
                    assert_eq!(fast, pattern.walk(&text, folded), "{pattern} on {text}");
                }
            }
        }
    }

    #[test]
    fn a_pattern_covers_what_it_matches_for_certain() {
        for (wide, narrow, expected) in [
            ("*", "", true),
            ("*a*", "*xab*", true),
            ("*a*", "*b*", false),
            ("a*", "a?b", true),
            ("a*", "*a", false),
            ("*a", "b*a", true),
            ("a", "a", true),
            ("a", "a*", false),
            ("?*b", "a*ab", true),
            ("a?c", "a*c", false),
            ("*a*b", "xa?b", true),
        ] {
            assert_eq!(glob(wide).covers(&glob(narrow)), expected, "{wide} over {narrow}");
        }
    }

    #[test]
    fn equal_patterns_are_equal_values() {
        assert_eq!(glob("a**b"), glob("a*b"));
        assert_eq!(Pattern::literal(""), Pattern::default());
    }

    #[test]
    fn caseless_patterns_are_known() {
        assert!(glob("0.0.0.0/0*").is_caseless());
        assert!(!glob("::/a").is_caseless());
        assert!(!glob("É").is_caseless());
    }
}

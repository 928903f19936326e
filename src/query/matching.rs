//! Whether a pattern accepts a text.
//!
//! Rules are held against events millions of times, and nearly all values are of ASCII, where a
//! character is a byte: those are compared as slices. Everything else goes character by character.

use std::slice;
use std::str::Chars;

use memchr::{memchr_iter, memchr2_iter};

use super::{Part, fold};

/// Whether the whole of `text` matches, with letters folded if asked.
pub(super) fn matches(parts: &[Part], text: &str, folded: bool) -> bool {
    by_bytes(parts, text, folded).unwrap_or_else(|| by_characters(parts, text, folded))
}

/// Whether one pattern accepts every text of another for certain, letters compared as they are.
pub(super) fn covers(parts: &[Part], others: &[Part]) -> bool {
    walk(Atoms::of(parts, false), Atoms::of(others, false))
}

fn by_characters(parts: &[Part], text: &str, folded: bool) -> bool {
    walk(Atoms::of(parts, folded), text.chars().map(|c| Atom::of(c, folded)))
}

/// Whether the parts accept a text, byte by byte; `None` where that takes characters.
fn by_bytes(parts: &[Part], text: &str, folded: bool) -> Option<bool> {
    let literals = || {
        parts.iter().filter_map(|part| match part {
            Part::Literal(own) => Some(own),
            _ => None,
        })
    };
    if !text.is_ascii() && (folded || parts.contains(&Part::One)) {
        return None;
    }
    if folded && !literals().all(|own| own.is_ascii()) {
        // Few characters are folded into ASCII, and no other stands in the text.
        let is_other = |c: char| !fold(c).is_ascii();
        return literals().any(|own| own.contains(is_other)).then_some(false);
    }
    let mut text = text.as_bytes();
    let mut pieces = parts.split(|part| *part == Part::Any);
    let start = Piece { parts: pieces.next().unwrap_or_default(), folded };
    let Some(end) = pieces.next_back().map(|parts| Piece { parts, folded }) else {
        return Some(start.is(text));
    };
    let middle = pieces.map(|parts| Piece { parts, folded });
    let (first, last) = (start.width(), end.width());
    let Some(inner) = text.len().checked_sub(last).and_then(|end| text.get(first..end)) else {
        return Some(false);
    };
    if !start.is(text.get(..first)?) || !end.is(text.get(text.len() - last..)?) {
        return Some(false);
    }
    text = inner;
    for piece in middle {
        // Of several places the first leaves most for what follows.
        let Some(rest) = piece.behind(text) else { return Some(false) };
        text = rest;
    }
    Some(true)
}

/// What stands between two runs of anything.
struct Piece<'p> {
    parts: &'p [Part],
    folded: bool,
}

impl Piece<'_> {
    /// How many bytes it takes.
    fn width(&self) -> usize {
        let width = |part: &Part| if let Part::Literal(text) = part { text.len() } else { 1 };
        self.parts.iter().map(width).sum()
    }

    /// Whether it is all of the text.
    fn is(&self, mut text: &[u8]) -> bool {
        for part in self.parts {
            let own = match part {
                Part::Literal(own) => Some(own.as_bytes()),
                _ => None,
            };
            let width = own.map_or(1, <[u8]>::len);
            let Some((here, rest)) = text.split_at_checked(width) else { return false };
            let is_same = |own| here == own || self.folded && here.eq_ignore_ascii_case(own);
            if !own.is_none_or(is_same) {
                return false;
            }
            text = rest;
        }
        text.is_empty()
    }

    /// What stands in the text behind the first place of the piece.
    fn behind<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let width = self.width();
        let starts = text.get(..=text.len().checked_sub(width)?)?;
        let begins = |at: &usize| text.get(*at..*at + width).is_some_and(|here| self.is(here));
        let first = match self.parts.first() {
            Some(Part::Literal(own)) => own.as_bytes().first().copied(),
            _ => None,
        };
        let found = match first {
            Some(first) if self.folded => {
                memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), starts)
                    .find(begins)
            }
            Some(first) => memchr_iter(first, starts).find(begins),
            None => (0..starts.len()).find(begins),
        };
        text.get(found? + width..)
    }
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

impl<'p> Atoms<'p> {
    fn of(parts: &'p [Part], folded: bool) -> Self {
        Self { begun: "".chars(), parts: parts.iter(), folded }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Pattern;

    fn glob(text: &str) -> Pattern {
        text.chars()
            .map(|c| match c {
                '*' => Part::Any,
                '?' => Part::One,
                c => Part::Literal(c.to_string()),
            })
            .collect()
    }

    /// Every short pattern and text over a few characters, some of which fold to one another.
    #[test]
    fn byte_by_byte_says_the_same_as_character_by_character() {
        let letters = ['a', 'A', 'k', 'ä', '\u{212a}'];
        let all = |alphabet: &[char], longest: usize| -> Vec<String> {
            let mut all = vec![String::new()];
            for at in 0.. {
                let Some(text) = all.get(at).filter(|text| text.chars().count() < longest) else {
                    break;
                };
                let longer: Vec<String> = alphabet.iter().map(|c| format!("{text}{c}")).collect();
                all.extend(longer);
            }
            all
        };
        let patterns: Vec<Pattern> =
            all(&['a', 'K', 'ä', '\u{212a}', '*', '?'], 4).iter().map(|text| glob(text)).collect();
        for text in all(&letters, 3) {
            for pattern in &patterns {
                for folded in [false, true] {
                    let slow = by_characters(pattern.parts(), &text, folded);
                    assert_eq!(pattern.matches(&text, folded), slow, "{pattern} on {text}");
                }
            }
        }
    }
}

//! Text with wildcards, free of any language's escapes.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{fold, matching};

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
        matching::matches(&self.parts, text, folded)
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
            _ => matching::covers(&self.parts, &other.parts),
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

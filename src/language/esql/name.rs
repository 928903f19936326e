//! Names of columns.
//!
//! `a.b` and `` `a.b` `` are the same column, so a name is its text. Source: Elastic's page *Basic
//! ES|QL syntax*: a name needs backticks unless it starts with a letter, `_` or `@` and goes on
//! with letters, digits and `_`.

use std::fmt;

use serde::Serialize;

use crate::query::{Part, Pattern};

/// The name of a column, dots included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// A name with `*` for any run of characters, as `KEEP` and `DROP` take it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct NamePattern(Pattern);

/// Words that mean something where a name may stand. As part of a name they are written in
/// backticks.
const RESERVED: &[&str] = &[
    "and", "as", "asc", "by", "desc", "false", "first", "in", "is", "last", "like", "limit",
    "metadata", "not", "null", "nulls", "on", "or", "rlike", "true", "using", "where", "with",
];

/// Words that are no name where an expression starts.
const KEYWORDS: &[&str] = &[
    "and", "asc", "by", "desc", "false", "in", "is", "like", "not", "null", "nulls", "or", "rlike",
    "true",
];

impl Name {
    /// A name; `None` for the empty one, which ES|QL cannot write.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(Self(text.into())).filter(|name| !name.0.is_empty())
    }

    /// A name below `Esql`, as Elastic's own rules call the columns that they compute.
    pub(super) fn below_esql(name: &str) -> Self {
        Self(format!("Esql.{name}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NamePattern {
    /// A pattern; `None` if it is empty or asks for one character, which ES|QL has no sign for.
    pub fn new(pattern: Pattern) -> Option<Self> {
        let parts = pattern.parts();
        (!parts.is_empty() && !parts.contains(&Part::One)).then_some(Self(pattern))
    }

    /// Whether a name matches.
    pub fn matches(&self, name: &str) -> bool {
        self.0.matches(name, false)
    }

    /// The name, if there is no `*` in it.
    pub fn as_name(&self) -> Option<Name> {
        self.0.as_literal().and_then(Name::new)
    }
}

/// Whether a word cannot be the first part of a name.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// Whether a name may start with this character.
pub(super) fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '_' | '@')
}

/// Whether a name may go on with this character.
pub(super) fn continues_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a part of a name needs no backticks.
fn is_plain(part: &str) -> bool {
    part.starts_with(starts_name)
        && part.chars().skip(1).all(continues_name)
        && !RESERVED.iter().any(|word| word.eq_ignore_ascii_case(part))
}

fn write_quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "`{}`", text.replace('`', "``"))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.split('.').all(is_plain) {
            f.write_str(&self.0)
        } else {
            write_quoted(&self.0, f)
        }
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = self.as_name() {
            return name.fmt(f);
        }
        for part in self.0.parts() {
            match part {
                Part::Literal(text)
                    if text.chars().all(|c| continues_name(c) || c == '.' || c == '@') =>
                {
                    f.write_str(text)?
                }
                Part::Literal(text) => write_quoted(text, f)?,
                // INVARIANT: there is no `Part::One`.
                Part::Any | Part::One => f.write_str("*")?,
            }
        }
        Ok(())
    }
}

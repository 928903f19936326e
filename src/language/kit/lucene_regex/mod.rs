//! Lucene's regular expressions, in and out.
//!
//! Every language of Elasticsearch hands its expressions to Lucene, whose dialect differs from the
//! one of [`Regex`](crate::query::Regex): an expression must match the *whole* value, `.` matches
//! line feeds too, there are no anchors, no look-around, no back-references, no inline flags and no
//! escapes for control characters; `"..."` is a literal text, and `~ & < > @ #` are operators.
//! Case-insensitivity is a switch beside the expression.
//!
//! [`to_lucene`] says in that dialect what an expression of ours says, [`from_lucene`] reads one.
//! Both go through one tree and refuse by name what has no counterpart.
//!
//! Sources: the reference page on the syntax of regular expressions in Elasticsearch's
//! documentation (reserved characters, optional operators, the limit of 1,000 characters), and the
//! class documentation of Lucene's `RegExp`. A range in a class (`[a-z]`) under the switch for
//! any case is folded by some versions of Lucene and not by others, so one is never written
//! (`[A-Za-z]` is), and [`FromLucene::folds_ranges`] tells of one that was read.

mod anchor;
mod boundary;
mod letters;
mod lucene;
mod patterns;
mod perl;
mod perl_class;
mod quantifier;
mod set;
mod states;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub use letters::{
    pattern_has_third_case, pattern_to_lucene, spelt_out_pattern, to_lucene_spelt_out,
};
pub use patterns::{Patterns, to_patterns};

use crate::query::{Part, Pattern, Regex};
use tree::Node;

/// Most characters that Elasticsearch takes in an expression unless an index says otherwise
/// (`index.max_regex_length`).
pub const MAX_REGEX_LENGTH: usize = 1000;

/// Most quantifiers that may follow one another, as in `a{2}{3}`.
const MAX_QUANTIFIERS: usize = 3;

/// An expression in Lucene's dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LuceneRegex {
    /// The expression, which the whole value has to match. Control characters stand in it as they
    /// are; a language that writes it into a string escapes them by its own rules.
    pub source: String,
    /// Whether letters are to be compared in any case.
    pub insensitive: bool,
    /// Whether `\d`, `\w`, `\s` or `\b` became the ASCII characters among those that they stand for:
    /// the same as long as values hold no digits, letters or blanks beyond ASCII at that place.
    pub ascii_classes: bool,
    /// Whether `k` or `s` in any case became the two letters of ASCII: the same as long as values
    /// hold neither Kelvin sign nor long s.
    pub plain_letters: bool,
}

/// What an expression in Lucene's dialect means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromLucene {
    /// The expression, to be searched for.
    pub regex: Regex,
    /// The same as a pattern with wildcards, to be held against the whole value in the same case,
    /// if it says no more than one can.
    pub pattern: Option<Pattern>,
    /// Whether a range such as `[a-z]` was read in any case, which not all versions do.
    pub folds_ranges: bool,
}

/// Why an expression cannot be said in the other dialect: the construct, by name, lower case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RegexRefusal(pub String);

/// The expression in Lucene's dialect that matches exactly the values in which `regex` is found.
pub fn to_lucene(regex: &Regex) -> Result<LuceneRegex, RegexRefusal> {
    let perl::Parsed { node, ascii_classes, plain_letters } =
        perl::parse(regex.source(), regex.flags())?;
    let node = boundary::resolved(anchor::whole(node)?)?;
    states::bounded(&node)?;
    let insensitive = node.is_insensitive();
    let source = write::lucene(&if insensitive { node } else { node.spelt_out() });
    let plain_letters = plain_letters && !insensitive;
    checked(LuceneRegex { source, insensitive, ascii_classes, plain_letters })
}

/// The expression, unless it is too long.
fn checked(regex: LuceneRegex) -> Result<LuceneRegex, RegexRefusal> {
    let length = regex.source.chars().count();
    if length > MAX_REGEX_LENGTH {
        return Err(RegexRefusal(format!(
            "an expression of {length} characters, where Elasticsearch takes {MAX_REGEX_LENGTH}"
        )));
    }
    Ok(regex)
}

/// What an expression in Lucene's dialect means, letters compared in any case if `insensitive`.
pub fn from_lucene(text: &str, insensitive: bool) -> Result<FromLucene, RegexRefusal> {
    let lucene::Parsed { node, folds_ranges } = lucene::parse(text, insensitive)?;
    // Lucene folds ASCII letters only, a pattern in any case all of them.
    let folds_all = |pattern: &Pattern| !insensitive || node.is_folded() || pattern.is_caseless();
    let pattern = pattern_of(&node).filter(folds_all);
    let (source, flags) = write::perl(&node);
    let regex = Regex::new(&source, &flags).map_err(|error| RegexRefusal(error.to_string()))?;
    Ok(FromLucene { regex, pattern, folds_ranges })
}

/// The pattern that says the same as a tree of characters, `.` and `.*`.
fn pattern_of(node: &Node) -> Option<Pattern> {
    let part = |node: &Node| match node {
        Node::Char { c, .. } => Some(Part::Literal(c.to_string())),
        Node::Any => Some(Part::One),
        node if node.is_any_run() => Some(Part::Any),
        _ => None,
    };
    match node {
        Node::Concat(members) => members.iter().map(part).collect(),
        single => part(single).map(|part| Pattern::from_iter([part])),
    }
}

//! Any case where a language has no switch for it: `[Cc][Mm][Dd]`.
//!
//! A class holds a letter's two cases and no more. Unicode folds two further characters into ASCII
//! letters: the Kelvin sign into `k`, the long s into `s`. Nobody spells a value with those, and
//! `[Ss\u{17f}]` would only puzzle readers, so [`LuceneRegex::plain_letters`] tells where it matters.

use super::set::{Set, variants};
use super::tree::Node;
use super::{LuceneRegex, RegexRefusal, checked, perl, states};
use crate::query::{Case, Part, Pattern, Regex, fold};

/// What [`to_lucene`](super::to_lucene) gives, without need of a switch for any case.
pub fn to_lucene_spelt_out(regex: &Regex) -> Result<LuceneRegex, RegexRefusal> {
    let perl::Parsed { node, ascii_classes, plain_letters } =
        perl::parse(regex.source(), regex.flags())?;
    let node = super::boundary::resolved(super::anchor::whole(node)?)?.spelt_out();
    states::bounded(&node)?;
    let source = super::write::lucene(&node);
    checked(LuceneRegex { source, insensitive: false, ascii_classes, plain_letters })
}

/// The expression that matches what a pattern matches, without need of a switch for any case.
/// Whether a letter has a third case, [`pattern_has_third_case`] tells.
pub fn pattern_to_lucene(pattern: &Pattern, case: Case) -> Result<LuceneRegex, RegexRefusal> {
    states::bounded_pattern(pattern)?;
    let fold = case == Case::Insensitive;
    // Rules hold thousands of patterns, so none becomes a tree.
    let mut source = String::with_capacity(room(pattern, fold));
    for part in pattern.parts() {
        match part {
            Part::Any => source.push_str(".*"),
            Part::One => source.push('.'),
            Part::Literal(text) => text.chars().for_each(|c| letter(c, fold, &mut source)),
        }
    }
    if source.is_empty() {
        source = super::write::lucene(&Node::concat([]));
    }
    let plain_letters = fold && pattern_has_third_case(pattern);
    checked(LuceneRegex { source, insensitive: false, ascii_classes: false, plain_letters })
}

/// Bytes that the expression of a pattern takes, unless many of its characters need a backslash.
fn room(pattern: &Pattern, fold: bool) -> usize {
    let length = |part: &Part| match part {
        Part::Literal(text) if fold => "[Xx]".len() * text.len(),
        Part::Literal(text) => text.len(),
        Part::Any | Part::One => ".*".len(),
    };
    pattern.parts().iter().map(length).sum()
}

/// Writes one character, as a class of its two cases if it is a letter that is meant in any.
fn letter(c: char, fold: bool, out: &mut String) {
    if fold && c.is_ascii_alphabetic() {
        out.push('[');
        out.push(c.to_ascii_uppercase());
        out.push(c.to_ascii_lowercase());
        out.push(']');
    } else if fold && !c.is_ascii() {
        out.push_str(&super::write::lucene(&Node::Char { c, fold }.spelt_out()));
    } else {
        super::write::lucene_char(c, out);
    }
}

/// The pattern that says in any case what an expression with classes for all letters says: the way
/// back of [`pattern_to_lucene`].
pub fn spelt_out_pattern(text: &str) -> Option<Pattern> {
    let node = super::lucene::parse(text, false).ok()?.node;
    let mut classes = 0_usize;
    let mut part = |node: &Node| match node {
        Node::Char { c, .. } if variants(*c).len() == 1 => Some(Part::Literal(c.to_string())),
        Node::Class(set) => {
            classes += 1;
            let (c, _) = set.ranges().last()?;
            let cases = Set::of(variants(*c).into_iter().map(|c| (c, c)));
            (cases == *set).then(|| Part::Literal(fold(*c).to_string()))
        }
        Node::Any => Some(Part::One),
        node if node.is_any_run() => Some(Part::Any),
        _ => None,
    };
    let pattern: Option<Pattern> = match &node {
        Node::Concat(members) => members.iter().map(part).collect(),
        single => part(single).map(|part| Pattern::from_iter([part])),
    };
    pattern.filter(|_| classes > 0)
}

/// Whether a letter of a pattern has more than two cases by Unicode's folding.
pub fn pattern_has_third_case(pattern: &Pattern) -> bool {
    pattern.parts().iter().any(|part| matches!(part, Part::Literal(text) if has_third_case(text)))
}

/// Whether a letter of the text has more than two cases by Unicode's folding.
fn has_third_case(text: &str) -> bool {
    text.chars().any(is_with_third_case)
}

/// Whether a letter has more than two cases by Unicode's folding.
pub(super) fn is_with_third_case(c: char) -> bool {
    matches!(c, 'k' | 'K' | 's' | 'S' | 'å' | 'Å')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a pattern is as a tree, which [`pattern_to_lucene`] leaves out.
    fn by_tree(pattern: &Pattern, fold: bool) -> String {
        let nodes = pattern.parts().iter().flat_map(|part| match part {
            Part::Any => vec![Node::any_run()],
            Part::One => vec![Node::Any],
            Part::Literal(text) => text.chars().map(|c| Node::Char { c, fold }).collect(),
        });
        super::super::write::lucene(&Node::concat(nodes).spelt_out())
    }

    proptest! {
        #[test]
        fn patterns_are_written_as_trees_are(parts in proptest::collection::vec(
            prop_oneof![Just(Part::Any), Just(Part::One), ".{0,6}".prop_map(Part::Literal)], 0..6)) {
            let pattern: Pattern = parts.into_iter().collect();
            for (case, fold) in [(Case::Insensitive, true), (Case::Sensitive, false)] {
                let written = pattern_to_lucene(&pattern, case).map(|regex| regex.source);
                prop_assert_eq!(written, Ok(by_tree(&pattern, fold)));
            }
        }
    }
}

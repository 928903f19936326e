//! Expressions that say no more than patterns with wildcards can, for languages without regular
//! expressions.
//!
//! An expression of characters, `.`, `.*`, anchors at its ends, alternatives, optional parts, small
//! classes and bounded repetitions is written out as alternatives. What stands beside a run of
//! anything need not be repeated: `a\d+.*` says what `a\d.*` says. Everything else (`\d+` before a
//! letter, `[^/]`) no pattern can say, and it is refused by name.

use super::set::Set;
use super::tree::Node;
use super::{RegexRefusal, anchor, perl};
use crate::query::{Case, FieldPath, Ledger, Part, Pattern, Regex, fold};

/// Most patterns that one expression is written out as: a list that a reader of the query can
/// still see through.
const MAX_PATTERNS: usize = 128;

/// Most characters and wildcards that the patterns of one expression may have together.
const MAX_PARTS: usize = 1 << 14;

/// The patterns of an expression, each to be held against the whole value; one has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patterns {
    /// At least one pattern; none says what another one says already.
    pub patterns: Vec<Pattern>,
    /// The case rule of all of them.
    pub case: Case,
    /// Whether a wildcard stands for a `.`, which takes everything but a line feed.
    one_line: bool,
    /// Whether `\d`, `\w` or `\s` was taken for its ASCII characters.
    ascii_classes: bool,
    /// Whether `k` or `s` in any case was taken for its two letters of ASCII.
    plain_letters: bool,
}

impl Patterns {
    /// Notes what the patterns lean on to say exactly what the expression says.
    pub fn assume(&self, field: Option<&FieldPath>, ledger: &mut Ledger) {
        let whose = field.map_or_else(|| "values".to_owned(), |field| format!("`{field}`"));
        for (leant_on, code, what) in [
            (self.one_line, "one-line", "without line feeds, which `.` does not match"),
            (self.ascii_classes, "ascii-classes", "with digits, letters and blanks of ASCII only"),
            (self.plain_letters, "plain-letters", "without Kelvin sign and long s"),
        ] {
            if leant_on {
                ledger.assume(code, field, format!("{whose}: texts {what}"));
            }
        }
    }
}

/// The patterns that match exactly the values in which `regex` is found.
pub fn to_patterns(regex: &Regex) -> Result<Patterns, RegexRefusal> {
    let perl::Parsed { node, ascii_classes, plain_letters } =
        perl::parse(regex.source(), regex.flags())?;
    let node = anchor::whole(node)?;
    let case = letter_case(&node);
    let plain_letters = plain_letters && case == Case::Sensitive;
    let node = if case == Case::Sensitive { node.spelt_out() } else { node };
    let node = trimmed(trimmed(node, Side::Left, false), Side::Right, false);
    let texts = expand(&node)?;
    let one_line = texts.iter().any(|text| text.iter().any(|atom| atom.is_within_line()));
    let patterns = without_covered(texts.iter().map(|text| pattern(text, case)));
    Ok(Patterns { patterns, case, one_line, ascii_classes, plain_letters })
}

fn letter_case(node: &Node) -> Case {
    if node.is_folded() { Case::Insensitive } else { Case::Sensitive }
}

/// One character or wildcard of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Atom {
    Char(char),
    One { feeds: bool },
    Run { feeds: bool },
}

impl Atom {
    /// Whether the expression takes no line feed here, where a wildcard does.
    fn is_within_line(self) -> bool {
        matches!(self, Atom::One { feeds: false } | Atom::Run { feeds: false })
    }
}

type Text = Vec<Atom>;

fn pattern(text: &[Atom], case: Case) -> Pattern {
    let folded = case == Case::Insensitive;
    let part = |atom: &Atom| match atom {
        Atom::Char(c) => Part::Literal(if folded { fold(*c) } else { *c }.to_string()),
        Atom::One { .. } => Part::One,
        Atom::Run { .. } => Part::Any,
    };
    text.iter().map(part).collect()
}

/// The patterns in order, without those that say no more than another one.
fn without_covered(patterns: impl Iterator<Item = Pattern>) -> Vec<Pattern> {
    let mut kept: Vec<Pattern> = Vec::new();
    for pattern in patterns {
        if !kept.iter().any(|other| other.covers(&pattern)) {
            kept.retain(|other| !pattern.covers(other));
            kept.push(pattern);
        }
    }
    kept
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
}

/// The tree with every repetition that has a run of anything on one side of it (`open` at its own
/// end) cut to its least number: the run takes the rest.
fn trimmed(node: Node, side: Side, open: bool) -> Node {
    match node {
        node if run_of(&node).is_some() => node,
        Node::Repeat { node, min, .. } if open => match min {
            0 => Node::Concat(Vec::new()),
            1 => trimmed(*node, side, open),
            _ => node.repeated(min, Some(min)),
        },
        Node::Alt(members) => {
            Node::Alt(members.into_iter().map(|member| trimmed(member, side, open)).collect())
        }
        Node::Concat(mut members) => {
            let mut kept: Vec<Node> = Vec::new();
            let mut open = open;
            if side == Side::Right {
                members.reverse();
            }
            for member in members {
                let member = trimmed(member, side, open);
                let empty = matches!(&member, Node::Concat(inner) if inner.is_empty());
                if !empty {
                    open = run_of(&member).is_some();
                    kept.push(member);
                }
            }
            if side == Side::Right {
                kept.reverse();
            }
            Node::concat(kept)
        }
        other => other,
    }
}

/// For `.*`, whether it takes line feeds.
fn run_of(node: &Node) -> Option<bool> {
    match node {
        Node::Repeat { node, min: 0, max: None } => one_of(node),
        _ => None,
    }
}

/// For `.`, whether it takes line feeds.
fn one_of(node: &Node) -> Option<bool> {
    match node {
        Node::Any => Some(true),
        Node::Class(set) if set.complement().ranges() == [('\n', '\n')] => Some(false),
        _ => None,
    }
}

/// Every text with wildcards that the tree stands for.
fn expand(node: &Node) -> Result<Vec<Text>, RegexRefusal> {
    if let Some(feeds) = one_of(node) {
        return Ok(vec![vec![Atom::One { feeds }]]);
    }
    match node {
        Node::Char { c, .. } => Ok(vec![vec![Atom::Char(*c)]]),
        Node::Class(set) => characters(set),
        Node::Concat(members) => members
            .iter()
            .try_fold(vec![Vec::new()], |texts, member| product(&texts, &expand(member)?)),
        Node::Alt(members) => {
            let mut all = Vec::new();
            for member in members {
                all.extend(expand(member)?);
                bounded(&all)?;
            }
            Ok(all)
        }
        Node::Repeat { node, min, max } => repeated(node, *min, *max),
        Node::Boundary { .. } => refuse("a word boundary"),
        // `one_of` has taken `Any`, `anchor::whole` the anchors.
        Node::Any | Node::Start { .. } | Node::End { .. } => refuse("an anchor"),
    }
}

fn repeated(node: &Node, min: u32, max: Option<u32>) -> Result<Vec<Text>, RegexRefusal> {
    let once = expand(node)?;
    let mut texts = vec![Vec::new()];
    for _ in 0..min {
        texts = product(&texts, &once)?;
    }
    let Some(max) = max else {
        return match one_of(node) {
            Some(feeds) => product(&texts, &[vec![Atom::Run { feeds }]]),
            None => refuse("a repetition without end of something other than `.`"),
        };
    };
    let mut all = texts.clone();
    for _ in min..max {
        texts = product(&texts, &once)?;
        all.extend(texts.iter().cloned());
        bounded(&all)?;
    }
    Ok(all)
}

fn characters(set: &Set) -> Result<Vec<Text>, RegexRefusal> {
    let size = |(from, to): &(char, char)| (*from..=*to).take(MAX_PATTERNS + 1).count();
    if set.ranges().iter().map(size).sum::<usize>() > MAX_PATTERNS {
        return refuse(format!("a class of more than {MAX_PATTERNS} characters"));
    }
    let all = set.ranges().iter().flat_map(|(from, to)| *from..=*to);
    Ok(all.map(|c| vec![Atom::Char(c)]).collect())
}

/// Each text followed by each of some others. Runs that meet are one.
fn product(texts: &[Text], more: &[Text]) -> Result<Vec<Text>, RegexRefusal> {
    let mut all = Vec::new();
    for text in texts {
        for after in more {
            let mut joined = text.clone();
            let mut rest = after.as_slice();
            if let (Some(Atom::Run { feeds: own }), Some((Atom::Run { feeds }, others))) =
                (joined.last_mut(), rest.split_first())
            {
                *own |= *feeds;
                rest = others;
            }
            joined.extend(rest);
            all.push(joined);
        }
        bounded(&all)?;
    }
    Ok(all)
}

fn bounded(texts: &[Text]) -> Result<(), RegexRefusal> {
    if texts.len() > MAX_PATTERNS {
        return refuse(format!("alternatives that make more than {MAX_PATTERNS} patterns"));
    }
    if texts.iter().map(Vec::len).sum::<usize>() > MAX_PARTS {
        return refuse(format!("repetitions that make patterns of more than {MAX_PARTS} signs"));
    }
    Ok(())
}

fn refuse<T>(what: impl Into<String>) -> Result<T, RegexRefusal> {
    Err(RegexRefusal(what.into()))
}

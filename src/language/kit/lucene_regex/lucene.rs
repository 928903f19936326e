//! Reads Lucene's dialect.

use super::quantifier::quantifier;
use super::set::{DIGIT, LUCENE_BLANK, Set, WORD};
use super::tree::Node;
use super::{MAX_QUANTIFIERS, RegexRefusal};
use crate::language::kit::{Cursor, MAX_NESTING};

/// An expression that was read.
pub(super) struct Parsed {
    /// Its tree, which has to match the whole text.
    pub(super) node: Node,
    /// Whether a range of letters in one case was read in any.
    pub(super) folds_ranges: bool,
}

/// Reads an expression.
pub(super) fn parse(text: &str, fold: bool) -> Result<Parsed, RegexRefusal> {
    let mut parser = Parser { cursor: Cursor::new(text), fold, depth: 0, folds_ranges: false };
    // The empty expression is the empty text.
    let node = if text.is_empty() { Node::Concat(Vec::new()) } else { parser.alternatives()? };
    if !parser.cursor.is_at_end() {
        return refuse("a parenthesis that closes nothing");
    }
    Ok(Parsed { node, folds_ranges: parser.folds_ranges })
}

fn refuse<T>(what: impl Into<String>) -> Result<T, RegexRefusal> {
    Err(RegexRefusal(what.into()))
}

/// The operators that Lucene has and that have no counterpart, all in force by default. `@`, any
/// text, has one: `.*`.
fn operator(c: char) -> Option<&'static str> {
    Some(match c {
        '~' => "Lucene's complement `~`",
        '&' => "Lucene's intersection `&`",
        '#' => "Lucene's empty language `#`",
        '<' | '>' => "Lucene's range of numbers `<1-9>`",
        _ => return None,
    })
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    fold: bool,
    depth: usize,
    folds_ranges: bool,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Node, RegexRefusal> {
        let mut members = vec![self.sequence()?];
        while self.cursor.eat("|") {
            members.push(self.sequence()?);
        }
        Ok(if members.len() == 1 { members.swap_remove(0) } else { Node::Alt(members) })
    }

    fn sequence(&mut self) -> Result<Node, RegexRefusal> {
        if matches!(self.cursor.peek(), None | Some('|' | ')')) {
            return refuse("an alternative without an expression (the empty text is `()`)");
        }
        let mut members = Vec::new();
        while !matches!(self.cursor.peek(), None | Some('|' | ')')) {
            let mut atom = self.atom()?;
            for count in 0.. {
                let Some((min, max)) = quantifier(&mut self.cursor)? else { break };
                if count == MAX_QUANTIFIERS {
                    return refuse("a run of quantifiers");
                }
                atom = atom.repeated(min, max);
            }
            members.push(atom);
        }
        Ok(Node::concat(members))
    }

    fn atom(&mut self) -> Result<Node, RegexRefusal> {
        let Some(c) = self.cursor.bump() else { return Ok(Node::Concat(Vec::new())) };
        if let Some(name) = operator(c) {
            return refuse(name);
        }
        match c {
            '(' => self.group(),
            '[' => Ok(Node::class(self.class()?)),
            '"' => self.literal(),
            '.' => Ok(Node::Any),
            '@' => Ok(Node::any_run()),
            '*' | '+' | '?' | '{' => refuse(format!("a quantifier `{c}` without an expression")),
            '\\' => match self.escaped()? {
                Escaped::Char(c) => Ok(self.char(c)),
                Escaped::Set(set) => Ok(Node::class(set)),
            },
            c => Ok(self.char(c)),
        }
    }

    fn char(&self, c: char) -> Node {
        // Lucene folds ASCII only.
        Node::Char { c, fold: self.fold && c.is_ascii_alphabetic() }
    }

    fn group(&mut self) -> Result<Node, RegexRefusal> {
        if self.cursor.eat(")") {
            return Ok(Node::Concat(Vec::new()));
        }
        if self.cursor.rest().starts_with('?') {
            return refuse("a group with a flag (`(?`), which Lucene lacks");
        }
        if self.depth == MAX_NESTING {
            return refuse(format!("nesting deeper than {MAX_NESTING} levels"));
        }
        self.depth += 1;
        let node = self.alternatives()?;
        self.depth -= 1;
        if !self.cursor.eat(")") {
            return refuse("a parenthesis that is not closed");
        }
        Ok(node)
    }

    /// A text between quotes, where nothing is special.
    fn literal(&mut self) -> Result<Node, RegexRefusal> {
        let text = self.cursor.take_while(|c| c != '"');
        if !self.cursor.eat("\"") {
            return refuse("a quote that is not closed");
        }
        Ok(Node::concat(text.chars().map(|c| self.char(c))))
    }

    fn escaped(&mut self) -> Result<Escaped, RegexRefusal> {
        let Some(c) = self.cursor.bump() else { return refuse("a backslash at the end") };
        let ranges = match c.to_ascii_lowercase() {
            'd' => DIGIT,
            'w' => WORD,
            's' => LUCENE_BLANK,
            _ if c.is_ascii_alphabetic() => {
                return refuse(format!("the escape `\\{c}`, which Lucene lacks"));
            }
            _ => return Ok(Escaped::Char(c)),
        };
        let set = Set::of(ranges.iter().copied());
        Ok(Escaped::Set(if c.is_ascii_uppercase() { set.complement() } else { set }))
    }

    /// What follows `[`.
    fn class(&mut self) -> Result<Set, RegexRefusal> {
        let negated = self.cursor.eat("^");
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut singles: Vec<(char, char)> = Vec::new();
        loop {
            let low = match self.cursor.bump() {
                None => return refuse("a class that is not closed"),
                Some(']') if ranges.is_empty() && singles.is_empty() => {
                    return refuse("an empty class");
                }
                Some(']') => break,
                Some('\\') => match self.escaped()? {
                    Escaped::Char(c) => c,
                    Escaped::Set(set) => {
                        ranges.extend(set.ranges());
                        continue;
                    }
                },
                Some(c) => c,
            };
            match self.range_end()? {
                Some(high) if high < low => return refuse("a range from a higher character"),
                Some(high) => ranges.push((low, high)),
                None => singles.push((low, low)),
            }
        }
        Ok(self.class_of(ranges, singles, negated))
    }

    /// The set of a class, folded if the expression is: of single characters always, of ranges as
    /// newer versions do.
    fn class_of(
        &mut self,
        ranges: Vec<(char, char)>,
        mut singles: Vec<(char, char)>,
        negated: bool,
    ) -> Set {
        if self.fold {
            let ascii = |(c, _): &(char, char)| c.is_ascii_alphabetic();
            let (letters, others) = singles.into_iter().partition::<Vec<_>, _>(ascii);
            singles = Set::of(letters).folded().ranges().to_vec();
            singles.extend(others);
        }
        let exact = Set::of(ranges.into_iter().chain(singles));
        let set = if self.fold { ascii_folded(&exact) } else { exact.clone() };
        self.folds_ranges |= set != exact;
        if negated { set.complement() } else { set }
    }

    fn range_end(&mut self) -> Result<Option<char>, RegexRefusal> {
        if self.cursor.peek() != Some('-') || self.cursor.peek_second() == Some(']') {
            return Ok(None);
        }
        self.cursor.bump();
        match self.cursor.bump() {
            Some('\\') => match self.escaped()? {
                Escaped::Char(c) => Ok(Some(c)),
                Escaped::Set(_) => refuse("a range that ends in a class"),
            },
            Some(c) => Ok(Some(c)),
            None => refuse("a class that is not closed"),
        }
    }
}

/// The set with its ASCII letters in both cases.
fn ascii_folded(set: &Set) -> Set {
    let ascii = set.ranges().iter().filter(|(from, _)| from.is_ascii());
    let ascii = ascii.map(|(from, to)| (*from, (*to).min('\u{7f}')));
    let folded = Set::of(ascii).folded();
    Set::of(set.ranges().iter().chain(folded.ranges()).copied())
}

enum Escaped {
    Char(char),
    Set(Set),
}

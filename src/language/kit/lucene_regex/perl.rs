//! Reads the dialect of [`Regex`](crate::query::Regex), whose source is known to compile.

use super::letters::is_with_third_case;
use super::quantifier::quantifier;
use super::set::{BLANK, DIGIT, Set, WORD};
use super::tree::Node;
use super::{MAX_QUANTIFIERS, RegexRefusal};
use crate::language::kit::{Cursor, MAX_NESTING};

/// An expression that was read.
pub(super) struct Parsed {
    /// Its tree.
    pub(super) node: Node,
    /// Whether `\d`, `\w` or `\s` was cut down to ASCII.
    pub(super) ascii_classes: bool,
    /// Whether a letter is meant in any case that has more than its two of ASCII.
    pub(super) plain_letters: bool,
}

/// Reads an expression with its flags.
pub(super) fn parse(source: &str, flags: &str) -> Result<Parsed, RegexRefusal> {
    let mut flag = Flags::default();
    flags.chars().try_for_each(|c| flag.set(c, true))?;
    let cursor = Cursor::new(source);
    let mut parser = Parser { cursor, flags: flag, depth: 0, ascii: false, third_case: false };
    let node = parser.alternatives()?;
    if !parser.cursor.is_at_end() {
        return refuse("a parenthesis that closes nothing");
    }
    let Parser { ascii, third_case, .. } = parser;
    Ok(Parsed { node, ascii_classes: ascii, plain_letters: third_case })
}

pub(super) fn refuse<T>(what: impl Into<String>) -> Result<T, RegexRefusal> {
    Err(RegexRefusal(what.into()))
}

#[derive(Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold: bool,
    lines: bool,
    dot_all: bool,
}

impl Flags {
    fn set(&mut self, flag: char, on: bool) -> Result<(), RegexRefusal> {
        match flag {
            'i' => self.fold = on,
            'm' => self.lines = on,
            's' => self.dot_all = on,
            'u' if on => {}
            other => return refuse(format!("the flag `{other}`")),
        }
        Ok(())
    }
}

pub(super) struct Parser<'t> {
    pub(super) cursor: Cursor<'t>,
    pub(super) flags: Flags,
    depth: usize,
    ascii: bool,
    pub(super) third_case: bool,
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
        let mut members = Vec::new();
        while !matches!(self.cursor.peek(), None | Some('|' | ')')) {
            if let Some(atom) = self.atom()? {
                members.push(self.quantified(atom)?);
            }
        }
        Ok(Node::concat(members))
    }

    fn quantified(&mut self, mut atom: Node) -> Result<Node, RegexRefusal> {
        for _ in 0..MAX_QUANTIFIERS {
            let Some((min, max)) = quantifier(&mut self.cursor)? else { return Ok(atom) };
            if self.cursor.eat("+") {
                return refuse("a possessive quantifier");
            }
            // A lazy one finds the same texts.
            self.cursor.eat("?");
            atom = atom.repeated(min, max);
        }
        refuse("a run of quantifiers")
    }

    /// One atom; `None` for what stands for nothing: flags and comments.
    fn atom(&mut self) -> Result<Option<Node>, RegexRefusal> {
        let Some(c) = self.cursor.bump() else { return Ok(None) };
        Ok(Some(match c {
            '(' => return self.group(),
            '[' => Node::class(self.class()?),
            '.' if self.flags.dot_all => Node::Any,
            '.' => Node::class(Set::of([('\n', '\n')]).complement()),
            '^' => Node::Start { line: self.flags.lines },
            '$' => Node::End { line: self.flags.lines },
            '\\' => self.escape()?,
            c => self.char(c),
        }))
    }

    fn char(&mut self, c: char) -> Node {
        self.third_case |= self.flags.fold && is_with_third_case(c);
        Node::Char { c, fold: self.flags.fold }
    }

    /// What follows an opening parenthesis.
    fn group(&mut self) -> Result<Option<Node>, RegexRefusal> {
        if self.depth == MAX_NESTING {
            return refuse(format!("nesting deeper than {MAX_NESTING} levels"));
        }
        let around = self.flags;
        if self.cursor.eat("?") && !self.group_kind()? {
            return Ok(None);
        }
        self.depth += 1;
        let node = self.alternatives()?;
        self.depth -= 1;
        self.flags = around;
        if !self.cursor.eat(")") {
            return refuse("a parenthesis that is not closed");
        }
        Ok(Some(node))
    }

    /// Reads what follows `(?`; false if that is the whole group.
    fn group_kind(&mut self) -> Result<bool, RegexRefusal> {
        for (sign, what) in [
            ("=", "a look-ahead"),
            ("!", "a look-ahead"),
            ("<=", "a look-behind"),
            ("<!", "a look-behind"),
            (">", "an atomic group"),
            ("(", "a condition"),
            ("|", "a branch reset"),
            ("R", "a recursion"),
            ("P=", "a back-reference"),
            ("P>", "a recursion"),
        ] {
            if self.cursor.rest().starts_with(sign) {
                return refuse(what);
            }
        }
        if self.cursor.eat("#") {
            self.cursor.take_while(|c| c != ')');
            self.cursor.eat(")");
            return Ok(false);
        }
        if self.cursor.eat("P<") || self.cursor.eat("<") {
            self.cursor.take_while(|c| c != '>');
            self.cursor.eat(">");
            return Ok(true);
        }
        let mut on = true;
        loop {
            match self.cursor.bump() {
                Some(':') => return Ok(true),
                Some(')') => return Ok(false),
                Some('-') => on = false,
                Some(flag) => self.flags.set(flag, on)?,
                None => return refuse("a parenthesis that is not closed"),
            }
        }
    }

    /// What follows a backslash outside of classes.
    fn escape(&mut self) -> Result<Node, RegexRefusal> {
        match self.cursor.peek() {
            Some(c @ ('b' | 'B')) => self.boundary(c == 'B'),
            Some('<' | '>') => refuse("a boundary on one side of a word"),
            Some('A') => self.anchor(Node::Start { line: false }),
            Some('z') => self.anchor(Node::End { line: false }),
            Some('Z' | 'G') => refuse("an anchor other than `^` and `$`"),
            Some('1'..='9' | 'k' | 'g') => refuse("a back-reference"),
            _ => match self.escaped()? {
                Escaped::Char(c) => Ok(self.char(c)),
                Escaped::Set(set) => Ok(Node::class(set)),
            },
        }
    }

    fn boundary(&mut self, inside: bool) -> Result<Node, RegexRefusal> {
        self.cursor.bump();
        if self.cursor.rest().starts_with('{') {
            return refuse("a boundary on one side of a word");
        }
        self.ascii = true;
        Ok(Node::Boundary { inside })
    }

    fn anchor(&mut self, node: Node) -> Result<Node, RegexRefusal> {
        self.cursor.bump();
        Ok(node)
    }

    /// What follows a backslash, also in a class.
    pub(super) fn escaped(&mut self) -> Result<Escaped, RegexRefusal> {
        let Some(c) = self.cursor.bump() else { return refuse("a backslash at the end") };
        let ranges = match c.to_ascii_lowercase() {
            'd' => Some(DIGIT),
            'w' => Some(WORD),
            's' => Some(BLANK),
            _ => None,
        };
        if let Some(ranges) = ranges {
            self.ascii = true;
            let set = Set::of(ranges.iter().copied());
            return Ok(Escaped::Set(if c.is_ascii_uppercase() { set.complement() } else { set }));
        }
        Ok(Escaped::Char(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'a' => '\u{7}',
            'e' => '\u{1b}',
            'x' => self.code_point(2)?,
            'u' => self.code_point(4)?,
            'U' => self.code_point(8)?,
            'p' | 'P' => return refuse("a class of Unicode characters (`\\p`)"),
            c if c.is_ascii_alphanumeric() => return refuse(format!("the escape `\\{c}`")),
            c => c,
        }))
    }

    /// Hexadecimal digits: so many, or any number in braces.
    fn code_point(&mut self, digits: usize) -> Result<char, RegexRefusal> {
        let braces = self.cursor.eat("{");
        let mut left = if braces { usize::MAX } else { digits };
        let text = self.cursor.take_while(|c| {
            let taken = left > 0 && c.is_ascii_hexdigit();
            left = left.saturating_sub(1);
            taken
        });
        if braces {
            self.cursor.eat("}");
        }
        let code = u32::from_str_radix(text, 16).ok();
        code.and_then(char::from_u32).map_or_else(|| refuse("an escape of no character"), Ok)
    }
}

pub(super) enum Escaped {
    Char(char),
    Set(Set),
}

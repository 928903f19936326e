//! Classes (`[...]`) in the dialect of [`Regex`](crate::query::Regex).

use super::RegexRefusal;
use super::perl::{Escaped, Parser, refuse};
use super::set::{POSIX, Set};

impl Parser<'_> {
    /// What follows `[`.
    pub(super) fn class(&mut self) -> Result<Set, RegexRefusal> {
        let negated = self.cursor.eat("^");
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut first = true;
        loop {
            if ["&&", "--", "~~"].iter().any(|sign| self.cursor.rest().starts_with(sign)) {
                return refuse("an operation on classes");
            }
            let low = match self.cursor.bump() {
                None => return refuse("a class that is not closed"),
                Some(']') if !first => break,
                Some('[') => {
                    ranges.extend(self.posix()?.ranges());
                    first = false;
                    continue;
                }
                Some('\\') => match self.class_escape()? {
                    Escaped::Char(c) => c,
                    Escaped::Set(set) => {
                        ranges.extend(set.ranges());
                        first = false;
                        continue;
                    }
                },
                Some(c) => c,
            };
            first = false;
            ranges.push((low, self.range_end()?.unwrap_or(low)));
        }
        let set = Set::of(ranges);
        let set = if self.flags.fold { set.folded() } else { set };
        self.third_case |= self.flags.fold && set.lacks_third_case();
        Ok(if negated { set.complement() } else { set })
    }

    /// The upper end of a range whose lower end was just read.
    fn range_end(&mut self) -> Result<Option<char>, RegexRefusal> {
        if self.cursor.peek() != Some('-') || self.cursor.peek_second() == Some(']') {
            return Ok(None);
        }
        self.cursor.bump();
        match self.cursor.bump() {
            Some('\\') => match self.class_escape()? {
                Escaped::Char(c) => Ok(Some(c)),
                Escaped::Set(_) => refuse("a range that ends in a class"),
            },
            end => Ok(end),
        }
    }

    fn class_escape(&mut self) -> Result<Escaped, RegexRefusal> {
        match self.cursor.peek() {
            Some('b') => refuse("the escape `\\b` in a class"),
            _ => self.escaped(),
        }
    }

    /// `[:name:]` inside a class, whose bracket was just read.
    fn posix(&mut self) -> Result<Set, RegexRefusal> {
        if !self.cursor.eat(":") {
            return refuse("a class inside a class");
        }
        let negated = self.cursor.eat("^");
        let name = self.cursor.take_while(|c| c != ':' && c != ']');
        let Some((_, ranges)) = POSIX.iter().find(|(own, _)| *own == name) else {
            return refuse("a class inside a class");
        };
        if !self.cursor.eat(":]") {
            return refuse("a class inside a class");
        }
        let set = Set::of(ranges.iter().copied());
        Ok(if negated { set.complement() } else { set })
    }
}

//! Terms and quoted text.

use super::Parser;
use crate::language::datadog::lexis;
use crate::language::kit::QueryError;
use crate::query::{Part, Pattern};
use crate::source::Span;

impl Parser<'_> {
    /// An unquoted term, up to a character that cannot stand in one or for which `stop` holds:
    /// a backslash makes the next character literal, `*` and `?` are wildcards. May be empty.
    pub(super) fn term(&mut self, stop: fn(char) -> bool) -> Option<Pattern> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        while let Some(c) = self.cursor.peek() {
            let wildcard = match c {
                '*' => Part::Any,
                '?' => Part::One,
                '\\' => {
                    literal.push(self.escaped()?);
                    continue;
                }
                c if lexis::ends_term(c) || stop(c) => break,
                '&' | '|' if self.cursor.peek_second() == Some(c) => return self.glued_operator(c),
                c => {
                    literal.push(c);
                    self.cursor.bump();
                    continue;
                }
            };
            parts.push(Part::Literal(std::mem::take(&mut literal)));
            parts.push(wildcard);
            self.cursor.bump();
        }
        parts.push(Part::Literal(literal));
        Some(parts.into_iter().collect())
    }

    /// The docs read `&&` and `||` as operators, the open parser as part of the term.
    fn glued_operator(&mut self, c: char) -> Option<Pattern> {
        let here = self.cursor.here();
        let error = QueryError::syntax(here, format!("`{c}{c}` stands inside a search term"));
        self.fail(error.help("put blanks around it if it is an operator, else quote the term"))
    }

    /// `\x`: the character `x`, whatever it is.
    fn escaped(&mut self) -> Option<char> {
        let start = self.cursor.at();
        self.cursor.bump();
        match self.cursor.bump() {
            Some(c) => Some(c),
            None => {
                let span = self.cursor.span_from(start);
                let error = QueryError::syntax(span, "the backslash at the end escapes nothing");
                self.fail(error.help("write `\\\\` for a backslash"))
            }
        }
    }

    /// `"..."`: literal but for backslashes; the cursor is at the quote.
    pub(super) fn quoted(&mut self) -> Option<Pattern> {
        let start = self.cursor.here();
        self.cursor.bump();
        let mut text = String::new();
        loop {
            match self.cursor.peek() {
                Some('"') => break,
                Some('\\') => text.push(self.escaped()?),
                Some(c) => {
                    text.push(c);
                    self.cursor.bump();
                }
                None => {
                    let error = QueryError::syntax(start, "this quote is never closed");
                    return self.fail(error.help("add a `\"` at the end of the value"));
                }
            }
        }
        self.cursor.bump();
        Some(Pattern::literal(text))
    }

    /// Makes sure that a term or quoted text, which began at `start`, ends where it should.
    pub(super) fn end_of_value(&mut self, start: usize) -> Option<()> {
        let Some(c) = self.cursor.peek() else { return Some(()) };
        if c == ')' || lexis::is_blank(c) {
            return Some(());
        }
        let here = self.cursor.here();
        let before = self.raw(start);
        let error = if before.ends_with('"') && before.starts_with('"') {
            QueryError::syntax(here, "a blank is missing after the closing quote")
        } else {
            self.forbidden(here, c)
        };
        self.fail(error)
    }

    /// The error for a character that has to be escaped.
    pub(super) fn forbidden(&self, span: Span, c: char) -> QueryError {
        match c {
            '“' | '”' => {
                QueryError::syntax(span, format!("`{c}` is not a quote that Datadog knows"))
                    .help("write a straight `\"`")
            }
            c if c.is_whitespace() || c.is_control() => {
                let message = format!("the character U+{:04X} is no plain blank", u32::from(c));
                QueryError::syntax(span, message).help("write a blank, or quote the value")
            }
            c => QueryError::syntax(span, format!("`{c}` has a meaning of its own here"))
                .help(format!("write `\\{c}`, or quote the value")),
        }
    }
}

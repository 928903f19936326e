//! From text to tree.
//!
//! A recursive descent. An error ends its command; the parser goes on behind the next `|`, so
//! that errors in several commands are all reported. The tree is then not given out.

mod call;
mod command;
mod expression;
mod source;

use super::ast::{Command, Query, Stage};
use super::lex;
use super::name::{Name, continues_name, is_keyword};
use crate::language::kit::Located;
use crate::language::kit::{Cursor, MAX_NESTING, MAX_QUERY_BYTES, QueryError};
use crate::source::Span;

/// Errors after which the rest of a query is not read.
const MAX_ERRORS: usize = 20;

/// What could be read, or why not.
type Read<T> = Result<T, Box<QueryError>>;

/// Reads a query. The spans of the tree and of the errors count bytes of `text`.
pub fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
    if text.len() > MAX_QUERY_BYTES {
        let message = format!("the query is longer than {MAX_QUERY_BYTES} bytes");
        return Err(vec![QueryError::limit(Span::default(), message)]);
    }
    let mut parser =
        Parser { cursor: Cursor::new(text), depth: 0, comments: Vec::new(), errors: Vec::new() };
    let query = parser.query(true);
    match query {
        Some(query) if parser.errors.is_empty() => Ok(query),
        _ => Err(parser.errors),
    }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    /// Parentheses, brackets and calls around the current place.
    depth: usize,
    /// Comments since the last command's end.
    comments: Vec<&'t str>,
    errors: Vec<QueryError>,
}

impl Parser<'_> {
    /// A source command and what follows it. `None` after an error in the source command.
    fn query(&mut self, whole: bool) -> Option<Query> {
        self.comments.clear();
        let source = self.stage(Self::source, whole);
        let commands = self.commands(whole);
        Some(Query { source: source?, commands })
    }

    /// `| command | command ...` up to the end, or to the `)` of a part of a query.
    fn commands(&mut self, whole: bool) -> Vec<Stage<Command>> {
        let mut commands = Vec::new();
        while self.eat("|") {
            commands.extend(self.stage(Self::command, whole));
        }
        commands
    }

    /// One command with what has to follow it. `None` after an error.
    fn stage<C>(&mut self, read: fn(&mut Self) -> Read<C>, whole: bool) -> Option<Stage<C>> {
        self.blanks();
        let comments = self.comments.iter().map(|comment| (*comment).to_owned()).collect();
        let start = self.cursor.at();
        let read = read(self).and_then(|command| {
            let span = self.cursor.span_from(start);
            self.comments.clear();
            self.end_of_command(whole).map(|()| Located::new(command, span))
        });
        match read {
            Ok(command) => Some(Stage { command, comments }),
            Err(error) => {
                self.errors.push(*error);
                self.skip(whole);
                None
            }
        }
    }

    /// Checks that a command has come to its end.
    fn end_of_command(&mut self, whole: bool) -> Read<()> {
        self.blanks();
        match self.cursor.peek() {
            None | Some('|') => Ok(()),
            Some(')') if !whole => Ok(()),
            _ => self.expected("`|` or the end of the query"),
        }
    }

    /// Goes on to the next `|`, or to the `)` that ends this part of the query.
    fn skip(&mut self, whole: bool) {
        self.comments.clear();
        if self.errors.len() >= MAX_ERRORS {
            self.cursor.reset(self.cursor.text().len());
        }
        let mut open = 0_usize;
        loop {
            match self.cursor.peek() {
                Some('|') => return,
                Some(')') if open == 0 && !whole => return,
                Some('(') => open += 1,
                Some(')') => open = open.saturating_sub(1),
                _ => {}
            }
            if !lex::skip(&mut self.cursor) {
                return;
            }
        }
    }

    fn blanks(&mut self) {
        lex::blanks(&mut self.cursor, &mut self.comments);
    }

    /// Takes blanks and then what `read` takes, or nothing.
    fn try_next<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let start = self.cursor.at();
        self.blanks();
        let found = read(self);
        if found.is_none() {
            self.cursor.reset(start);
        }
        found
    }

    /// Takes a sign, if it is next.
    fn eat(&mut self, sign: &str) -> bool {
        self.try_next(|parser| parser.cursor.eat(sign).then_some(())).is_some()
    }

    /// Takes a word in any letter case, if it is next.
    fn eat_word(&mut self, wanted: &str) -> bool {
        self.try_next(|parser| {
            let word = parser.cursor.take_while(continues_name);
            word.eq_ignore_ascii_case(wanted).then_some(())
        })
        .is_some()
    }

    fn expect(&mut self, sign: &str) -> Read<()> {
        if self.eat(sign) { Ok(()) } else { self.expected(&format!("`{sign}`")) }
    }

    fn expect_word(&mut self, word: &str) -> Read<()> {
        if self.eat_word(word) {
            Ok(())
        } else {
            self.expected(&format!("`{}`", word.to_ascii_uppercase()))
        }
    }

    /// A name of a column.
    fn name(&mut self) -> Read<Located<Name>> {
        self.blanks();
        let start = self.cursor.at();
        let name = lex::name(&mut self.cursor)?;
        let span = self.cursor.span_from(start);
        // A keyword is a name only in backticks.
        let keyword = self.cursor.text().get(span.start..span.end).is_some_and(is_keyword);
        match name.filter(|_| !keyword) {
            Some(name) => Ok(Located::new(name, span)),
            None => {
                self.cursor.reset(start);
                self.expected("the name of a column")
            }
        }
    }

    /// A text in quotes.
    fn string(&mut self) -> Read<Located<String>> {
        self.blanks();
        let start = self.cursor.at();
        if self.cursor.peek() != Some('"') {
            return self.expected("a text in quotes");
        }
        let text = lex::string(&mut self.cursor)?;
        Ok(Located::new(text, self.cursor.span_from(start)))
    }

    /// One or more, with commas between them.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let mut items = vec![read(self)?];
        while self.eat(",") {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// Reads something that holds others of its kind, within the limit.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth == MAX_NESTING {
            let message = format!("the query is nested deeper than {MAX_NESTING} levels");
            let error = QueryError::limit(self.cursor.here(), message);
            // Nothing behind it is worth a message.
            self.cursor.reset(self.cursor.text().len());
            return Err(error.into());
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The error that something else was expected here.
    fn expected<T>(&mut self, wanted: &str) -> Read<T> {
        self.blanks();
        let rest = self.cursor.rest();
        let Some(c) = rest.chars().next() else {
            let message = format!("expected {wanted}, found the end of the query");
            return Err(QueryError::syntax(self.cursor.here(), message).into());
        };
        let here = self.cursor.here();
        let word = lex::word(&mut self.cursor.clone());
        let found = if word.is_empty() { String::from(c) } else { word.to_owned() };
        let span = Span::new(here.start, here.start + found.len());
        let error = QueryError::syntax(span, format!("expected {wanted}, found `{found}`"));
        Err(Box::new(match c {
            '=' => error.help("equality is `==`"),
            '\'' => error.help("texts stand in double quotes"),
            '/' if rest.starts_with("/*") => QueryError::syntax(span, "this comment is not closed"),
            '&' => error.help("the word is `AND`"),
            '-' | '#' | '$' | '%' => error.help("a name with such a character stands in backticks"),
            ')' => error.help("this closes nothing, or too early"),
            _ => error,
        }))
    }
}

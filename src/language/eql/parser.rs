//! The state of the parser: where it is, what it has found wrong, where it goes on.

use super::expression::{Expression, Literal, Node};
use super::lex::{Placed, Token};
use crate::language::kit::{Located, MAX_NESTING, QueryError};
use crate::source::Span;

/// Errors after which the rest of a query is not read.
const MAX_ERRORS: usize = 20;

/// What is left of a query, and what is wrong with it so far.
pub(super) struct Parser<'t> {
    end: usize,
    tokens: Vec<Placed<'t>>,
    pub(super) at: usize,
    /// Parentheses, calls and prefixes around the current place.
    pub(super) depth: usize,
    errors: Vec<QueryError>,
    /// Whether the rest of the query is not read, after a limit was hit.
    given_up: bool,
}

impl<'t> Parser<'t> {
    /// Starts with the first of some tokens; the text ends at `end`.
    pub(super) fn new(end: usize, tokens: Vec<Placed<'t>>, errors: Vec<QueryError>) -> Self {
        Self { end, tokens, at: 0, depth: 0, errors, given_up: false }
    }

    /// What was read, or what is wrong, in the order of the text.
    pub(super) fn finish<T>(mut self, read: T) -> Result<T, Vec<QueryError>> {
        if self.errors.is_empty() {
            return Ok(read);
        }
        self.errors.sort_by_key(|error| error.span.start);
        self.errors.truncate(MAX_ERRORS);
        Err(self.errors)
    }

    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token<'t>> {
        self.ahead(0)
    }

    /// The token after so many others.
    pub(super) fn ahead(&self, skipped: usize) -> Option<&Token<'t>> {
        let token = self.tokens.get(self.at + skipped).map(|(token, _)| token);
        token.filter(|_| !self.given_up)
    }

    /// Takes the next token.
    pub(super) fn bump(&mut self) {
        self.at += 1;
    }

    /// The place of the next token, empty at the end.
    pub(super) fn here(&self) -> Span {
        let at_end = Span::new(self.end, self.end);
        self.tokens.get(self.at).map_or(at_end, |(_, span)| *span)
    }

    /// The place of the token before.
    pub(super) fn before(&self) -> Span {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or_else(Span::default, |(_, span)| *span)
    }

    /// The token before.
    pub(super) fn last(&self) -> Option<&Token<'t>> {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map(|(token, _)| token)
    }

    /// Whether a keyword is next.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(own, false)) if *own == word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let eaten = self.is_word(word);
        self.at += usize::from(eaten);
        eaten
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let eaten = matches!(self.peek(), Some(Token::Sign(own)) if *own == sign);
        self.at += usize::from(eaten);
        eaten
    }

    /// Goes on to the next `and`, `or`, comma or closing mark of this depth.
    pub(super) fn skip(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign("(") => open += 1,
                Token::Sign(")") if open > 0 => open -= 1,
                Token::Sign(")" | "," | "|") | Token::Word("and" | "or", false) if open == 0 => {
                    return;
                }
                Token::Sign("]" | "[" | "![") => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Goes on to the end of a step, or to the start of the next one.
    pub(super) fn skip_step(&mut self) {
        while !matches!(self.peek(), None | Some(Token::Sign("]" | "[" | "!["))) {
            self.at += 1;
        }
    }

    pub(super) fn skip_pipe(&mut self) {
        while !matches!(self.peek(), None | Some(Token::Sign("|"))) {
            self.at += 1;
        }
    }

    /// What stands for something that could not be read.
    pub(super) fn nothing(span: Span) -> Node {
        Located::new(Expression::Literal(Literal::Null), span)
    }

    /// One level deeper, or the limit.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth < MAX_NESTING {
            self.depth += 1;
            return true;
        }
        let message = format!("the query is nested deeper than {MAX_NESTING} levels");
        self.error(QueryError::limit(self.here(), message));
        self.given_up = true;
        false
    }

    pub(super) fn error(&mut self, error: QueryError) {
        // What the lexer complained of is not news.
        let known = matches!(self.tokens.get(self.at), Some((Token::Bad, _)));
        if !self.given_up && !known {
            self.errors.push(error);
        }
        if self.errors.len() >= MAX_ERRORS {
            self.given_up = true;
        }
    }
}

//! The parser's place among the tokens, and the errors so far.

use super::lex::{MAX_ERRORS, Token};
use crate::language::kit::{Located, QueryError};
use crate::source::Span;

/// Reads tokens one after another; the grammar is in [`parse`](super::parse()).
pub(super) struct Parser {
    pub(super) tokens: Vec<Located<Token>>,
    pub(super) at: usize,
    /// Parentheses around the current place.
    pub(super) depth: usize,
    /// The end of the text.
    end: Span,
    errors: Vec<QueryError>,
    /// Whether the rest of the query is not read, after a limit was hit.
    given_up: bool,
}

impl Parser {
    /// Starts at the first token of `text`.
    pub(super) fn new(text: &str, tokens: Vec<Located<Token>>, errors: Vec<QueryError>) -> Self {
        let end = Span::new(text.len(), text.len());
        Self { tokens, at: 0, depth: 0, end, errors, given_up: false }
    }

    /// The tree, or all errors in the order of their places.
    pub(super) fn finish<T>(mut self, tree: T) -> Result<T, Vec<QueryError>> {
        if self.errors.is_empty() {
            return Ok(tree);
        }
        self.errors.sort_by_key(|error| error.span);
        self.errors.truncate(MAX_ERRORS);
        Err(self.errors)
    }

    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|token| &token.value)
    }

    /// The token after the next one.
    pub(super) fn peek_second(&self) -> Option<&Token> {
        self.tokens.get(self.at + 1).map(|token| &token.value)
    }

    /// Where the next token stands; the end of the text if there is none.
    pub(super) fn here(&self) -> Span {
        self.tokens.get(self.at).map_or(self.end, |token| token.span)
    }

    /// Where the token before this place stands.
    pub(super) fn before(&self) -> Span {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or(Span::default(), |token| token.span)
    }

    /// Takes the next token if `accept` holds.
    pub(super) fn next_if(&mut self, accept: impl Fn(&Token) -> bool) -> Option<Located<Token>> {
        let token = self.tokens.get(self.at).filter(|token| accept(&token.value))?.clone();
        self.at += 1;
        Some(token)
    }

    /// Takes a token and returns its place.
    pub(super) fn eat(&mut self, token: &Token) -> Option<Span> {
        self.next_if(|next| next == token).map(|token| token.span)
    }

    /// Notes an error.
    pub(super) fn error(&mut self, error: QueryError) {
        if !self.given_up {
            self.errors.push(error);
        }
        if self.errors.len() >= MAX_ERRORS {
            self.give_up();
        }
    }

    /// Notes that what comes next can start no operand.
    pub(super) fn missing(&mut self) {
        let here = self.here();
        let (found, help) = match self.peek() {
            // It has its own error.
            Some(Token::Broken) => return,
            None => ("the end of the query", None),
            Some(Token::Colon) => ("`:`", Some("a value with `:` in it needs quotes, or `\\:`")),
            Some(Token::Close) => ("`)`", Some("a parenthesis needs something in it")),
            Some(Token::And | Token::Or) => ("an operator", Some("the word itself needs quotes")),
            Some(Token::Tilde(_)) => ("`~`", Some("a value with `~` in it needs quotes, or `\\~`")),
            Some(Token::Boost(_)) => ("`^`", Some("a value with `^` in it needs quotes, or `\\^`")),
            Some(_) => ("a sign", Some("one sign is enough; use parentheses: `NOT (NOT ...)`")),
        };
        let error = QueryError::syntax(here, format!("expected a term, found {found}"));
        self.error(match help {
            Some(help) => error.help(help),
            None => error,
        });
    }

    /// Reads no more of the query and reports no more errors.
    pub(super) fn give_up(&mut self) {
        self.given_up = true;
        self.at = self.tokens.len();
    }

    /// Goes on to the next `AND`, `OR` or closing parenthesis outside of inner parentheses.
    pub(super) fn skip(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::And | Token::Or if open == 0 => return,
                Token::Close if open == 0 => return,
                Token::Close => open -= 1,
                Token::Open => open += 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

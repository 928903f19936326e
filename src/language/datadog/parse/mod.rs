//! Text to tree.
//!
//! Without a lexer, because what a character means depends on what is being read (`-` excludes
//! before a term and belongs to it inside). Errors are collected: after each the reader skips to
//! the next term.

mod clause;
mod group;
mod term;
mod value;

use super::{Clause, Query, Tree, lexis};
use crate::language::kit::{Cursor, MAX_NESTING, MAX_QUERY_BYTES, QueryError};
use crate::source::Span;

/// After this many errors the rest of the query is not read.
const MAX_ERRORS: usize = 20;

/// Reads a query. The empty query is `*`, as in the open parser.
pub fn parse(text: &str) -> Result<Query, Vec<QueryError>> {
    if text.len() > MAX_QUERY_BYTES {
        let message = format!("the query has {} bytes, more than {MAX_QUERY_BYTES}", text.len());
        return Err(vec![QueryError::limit(Span::new(0, text.len()), message)]);
    }
    let mut parser = Parser { cursor: Cursor::new(text), errors: Vec::new(), depth: 0 };
    parser.skip_blanks();
    if parser.cursor.is_at_end() {
        return Ok(Tree::Leaf(Clause::All));
    }
    let query = parser.disjunction(Parser::clause);
    // Only a `)` without a `(` ends the query before its end.
    while !parser.cursor.is_at_end() {
        let error = QueryError::syntax(parser.cursor.here(), "this `)` closes nothing");
        parser.cursor.bump();
        parser.report(error.help("remove it, or escape or quote it"));
        parser.skip_blanks();
        if !parser.cursor.is_at_end() && parser.cursor.peek() != Some(')') {
            parser.disjunction(Parser::clause);
        }
    }
    match query {
        Some(query) if parser.errors.is_empty() => Ok(query),
        _ => Err(parser.errors),
    }
}

/// Reads one kind of leaf; `None` after an error.
type Leaf<'t, L> = fn(&mut Parser<'t>) -> Option<Tree<L>>;

struct Parser<'t> {
    cursor: Cursor<'t>,
    errors: Vec<QueryError>,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn skip_blanks(&mut self) {
        self.cursor.take_while(lexis::is_blank);
    }

    /// The text from an earlier offset to here.
    fn raw(&self, start: usize) -> &'t str {
        self.cursor.text().get(start..self.cursor.at()).unwrap_or_default()
    }

    /// Notes an error; after too many goes to the end.
    fn report(&mut self, error: QueryError) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        } else {
            self.give_up();
        }
    }

    fn give_up(&mut self) {
        self.cursor.reset(self.cursor.text().len());
    }

    /// Notes an error and skips what is left of the term.
    fn fail<T>(&mut self, error: QueryError) -> Option<T> {
        self.report(error);
        self.skip_term();
        None
    }

    /// Goes to the next blank or the `)` of the group around, over quotes and groups on the way.
    fn skip_term(&mut self) {
        let mut open = 0_usize;
        let mut quoted = false;
        while let Some(c) = self.cursor.peek() {
            match c {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '(' => open += 1,
                ')' if open == 0 => return,
                ')' => open -= 1,
                c if lexis::is_blank(c) && open == 0 => return,
                _ => {}
            }
            self.cursor.bump();
            if c == '\\' {
                self.cursor.bump();
            }
        }
    }

    /// Runs `read` one level deeper, or gives up on the whole query.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_NESTING {
            let message = format!("the query is nested deeper than {MAX_NESTING} levels");
            self.report(QueryError::limit(self.cursor.here(), message));
            self.give_up();
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

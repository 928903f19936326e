//! Boolean operators and parentheses, alike for clauses and for the values of a field.
//!
//! AND, written or not, binds tighter than OR; NOT and `-` take the one term that follows. The docs
//! name AND, OR and `-`; NOT, `&&`, `||` and `+` (which does nothing) are the open parser's.

use super::{Leaf, Parser};
use crate::language::datadog::{Tree, lexis};
use crate::language::kit::QueryError;
use crate::source::Span;

impl<'t> Parser<'t> {
    /// `x OR y OR z`, up to a `)` or the end.
    pub(super) fn disjunction<L>(&mut self, leaf: Leaf<'t, L>) -> Option<Tree<L>> {
        let mut members = vec![self.conjunction(leaf)];
        while self.eat_operator("OR", "||") {
            members.push(self.conjunction(leaf));
        }
        Tree::any_of(members.into_iter().collect::<Option<Vec<_>>>()?)
    }

    /// `x y AND z`, up to an OR, a `)` or the end.
    fn conjunction<L>(&mut self, leaf: Leaf<'t, L>) -> Option<Tree<L>> {
        let mut members = Vec::new();
        loop {
            self.skip_blanks();
            let start = self.cursor.at();
            if self.eat_operator("AND", "&&") {
                let span = self.cursor.span_from(start);
                if members.is_empty() {
                    members.push(self.missing("AND has no search term before it", span));
                }
                self.skip_blanks();
                if self.is_at_operand_end() {
                    members.push(self.missing("AND has no search term after it", span));
                }
            } else if self.is_at_operand_end() {
                break;
            } else {
                members.push(self.operand(leaf));
                // Whatever went wrong, the next round starts further on.
                if self.cursor.at() == start {
                    self.cursor.bump();
                }
            }
        }
        if members.is_empty() {
            let here = self.cursor.here();
            members.push(self.missing("a search term is missing here", here));
        }
        Tree::all(members.into_iter().collect::<Option<Vec<_>>>()?)
    }

    fn missing<T>(&mut self, message: &str, span: Span) -> Option<T> {
        let error = QueryError::syntax(span, message);
        self.report(error.help("to search for the word itself, quote it"));
        None
    }

    /// A leaf or a group with whatever stands before it.
    fn operand<L>(&mut self, leaf: Leaf<'t, L>) -> Option<Tree<L>> {
        self.nested(|parser| {
            let start = parser.cursor.at();
            if parser.eat_operator("NOT", "-") {
                let span = parser.cursor.span_from(start);
                Some(parser.prefixed(leaf, span)?.negated())
            } else if parser.cursor.eat("+") {
                let span = parser.cursor.span_from(start);
                parser.prefixed(leaf, span)
            } else if parser.cursor.eat("!") {
                let span = parser.cursor.span_from(start);
                let error = QueryError::syntax(span, "`!` is no operator");
                parser.report(error.help("write `-` to exclude what follows"));
                parser.prefixed(leaf, span)
            } else if parser.cursor.peek() == Some('(') {
                parser.group(leaf)
            } else {
                leaf(parser)
            }
        })
    }

    /// The operand of a prefix operator, which stood at `span`.
    fn prefixed<L>(&mut self, leaf: Leaf<'t, L>, span: Span) -> Option<Tree<L>> {
        self.skip_blanks();
        if self.is_at_operand_end() || self.is_at_operator("AND", "&&") {
            return self.missing("nothing follows the operator", span);
        }
        self.operand(leaf)
    }

    /// `( ... )`; the cursor is at the `(`.
    pub(super) fn group<L>(&mut self, leaf: Leaf<'t, L>) -> Option<Tree<L>> {
        let open = self.cursor.here();
        self.cursor.bump();
        let inner = self.disjunction(leaf);
        if !self.cursor.eat(")") {
            // The end was reached, perhaps because of an error that explains more.
            if self.errors.is_empty() {
                let error = QueryError::syntax(open, "this `(` is never closed");
                self.report(error.help("add a `)`, or escape or quote the `(`"));
            }
            return None;
        }
        inner
    }

    /// Whether no operand can start here.
    fn is_at_operand_end(&self) -> bool {
        self.cursor.is_at_end()
            || self.cursor.peek() == Some(')')
            || self.is_at_operator("OR", "||")
    }

    fn is_at_operator(&self, word: &str, sign: &str) -> bool {
        self.cursor.clone().eat(sign)
            || self.cursor.rest().strip_prefix(word).is_some_and(|rest| {
                // Operators are words of their own: `ORDER` is a search term.
                rest.chars().next().is_none_or(|c| c != ':' && lexis::ends_term(c))
            })
    }

    fn eat_operator(&mut self, word: &str, sign: &str) -> bool {
        self.is_at_operator(word, sign) && (self.cursor.eat(sign) || self.cursor.eat(word))
    }
}

//! From tokens to conditions and values.
//!
//! Precedence, from loose to tight: `or`, `and`, `not`, comparisons (which do not chain), sums,
//! products, sign.

use super::expression::{Comparison, Expression, Lookup, Node};
use super::hint;
use super::lex::Token;
use super::parser::Parser;
use crate::language::kit::{Located, QueryError};
use crate::source::Span;

impl Parser<'_> {
    /// `all or all ...`
    pub(super) fn condition(&mut self) -> Node {
        self.joined("or", Self::all, Expression::Or)
    }

    fn all(&mut self) -> Node {
        self.joined("and", Self::negation, Expression::And)
    }

    fn joined(
        &mut self,
        word: &str,
        member: fn(&mut Self) -> Node,
        join: fn(Vec<Node>) -> Expression,
    ) -> Node {
        let first = member(self);
        let mut span = first.span;
        let mut members = vec![first];
        while self.eat_word(word) {
            let next = member(self);
            span = span.to(next.span);
            members.push(next);
        }
        match members.pop() {
            Some(only) if members.is_empty() => only,
            last => Located::new(join(members.into_iter().chain(last).collect()), span),
        }
    }

    /// `not negation`, or a comparison and whatever may stand after one.
    fn negation(&mut self) -> Node {
        let start = self.here();
        if !self.eat_word("not") {
            let node = self.comparison();
            self.after_comparison();
            return node;
        }
        if !self.enter() {
            return Self::nothing(start);
        }
        let inner = self.negation();
        self.depth -= 1;
        let span = start.to(inner.span);
        Located::new(Expression::Not(Box::new(inner)), span)
    }

    /// Checks that what follows a comparison can follow one, and if not, says so and skips it.
    fn after_comparison(&mut self) {
        let follows = matches!(
            self.peek(),
            None | Some(Token::Word("and" | "or", false) | Token::Sign(")" | "]" | "," | "|"))
        );
        if !follows && !matches!(self.peek(), Some(Token::Sign("[" | "!["))) {
            let error = hint::after_condition(self);
            self.error(error);
            self.skip();
        }
    }

    /// A value, compared with another or not.
    fn comparison(&mut self) -> Node {
        let value = self.sum();
        let start = value.span;
        if let Some(Token::Sign(sign)) = self.peek()
            && let Some(operator) = Comparison::ALL.into_iter().find(|c| c.sign() == *sign)
        {
            self.bump();
            let right = self.sum();
            let span = start.to(right.span);
            let (left, right) = (Box::new(value), Box::new(right));
            return Located::new(Expression::Compare { left, operator, right }, span);
        }
        let Some(operator) = self.lookup() else { return value };
        let list = self.list(operator);
        let span = start.to(self.before());
        Located::new(Expression::Among { value: Box::new(value), operator, list }, span)
    }

    /// Takes a lookup operator, if one is next.
    fn lookup(&mut self) -> Option<Lookup> {
        if self.eat_sign(":") {
            return Some(Lookup::Is);
        }
        let negated = self.is_word("not");
        let Some(Token::Word(word, any_case)) = self.ahead(usize::from(negated)) else {
            return None;
        };
        let operator = Lookup::of_word(word, *any_case)?;
        if !negated {
            self.bump();
            return Some(operator);
        }
        if operator.negated().is_none() {
            let span = self.here();
            let error =
                QueryError::syntax(span, format!("`not {}` is no operator", operator.sign()));
            self.error(error.help(format!("write `not field {} ...`", operator.sign())));
        }
        self.bump();
        self.bump();
        Some(operator.negated().unwrap_or(operator))
    }

    /// What a lookup compares with: one literal, or a list in parentheses.
    fn list(&mut self, operator: Lookup) -> Vec<Node> {
        let open = self.here();
        if !self.eat_sign("(") {
            if operator.needs_list() {
                let error = hint::missing(self, "a list in parentheses");
                self.error(error.help(format!("write `{} (\"...\")`", operator.sign())));
                self.skip();
                return vec![Self::nothing(open)];
            }
            return vec![self.member(operator)];
        }
        let mut list = vec![self.member(operator)];
        while self.eat_sign(",") {
            list.push(self.member(operator));
        }
        self.close(open);
        list
    }

    fn member(&mut self, operator: Lookup) -> Node {
        let start = self.here();
        if matches!(self.peek(), Some(Token::Sign(")" | ","))) {
            let error = hint::missing(self, "a value");
            self.error(error);
            return Self::nothing(start);
        }
        let member = self.sum();
        let literal = matches!(member.value, Expression::Literal(_));
        if !literal && !operator.needs_list() {
            let message = format!("`{}` compares with literals only", operator.sign());
            let error = QueryError::syntax(member.span, message);
            self.error(error.help("a text needs quotes"));
        }
        member
    }

    pub(super) fn close(&mut self, open: Span) {
        if self.eat_sign(")") {
            return;
        }
        let error = match self.peek() {
            None => QueryError::syntax(open, "this is not closed").help("add the `)`"),
            Some(_) => hint::missing(self, "`)`"),
        };
        self.error(error);
        self.skip();
        self.eat_sign(")");
    }
}

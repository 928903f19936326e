//! From tokens to values: sums, products, signs, calls, fields and literals.

use super::expression::{Expression, Field, Literal, Node};
use super::function::Function;
use super::hint;
use super::lex::{KEYWORDS, OPENING, Token};
use super::parser::Parser;
use crate::language::kit::{Arithmetic, Located, MAX_NESTING, QueryError};
use crate::query::Number;
use crate::source::Span;

impl Parser<'_> {
    pub(super) fn sum(&mut self) -> Node {
        self.chain(&Arithmetic::SUMS, Self::product)
    }

    fn product(&mut self) -> Node {
        self.chain(&Arithmetic::PRODUCTS, Self::signed)
    }

    /// Operands between operators of one precedence, the first ones together first.
    fn chain(&mut self, operators: &[Arithmetic], operand: fn(&mut Self) -> Node) -> Node {
        let mut left = operand(self);
        for count in 0.. {
            let Some(Token::Sign(sign)) = self.peek() else { break };
            let Some(operator) = operators.iter().find(|own| own.sign() == *sign) else { break };
            if count == MAX_NESTING {
                let message = format!("more than {MAX_NESTING} operators in a row");
                self.error(QueryError::limit(self.here(), message));
                self.skip();
                break;
            }
            self.bump();
            let right = operand(self);
            let span = left.span.to(right.span);
            let (boxed, right) = (Box::new(left), Box::new(right));
            let sum = Expression::Arithmetic { left: boxed, operator: *operator, right };
            left = Located::new(sum, span);
        }
        left
    }

    /// `-value`, `+value` or a value. A sign directly before a number belongs to it.
    fn signed(&mut self) -> Node {
        let start = self.here();
        let minus = self.eat_sign("-");
        if !minus && !self.eat_sign("+") {
            return self.primary();
        }
        let numeral = matches!(self.peek(), Some(Token::Integer(_) | Token::Decimal(_)));
        if !self.enter() {
            return Self::nothing(start);
        }
        let inner = self.signed();
        self.depth -= 1;
        let span = start.to(inner.span);
        let value = match inner.value {
            value if !minus => value,
            Expression::Literal(Literal::Integer(i)) if numeral => {
                Expression::Literal(Literal::Integer(-i))
            }
            Expression::Literal(Literal::Decimal(number)) if numeral => {
                let negative = Number::new(-number.get()).unwrap_or(number);
                Expression::Literal(Literal::Decimal(negative))
            }
            value => Expression::Negative(Box::new(Located::new(value, inner.span))),
        };
        Located::new(value, span)
    }

    /// A literal, a field, a call, or anything in parentheses.
    fn primary(&mut self) -> Node {
        let start = self.here();
        let literal = match self.peek() {
            Some(Token::Text(text)) => Some(Literal::Text(text.clone())),
            Some(Token::Integer(i)) => Some(Literal::Integer(*i)),
            Some(Token::Decimal(number)) => Some(Literal::Decimal(*number)),
            Some(Token::Word("true", false)) => Some(Literal::Boolean(true)),
            Some(Token::Word("false", false)) => Some(Literal::Boolean(false)),
            Some(Token::Word("null", false)) => Some(Literal::Null),
            _ => None,
        };
        if let Some(literal) = literal {
            self.bump();
            return Located::new(Expression::Literal(literal), start);
        }
        if self.eat_sign("(") {
            if !self.enter() {
                return Self::nothing(start);
            }
            let inner = self.condition();
            self.depth -= 1;
            self.close(start);
            return Located::new(inner.value, start.to(self.before()));
        }
        if let Some(Token::Word(name, any_case)) = self.peek()
            && self.ahead(1) == Some(&Token::Sign("("))
            && !KEYWORDS.contains(name)
        {
            let (name, any_case) = ((*name).to_owned(), *any_case);
            return self.call(&name, any_case);
        }
        if let Some(field) = self.field() {
            return Located::new(Expression::Field(field), start.to(self.before()));
        }
        let error = hint::missing(self, "a condition");
        self.error(error);
        self.skip();
        Self::nothing(start)
    }

    fn call(&mut self, name: &str, insensitive: bool) -> Node {
        let start = self.here();
        self.bump();
        let open = self.here();
        self.bump();
        if !self.enter() {
            return Self::nothing(start);
        }
        let mut arguments = Vec::new();
        if !matches!(self.peek(), Some(Token::Sign(")"))) {
            arguments.push(self.condition());
            while self.eat_sign(",") {
                arguments.push(self.condition());
            }
        }
        self.depth -= 1;
        self.close(open);
        let span = start.to(self.before());
        match hint::check_call(name, insensitive, arguments.len(), start, span) {
            Ok(function) => self.called(function, insensitive, arguments, span),
            Err(error) => {
                self.error(error);
                Self::nothing(span)
            }
        }
    }

    fn called(
        &self,
        function: Function,
        insensitive: bool,
        arguments: Vec<Node>,
        span: Span,
    ) -> Node {
        Located::new(Expression::Call { function, insensitive, arguments }, span)
    }

    /// Takes a field, if one is next.
    pub(super) fn field(&mut self) -> Option<Field> {
        let optional = self.peek() == Some(&Token::Sign("?"));
        let mut path = self.name(usize::from(optional))?;
        self.bump();
        if optional {
            self.bump();
        }
        while self.peek() == Some(&Token::Sign(".")) {
            let Some(next) = self.name(1) else { break };
            self.bump();
            self.bump();
            path.push('.');
            path.push_str(&next);
        }
        Some(Field { optional, path })
    }

    /// The name that stands after so many tokens.
    fn name(&self, skipped: usize) -> Option<String> {
        match self.ahead(skipped)? {
            Token::Name(name) => Some(name.clone()),
            Token::Word(word, false) if !KEYWORDS.contains(word) && !OPENING.contains(word) => {
                Some((*word).to_owned())
            }
            _ => None,
        }
    }
}

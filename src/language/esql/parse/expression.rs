//! Expressions: `or` binds least, then `and`, `not`, comparisons, `+ -`, `* / %`, the sign, `::`.

use super::super::expression::{Comparison, Expression, Level, Node};
use super::super::lex;
use super::super::name::is_keyword;
use super::{Parser, Read};
use crate::language::kit::{Arithmetic, Located};

/// Makes a junction of its members.
type Join = fn(Vec<Node>) -> Expression;

/// The words that join conditions, the level that each makes, and the level of its members.
const JUNCTIONS: [(&str, Level, Level, Join); 2] = [
    ("and", Level::And, Level::Not, Expression::And),
    ("or", Level::Or, Level::And, Expression::Or),
];

impl Parser<'_> {
    /// A whole expression.
    pub(super) fn expression(&mut self) -> Read<Node> {
        self.climb(Level::Or)
    }

    /// An expression whose operators bind at least as tight as `level`. One function for all
    /// levels keeps the stack small: a pair of parentheses costs a handful of calls.
    fn climb(&mut self, level: Level) -> Read<Node> {
        let mut node = self.climb_to_comparison(level)?;
        for (word, own, inner, join) in JUNCTIONS {
            if level <= own && self.eat_word(word) {
                node = self.junction(node, word, inner, join)?;
            }
        }
        Ok(node)
    }

    fn climb_to_comparison(&mut self, level: Level) -> Read<Node> {
        self.blanks();
        let start = self.cursor.at();
        if level <= Level::Not && self.eat_word("not") {
            let inner = self.nested(|parser| parser.climb(Level::Not))?;
            let span = self.cursor.span_from(start);
            return Ok(Located::new(Expression::Not(Box::new(inner)), span));
        }
        let mut node = self.operand()?;
        if level <= Level::Product {
            node = self.chain(node, &Arithmetic::PRODUCTS, Level::Sign)?;
        }
        if level <= Level::Sum {
            node = self.chain(node, &Arithmetic::SUMS, Level::Product)?;
        }
        if level > Level::Comparison {
            return Ok(node);
        }
        match self.compared(node)? {
            Ok(node) => Ok(node),
            Err(compared) => Ok(Located::new(compared, self.cursor.span_from(start))),
        }
    }

    /// `first word member word member ...` behind the first word.
    fn junction(&mut self, first: Node, word: &str, inner: Level, join: Join) -> Read<Node> {
        let start = first.span.start;
        let mut members = vec![first, self.climb(inner)?];
        while self.eat_word(word) {
            members.push(self.climb(inner)?);
        }
        Ok(Located::new(join(members), self.cursor.span_from(start)))
    }

    /// `first sign member sign member ...`; the first alone if no sign follows.
    fn chain(&mut self, first: Node, signs: &[Arithmetic], inner: Level) -> Read<Node> {
        let start = first.span.start;
        let mut rest = Vec::new();
        while let Some(sign) = signs.iter().find(|sign| self.eat(sign.sign())) {
            rest.push((*sign, self.climb(inner)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        let chain = Expression::Arithmetic { first: Box::new(first), rest };
        Ok(Located::new(chain, self.cursor.span_from(start)))
    }

    /// What a value becomes by what follows it; itself if nothing does.
    fn compared(&mut self, value: Node) -> Read<Result<Node, Expression>> {
        if self.eat_word("is") {
            let negated = self.eat_word("not");
            self.expect_word("null")?;
            return Ok(Err(Expression::IsNull { value: Box::new(value), negated }));
        }
        let before = self.cursor.at();
        let negated = self.eat_word("not");
        if self.eat_word("in") {
            self.expect("(")?;
            let list = self.nested(|parser| parser.list(|parser| parser.climb(Level::Sum)))?;
            self.expect(")")?;
            return Ok(Err(Expression::In { value: Box::new(value), negated, list }));
        }
        let regex = self.eat_word("rlike");
        if regex || self.eat_word("like") {
            let patterns = self.patterns()?;
            return Ok(Err(Expression::Like { value: Box::new(value), negated, regex, patterns }));
        }
        self.cursor.reset(before);
        if self.at(":") && !self.at("::") {
            self.eat(":");
            let (field, query) = (Box::new(value), Box::new(self.operand()?));
            return Ok(Err(Expression::Match { field, query }));
        }
        match Comparison::ALL.into_iter().find(|comparison| self.eat(comparison.sign())) {
            Some(comparison) => {
                let (left, right) = (Box::new(value), Box::new(self.climb(Level::Sum)?));
                Ok(Err(Expression::Compare { left, comparison, right }))
            }
            None => Ok(Ok(value)),
        }
    }

    fn at(&mut self, sign: &str) -> bool {
        let start = self.cursor.at();
        let found = self.eat(sign);
        self.cursor.reset(start);
        found
    }

    /// One pattern, or several in parentheses.
    fn patterns(&mut self) -> Read<Vec<Node>> {
        let listed = self.eat("(");
        let patterns = if listed { self.list(Self::pattern)? } else { vec![self.pattern()?] };
        if listed {
            self.expect(")")?;
        }
        Ok(patterns)
    }

    fn pattern(&mut self) -> Read<Node> {
        self.blanks();
        match self.cursor.peek() {
            Some('"' | '?') => self.primary(),
            _ => self.expected("a pattern in quotes"),
        }
    }

    /// A value with its sign and its type.
    pub(super) fn operand(&mut self) -> Read<Node> {
        self.blanks();
        let start = self.cursor.at();
        if self.eat("-") {
            let inner = self.nested(Self::operand)?;
            let span = self.cursor.span_from(start);
            return Ok(Located::new(Expression::Negative(Box::new(inner)), span));
        }
        let value = self.primary()?;
        let mut to = Vec::new();
        while self.eat("::") {
            self.blanks();
            match lex::word(&mut self.cursor) {
                "" => return self.expected("a type"),
                word => to.push(word.to_ascii_lowercase()),
            }
        }
        if to.is_empty() {
            return Ok(value);
        }
        let cast = Expression::Cast { value: Box::new(value), to };
        Ok(Located::new(cast, self.cursor.span_from(start)))
    }

    /// A constant, a name, a call, or something in parentheses or brackets.
    pub(super) fn primary(&mut self) -> Read<Node> {
        self.blanks();
        let start = self.cursor.at();
        if self.cursor.eat("(") {
            let mut inner = self.nested(Self::expression)?;
            self.expect(")")?;
            inner.span = self.cursor.span_from(start);
            return Ok(inner);
        }
        let expression = if self.cursor.eat("[") {
            let items = self.nested(|parser| parser.list(Self::operand))?;
            self.expect("]")?;
            Expression::List(items)
        } else {
            self.leaf()?
        };
        Ok(Located::new(expression, self.cursor.span_from(start)))
    }

    /// A constant, a name or a call.
    fn leaf(&mut self) -> Read<Expression> {
        match self.cursor.peek() {
            Some('"') => Ok(Expression::Text(lex::string(&mut self.cursor)?)),
            Some('?') => {
                self.cursor.bump();
                let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '?');
                Ok(Expression::Parameter(self.cursor.take_while(part).to_owned()))
            }
            Some('0'..='9' | '.') => self.number(),
            _ => self.named(),
        }
    }

    /// A number, or a span of time.
    fn number(&mut self) -> Read<Expression> {
        let Some(number) = lex::number(&mut self.cursor) else { return self.expected("a value") };
        let amount = number.to_owned();
        match self.try_next(|parser| lex::unit(&mut parser.cursor)) {
            Some(unit) => Ok(Expression::Timespan { amount, unit }),
            None => Ok(Expression::Number(amount)),
        }
    }

    /// A name, a call, or one of the words that are constants.
    fn named(&mut self) -> Read<Expression> {
        let start = self.cursor.at();
        let word = lex::word(&mut self.cursor);
        let part_of_name = matches!(self.cursor.peek(), Some('.'));
        if !word.is_empty() && !part_of_name {
            match word.to_ascii_lowercase().as_str() {
                "true" => return Ok(Expression::Boolean(true)),
                "false" => return Ok(Expression::Boolean(false)),
                "null" => return Ok(Expression::Null),
                _ => {}
            }
            let name = word.to_ascii_uppercase();
            if !is_keyword(word) && self.eat("(") {
                return self.nested(|parser| parser.call(name));
            }
            if is_keyword(word) {
                self.cursor.reset(start);
                return self.expected("a value");
            }
        }
        self.cursor.reset(start);
        match lex::name(&mut self.cursor)? {
            Some(name) => Ok(Expression::Name(name)),
            None => self.expected("a value"),
        }
    }
}

//! The arguments of functions.

use super::super::expression::{Expression, Node, OptionValue, Options};
use super::{Parser, Read};
use crate::language::kit::Located;
use crate::language::kit::QueryError;

impl Parser<'_> {
    /// The arguments of a call, after its parenthesis.
    pub(super) fn call(&mut self, name: String) -> Read<Expression> {
        let (mut arguments, mut options) = (Vec::new(), None);
        if self.eat(")") {
            return Ok(Expression::Call { name, arguments, options });
        }
        loop {
            self.blanks();
            let start = self.cursor.at();
            if self.cursor.peek() == Some('{') {
                options = Some(self.options()?);
                break;
            }
            if self.eat("*") {
                arguments.push(Located::new(Expression::Star, self.cursor.span_from(start)));
            } else {
                arguments.push(self.expression()?);
            }
            if !self.eat(",") {
                break;
            }
        }
        if !self.eat(")") {
            return self.expected("`,` or `)`");
        }
        Ok(Expression::Call { name, arguments, options })
    }

    /// `{"name": value, ...}`.
    pub(super) fn options(&mut self) -> Read<Options> {
        self.expect("{")?;
        if self.eat("}") {
            return Ok(Options(Vec::new()));
        }
        let options = self.nested(|parser| {
            parser.list(|parser| {
                let name = parser.string()?.value;
                parser.expect(":")?;
                parser.blanks();
                if parser.cursor.peek() == Some('{') {
                    return Ok((name, OptionValue::Options(parser.options()?)));
                }
                let value = parser.operand()?;
                constant(&value)?;
                Ok((name, OptionValue::Constant(value)))
            })
        })?;
        self.expect("}")?;
        Ok(Options(options))
    }
}

/// Named arguments are constants.
fn constant(value: &Node) -> Read<()> {
    match &value.value {
        Expression::Name(_) | Expression::Call { .. } => {
            Err(QueryError::syntax(value.span, "the value of an option is a constant").into())
        }
        _ => Ok(()),
    }
}

//! Values: constants, columns, and what operators make of them.

use super::super::expression::{Expression, Node};
use super::column::{Column, Constant, Field, Form};
use super::{Lowered, Lowerer, refused};
use crate::language::kit::Arithmetic;
use crate::query::{FieldType, Number};
use crate::source::Span;

impl Lowerer<'_> {
    /// What an expression stands for.
    pub(super) fn value(&mut self, node: &Node) -> Lowered<Column> {
        let constant = |constant| Ok(Column::Constant(constant));
        match &node.value {
            Expression::Name(name) => {
                let column = self.scope.get(name.as_str(), node.span)?;
                self.charge(column.weight() + self.scope.cost(0), node.span)?;
                Ok(column)
            }
            Expression::Text(text) => constant(Constant::Text(text.clone())),
            Expression::Boolean(value) => constant(Constant::Boolean(*value)),
            Expression::Null => constant(Constant::Null),
            Expression::Number(number) => constant(Constant::Number(exact(number, node.span)?)),
            Expression::List(items) => self.list(items),
            Expression::Negative(inner) => match self.value(inner)? {
                Column::Constant(Constant::Number(number)) => match Number::new(-number.get()) {
                    Some(number) => constant(Constant::Number(number)),
                    None => refused(node.span, "this number is too large"),
                },
                Column::Unknown(error) => Err(error),
                _ => refused(node.span, "computing with a field"),
            },
            Expression::Arithmetic { first, rest } => self.arithmetic(first, rest, node.span),
            Expression::Cast { value, to } => {
                let mut column = self.value(value)?;
                for kind in to {
                    column = self.convert(column, kind, &format!("::{kind}"), node.span)?;
                }
                Ok(column)
            }
            Expression::Call { name, arguments, options } => {
                self.call(name, arguments, options.as_ref(), node.span)
            }
            Expression::Timespan { .. } => refused(node.span, "a span of time"),
            Expression::Parameter(_) => {
                refused(node.span, "a parameter has a value only when the query runs")
            }
            Expression::Star => refused(node.span, "`*` is no value"),
            _ => self.whole_condition(node).map(Column::Condition),
        }
    }

    fn list(&mut self, items: &[Node]) -> Lowered<Column> {
        let mut constants = Vec::new();
        for item in items {
            match self.value(item)? {
                Column::Constant(constant) => constants.push(constant),
                _ => return refused(item.span, "a list holds constants"),
            }
        }
        Ok(Column::Constant(Constant::List(constants)))
    }

    /// Computations are followed between constants only.
    fn arithmetic(
        &mut self,
        first: &Node,
        rest: &[(Arithmetic, Node)],
        span: Span,
    ) -> Lowered<Column> {
        let mut total = self.number(first)?;
        for (sign, member) in rest {
            let number = self.number(member)?;
            total = match sign {
                Arithmetic::Add => total + number,
                Arithmetic::Subtract => total - number,
                Arithmetic::Multiply => total * number,
                // Whole numbers are divided without a rest, others with one.
                Arithmetic::Divide | Arithmetic::Modulo => {
                    return refused(span, format!("computing with `{}`", sign.sign()));
                }
            };
        }
        match Number::new(total) {
            Some(number) => Ok(Column::Constant(Constant::Number(number))),
            None => refused(span, "this number is too large"),
        }
    }

    fn number(&mut self, node: &Node) -> Lowered<f64> {
        match self.value(node)? {
            Column::Constant(Constant::Number(number)) => Ok(number.get()),
            Column::Unknown(error) => Err(error),
            _ => refused(node.span, "computing with a field"),
        }
    }

    /// `value::kind`, or the function of `name` that does the same.
    pub(super) fn convert(
        &mut self,
        column: Column,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Lowered<Column> {
        let field = match column {
            Column::Field(field) => field,
            Column::Constant(Constant::Null) => return Ok(column),
            Column::Constant(Constant::Text(_)) if is_text(kind) => return Ok(column),
            Column::Unknown(error) => return Err(error),
            _ => return refused(span, format!("`{name}` of this value")),
        };
        let own = self.schema.facts(&field.path).kind;
        let form = match (kind, field.form) {
            (kind, Form::Plain) if is_text(kind) => Form::Text,
            (kind, form @ (Form::Text | Form::Lower | Form::Upper)) if is_text(kind) => form,
            ("double", Form::Plain | Form::Text) => Form::Number,
            // The others round, so they are followed only where there is nothing to round.
            ("long" | "integer" | "int", Form::Plain) if own == FieldType::Number => Form::Plain,
            ("ip", Form::Plain | Form::Text) => Form::Address,
            ("boolean" | "bool", Form::Plain) if own == FieldType::Boolean => Form::Plain,
            _ => return refused(span, format!("`{name}` of a field")),
        };
        Ok(Column::Field(Field { path: field.path, form }))
    }
}

fn is_text(kind: &str) -> bool {
    matches!(kind, "string" | "keyword" | "text")
}

/// A number, unless it is one that is silently taken for its neighbour.
fn exact(text: &str, span: Span) -> Lowered<Number> {
    match text.parse().ok().and_then(Number::new) {
        Some(number) if number.is_exact() => Ok(number),
        Some(_) => refused(span, "numbers from 2^53 on cannot be compared exactly"),
        None => refused(span, "this number is too large"),
    }
}

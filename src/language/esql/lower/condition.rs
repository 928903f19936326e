//! Conditions.

use super::super::expression::{Comparison, Expression, Node};
use super::column::{Column, Constant, Form};
use super::ternary::Ternary;
use super::{Lowered, Lowerer, refused};
use crate::query::{Expr, Op, Order};
use crate::source::Span;

impl Lowerer<'_> {
    /// When a condition holds. What has no meaning is noted, and anything stands in its place.
    pub(super) fn condition(&mut self, node: &Node) -> Ternary {
        match &node.value {
            Expression::Or(members) => Ternary::any(
                members.iter().map(|member| self.condition(member)).collect::<Vec<_>>(),
            ),
            Expression::And(members) => Ternary::all(
                members.iter().map(|member| self.condition(member)).collect::<Vec<_>>(),
            ),
            Expression::Not(inner) => self.condition(inner).negated(),
            _ => self.test(node).unwrap_or_else(|error| {
                self.errors.push(*error);
                Ternary::null()
            }),
        }
    }

    /// When a condition holds, or the first reason why it has no meaning.
    pub(super) fn whole_condition(&mut self, node: &Node) -> Lowered<Ternary> {
        let outer = std::mem::take(&mut self.errors);
        // Whoever asks may go on with where the condition does not hold.
        let exact = std::mem::replace(&mut self.exact, true);
        let ternary = self.condition(node);
        self.exact = exact;
        let inner = std::mem::replace(&mut self.errors, outer);
        match inner.into_iter().next() {
            Some(error) => Err(error.into()),
            None => Ok(ternary),
        }
    }

    /// A condition without `AND`, `OR` and `NOT`.
    fn test(&mut self, node: &Node) -> Lowered<Ternary> {
        match &node.value {
            Expression::Compare { left, comparison, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                self.compare(left, *comparison, right, node.span)
            }
            Expression::In { value, negated, list } => {
                let value = self.value(value)?;
                let mut members = Vec::new();
                for item in list {
                    let item = self.value(item)?;
                    self.charge(value.weight(), node.span)?;
                    let equal = Comparison::Is(Order::Equal);
                    members.push(self.compare(value.clone(), equal, item, node.span)?);
                }
                Ok(Ternary::any(members).negated_if(*negated))
            }
            Expression::Like { value, negated, regex, patterns } => {
                let value = self.value(value)?;
                let mut members = Vec::new();
                for pattern in patterns {
                    self.charge(value.weight(), node.span)?;
                    members.push(self.like(&value, pattern, *regex)?);
                }
                Ok(Ternary::any(members).negated_if(*negated))
            }
            Expression::IsNull { value, negated } => {
                let value = self.value(value)?;
                let present = self.present(value, node.span)?;
                Ok(Ternary::two_valued(present.negated()).negated_if(*negated))
            }
            Expression::Match { field, query } => {
                self.match_field(field, query).map(Ternary::two_valued)
            }
            _ => {
                let value = self.value(node)?;
                self.truth(value, node.span)
            }
        }
    }

    /// When a boolean is true.
    pub(super) fn truth(&mut self, column: Column, span: Span) -> Lowered<Ternary> {
        match column {
            Column::Condition(ternary) => Ok(ternary),
            Column::Constant(Constant::Boolean(value)) => Ok(Ternary::constant(value)),
            Column::Constant(Constant::Null) => Ok(Ternary::null()),
            Column::Field(field) if field.form == Form::Plain => {
                self.assume_single(&field.path);
                let is = |text| Expr::from(field.test(Op::is(text)));
                Ok(Ternary { yes: is("true"), no: is("false") })
            }
            Column::Cases(cases) => {
                let mut members = Vec::new();
                for (guard, column) in cases {
                    members.push((guard, self.truth(column, span)?));
                }
                Ok(Ternary::guarded(members))
            }
            Column::Unknown(error) => Err(error),
            _ => refused(span, "this is no condition"),
        }
    }

    /// When a value is not null.
    pub(super) fn present(&mut self, column: Column, span: Span) -> Lowered<Expr> {
        match column {
            Column::Field(field) | Column::Length(field) | Column::Position(field, _) => {
                Ok(field.present())
            }
            Column::Constant(constant) => {
                Ok(if constant == Constant::Null { Expr::False } else { Expr::True })
            }
            Column::Condition(ternary) => Ok(ternary.present()),
            Column::Cases(cases) => {
                let mut members = Vec::new();
                for (guard, column) in cases {
                    members.push(Expr::all([guard, self.present(column, span)?]));
                }
                Ok(Expr::any_of(members))
            }
            Column::Part(..) => refused(span, "whether a date can be read is not stated"),
            Column::Count(_) => Ok(Expr::True),
            Column::Unknown(error) => Err(error),
        }
    }
}

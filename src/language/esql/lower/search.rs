//! Searches that Lucene does: `KQL`, `QSTR`, `MATCH`, `MATCH_PHRASE` and the sign `:`.
//!
//! They are two-valued, and one of several values is enough. Source: Elastic's page *ES|QL search
//! functions*.

use super::super::expression::Node;
use super::column::{Column, Constant, Field, Form};
use super::ternary::Ternary;
use super::{Lowered, Lowerer, refused};
use crate::language::contract::Language;
use crate::language::kit::QueryError;
use crate::language::kit::elasticsearch::address;
use crate::query::{Expr, FieldType, Op, Order, Translated, fold};
use crate::source::Span;

impl Lowerer<'_> {
    /// `KQL("query")` or `QSTR("query")`: a query in another language.
    pub(super) fn embedded<L: Language>(&mut self, query: &Node, name: &str) -> Lowered<Column> {
        let Column::Constant(Constant::Text(text)) = self.value(query)? else {
            let message = format!("a query in `{name}` that is known only when it runs");
            return refused(query.span, message);
        };
        let lowered = L::parse(&text).and_then(|query| L::lower(&query, self.schema));
        let Translated { value, losses, assumptions } = lowered.map_err(|errors| {
            // The places inside count bytes of the text, not of this query.
            let error = errors.into_iter().next();
            let error = error.unwrap_or_else(|| QueryError::unsupported(query.span, "this query"));
            let message = format!("in `{name}`: {}", error.message);
            QueryError { span: query.span, message, ..error }
        })?;
        let Some(expr) = value.as_match().filter(|_| losses.is_empty()) else {
            return refused(query.span, format!("this query in `{name}` is no exact condition"));
        };
        for assumption in assumptions {
            self.ledger.assume(assumption.code, assumption.field.as_ref(), assumption.reason);
        }
        Ok(Column::Condition(Ternary::two_valued(expr.clone())))
    }

    /// `MATCH(field, query)`, or `field : query`.
    pub(super) fn match_field(&mut self, field: &Node, query: &Node) -> Lowered<Expr> {
        let (field, constant) = self.field_and_query(field, query)?;
        match constant {
            Constant::Text(text) if self.is_analysed(&field) => {
                let word = |word| Expr::from(field.test(Op::Words(vec![word])));
                Ok(Expr::any_of(words(&text).into_iter().map(word)))
            }
            constant => self.some_value(&field, &constant, query.span),
        }
    }

    /// `MATCH_PHRASE(field, query)`.
    pub(super) fn match_phrase(&mut self, field: &Node, query: &Node) -> Lowered<Expr> {
        let (field, constant) = self.field_and_query(field, query)?;
        match constant {
            Constant::Text(text) if self.is_analysed(&field) => match words(&text) {
                words if words.is_empty() => Ok(Expr::False),
                words => Ok(field.test(Op::Words(words)).into()),
            },
            constant => self.some_value(&field, &constant, query.span),
        }
    }

    fn is_analysed(&self, field: &Field) -> bool {
        self.schema.facts(&field.path).kind == FieldType::Text
    }

    fn field_and_query(&mut self, field: &Node, query: &Node) -> Lowered<(Field, Constant)> {
        let found = match self.value(field)? {
            Column::Field(found) if found.form == Form::Plain => found,
            Column::Unknown(error) => return Err(error),
            _ => return refused(field.span, "a search in something else than a field"),
        };
        match self.value(query)? {
            Column::Constant(constant) => Ok((found, constant)),
            _ => refused(query.span, "a search for something that is no constant"),
        }
    }

    /// That one of a field's values is equal to a constant.
    pub(super) fn some_value(
        &mut self,
        field: &Field,
        constant: &Constant,
        span: Span,
    ) -> Lowered<Expr> {
        let kind = self.schema.facts(&field.path).kind;
        let op = match constant {
            Constant::Text(text) if kind == FieldType::Ip => match address::network(text) {
                Some(network) => Op::Cidr(network),
                None => return refused(span, format!("`{text}` is no address")),
            },
            Constant::Text(_) if matches!(kind, FieldType::Date | FieldType::Number) => {
                return refused(span, format!("`{}` is no text", field.path));
            }
            Constant::Text(text) => Op::is(text),
            Constant::Number(number) => Op::Compare { order: Order::Equal, number: *number },
            Constant::Boolean(value) => Op::is(if *value { "true" } else { "false" }),
            _ => return refused(span, "this is no value to look for"),
        };
        Ok(field.test(op).into())
    }
}

/// The words of a text, letters folded.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().map(fold).collect()).collect()
}

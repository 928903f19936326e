//! Comparisons of two values.

use super::super::expression::Comparison;
use super::column::{Column, Constant, Field, Form, weight};
use super::ternary::Ternary;
use super::{Lowered, Lowerer, refused};
use crate::language::kit::elasticsearch::address;
use crate::query::{Affix, Case, Expr, FieldType, Number, Op, Order, Part, Pattern};
use crate::source::Span;

/// Longest text whose length is asked for by a pattern of `?`.
const MAX_LENGTH: f64 = 10_000.0;

impl Lowerer<'_> {
    /// `left comparison right`.
    pub(super) fn compare(
        &mut self,
        left: Column,
        comparison: Comparison,
        right: Column,
        span: Span,
    ) -> Lowered<Ternary> {
        let Comparison::Is(order) = comparison else {
            let equal = Comparison::Is(Order::Equal);
            return self.compare(left, equal, right, span).map(Ternary::negated);
        };
        match (left, right) {
            (Column::Unknown(error), _) | (_, Column::Unknown(error)) => Err(error),
            (Column::Cases(cases), right) => {
                let mut members = Vec::new();
                for (guard, column) in cases {
                    self.charge(right.weight() + weight(&guard), span)?;
                    members.push((guard, self.compare(column, comparison, right.clone(), span)?));
                }
                Ok(Ternary::guarded(members))
            }
            (left, right @ Column::Cases(_)) => {
                self.compare(right, comparison.flipped(), left, span)
            }
            (Column::Constant(left), Column::Constant(right)) => fold(&left, order, &right, span),
            (left @ Column::Constant(_), right) => {
                self.compare(right, comparison.flipped(), left, span)
            }
            (_, Column::Constant(Constant::Null)) => Ok(Ternary::null()),
            (Column::Condition(ternary), Column::Constant(Constant::Boolean(value)))
                if order == Order::Equal =>
            {
                Ok(ternary.negated_if(!value))
            }
            (Column::Field(field), Column::Constant(constant)) => {
                self.field_with(&field, order, &constant, span)
            }
            (Column::Field(left), Column::Field(right)) if order == Order::Equal => {
                self.fields(&left, Affix::Whole, &right, span)
            }
            (Column::Length(field), Column::Constant(Constant::Number(number))) => {
                self.length(&field, order, number, span)
            }
            (Column::Position(field, text), Column::Constant(Constant::Number(number))) => {
                self.position(&field, text, order, number, span)
            }
            (Column::Part(path, part), Column::Constant(Constant::Number(number))) => {
                self.assume_single(&path);
                let reason = format!("the times in `{path}` are written in UTC");
                self.ledger.assume("utc-times", Some(&path), reason);
                let field = Field { path, form: Form::Plain };
                let test = field.test(Op::Time { part, order, number });
                Ok(Ternary::of(test, field.present()))
            }
            (Column::Count(_), _) | (_, Column::Count(_)) => refused(
                span,
                "a condition on a count stands alone or between `AND`s, and bounds it by a number",
            ),
            _ => refused(span, "these two values cannot be compared over one event"),
        }
    }

    /// A field and a constant.
    fn field_with(
        &mut self,
        field: &Field,
        order: Order,
        constant: &Constant,
        span: Span,
    ) -> Lowered<Ternary> {
        let kind = self.schema.facts(&field.path).kind;
        let op = match (constant, field.form) {
            (Constant::Number(number), Form::Plain | Form::Number) => {
                Op::Compare { order, number: *number }
            }
            (Constant::Text(_), _) if order != Order::Equal => {
                return refused(span, "texts, dates and addresses are not compared by their order");
            }
            (Constant::Text(text), Form::Plain) if kind == FieldType::Boolean => {
                match text.as_str() {
                    "true" | "false" => Op::is(text),
                    _ => return refused(span, "the field is `true` or `false`"),
                }
            }
            (Constant::Text(text), Form::Plain) if kind == FieldType::Ip => network(text, span)?,
            (Constant::Text(text), Form::Address) => network(text, span)?,
            (Constant::Text(text), _) => {
                return self.text(field, &Pattern::literal(text.as_str()), span);
            }
            (Constant::Boolean(value), Form::Plain) if order == Order::Equal => {
                Op::is(if *value { "true" } else { "false" })
            }
            _ => return refused(span, "ES|QL compares values of one type only"),
        };
        self.assume_single(&field.path);
        Ok(Ternary::of(field.test(op), field.present()))
    }

    /// Two fields, one of which equals the other, starts with it, and so on.
    pub(super) fn fields(
        &mut self,
        left: &Field,
        affix: Affix,
        right: &Field,
        span: Span,
    ) -> Lowered<Ternary> {
        let case = match (left.form, right.form) {
            (Form::Plain | Form::Text, Form::Plain | Form::Text) => Case::Sensitive,
            (Form::Lower, Form::Lower) | (Form::Upper, Form::Upper) => Case::Insensitive,
            _ => return refused(span, "these forms of two fields cannot be compared"),
        };
        self.assume_single(&left.path);
        self.assume_single(&right.path);
        let test = left.test(Op::Field { other: right.path.clone(), affix, case });
        let present = Expr::all([left.present(), right.present()]);
        Ok(Ternary::of(test, present))
    }

    /// `LENGTH(field) order number`: a text of at least n characters is n `?` and a `*`.
    fn length(
        &mut self,
        field: &Field,
        order: Order,
        number: Number,
        span: Span,
    ) -> Lowered<Ternary> {
        let number = number.get();
        if number.fract() != 0.0 || number.abs() > MAX_LENGTH {
            return refused(span, "a length is compared with a whole number of reasonable size");
        }
        let at_least = |count: f64| -> Expr {
            if count <= 0.0 {
                return field.present();
            }
            // INVARIANT: `count` is a whole number from 1 to `MAX_LENGTH` + 1.
            let ones = std::iter::repeat_n(Part::One, count as usize);
            let pattern = ones.chain([Part::Any]).collect();
            field.test(Op::Matches { pattern, case: Case::Sensitive }).into()
        };
        let yes = match order {
            Order::GreaterOrEqual => at_least(number),
            Order::Greater => at_least(number + 1.0),
            Order::Less => Expr::all([field.present(), at_least(number).negated()]),
            Order::LessOrEqual => Expr::all([field.present(), at_least(number + 1.0).negated()]),
            Order::Equal if number == 0.0 => field.test(Op::is("")).into(),
            Order::Equal => Expr::all([at_least(number), at_least(number + 1.0).negated()]),
        };
        self.assume_single(&field.path);
        Ok(Ternary::where_present(yes, field.present()))
    }

    /// `LOCATE(field, text) order number`: only whether the text is there can be stated.
    fn position(
        &mut self,
        field: &Field,
        text: String,
        order: Order,
        number: Number,
        span: Span,
    ) -> Lowered<Ternary> {
        let found = match (order, number.get()) {
            (Order::Greater, 0.0) | (Order::GreaterOrEqual, 1.0) => true,
            (Order::Equal | Order::LessOrEqual, 0.0) | (Order::Less, 1.0) => false,
            _ => return refused(span, "`LOCATE` is followed only where it asks for a text at all"),
        };
        let pattern = Pattern::from_iter([Part::Any, Part::Literal(text), Part::Any]);
        Ok(self.text(field, &pattern, span)?.negated_if(!found))
    }
}

fn network(text: &str, span: Span) -> Lowered<Op> {
    match address::network(text) {
        Some(network) => Ok(Op::Cidr(network)),
        None => refused(span, format!("the field is an address, and `{text}` is none")),
    }
}

/// Two constants.
fn fold(left: &Constant, order: Order, right: &Constant, span: Span) -> Lowered<Ternary> {
    let ordering = match (left, right) {
        (Constant::Null, _) | (_, Constant::Null) => return Ok(Ternary::null()),
        (Constant::Boolean(left), Constant::Boolean(right)) => left.cmp(right),
        (Constant::Number(left), Constant::Number(right)) => left.cmp(right),
        (Constant::Text(left), Constant::Text(right)) => left.cmp(right),
        _ => return refused(span, "ES|QL compares values of one type only"),
    };
    Ok(Ternary::constant(order.holds(ordering)))
}

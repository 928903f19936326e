//! `==`, `!=`, `<` and their kin.

use super::expression::{Comparison, Literal, Node};
use super::fold;
use super::lower::Lowering;
use super::truth::{Truth, exists};
use super::value::Value;
use crate::query::{
    Case, Expr, FieldPath, FieldType, Number, Op, Order, Part, Pattern, Regex, Test,
};
use crate::source::Span;

/// Longest length that is said with wildcards for single characters; beyond, with an expression.
const MAX_PLACES: i64 = 64;

impl Lowering<'_> {
    /// `left operator right`
    pub(super) fn compare(
        &mut self,
        left: &Node,
        operator: Comparison,
        right: &Node,
        span: Span,
    ) -> Truth {
        let (left, right) = (self.value(left), self.value(right));
        match (left, right) {
            (Value::Refused, _) | (_, Value::Refused) => Truth::NULL,
            (left, Value::Constant(literal)) => self.held_against(left, operator, literal, span),
            (Value::Constant(literal), right) => {
                self.held_against(right, operator.flipped(), literal, span)
            }
            _ => self.refuse_with(
                span,
                "EQL cannot compare a field with another",
                "`startsWith`, `endsWith` and `stringContains` can",
            ),
        }
    }

    /// A value against a literal.
    pub(super) fn held_against(
        &mut self,
        value: Value,
        operator: Comparison,
        literal: Literal,
        span: Span,
    ) -> Truth {
        if operator == Comparison::NotEqual {
            return self.held_against(value, Comparison::Equal, literal, span).negated();
        }
        if literal == Literal::Null {
            return self.against_null(value, operator, span);
        }
        match value {
            Value::Constant(Literal::Null) | Value::Refused => Truth::NULL,
            Value::Constant(own) => match fold::compare(&own, operator, &literal) {
                Some(result) => Truth::constant(result),
                None => self.refuse(span, "these literals cannot be compared"),
            },
            Value::Condition(truth) => match (operator, literal) {
                (Comparison::Equal, Literal::Boolean(true)) => truth,
                (Comparison::Equal, Literal::Boolean(false)) => truth.negated(),
                _ => self.refuse(span, "a condition is true or false and nothing else"),
            },
            Value::Field(field) => self.field_against(&field, operator, &literal, span),
            Value::Text(field) => match (operator, &literal) {
                (Comparison::Equal, Literal::Text(text)) => {
                    let test = Test::field(field.clone(), Op::is(text));
                    Truth::of_fields(test.into(), &[&field])
                }
                _ => self.texts_have_no_order(&field, span),
            },
            Value::Number(field) => self.number_against(&field, operator, &literal, span),
            Value::Length(field) => self.length_against(&field, operator, &literal, span),
            Value::Part { field, from, to } => match (operator, &literal) {
                (Comparison::Equal, Literal::Text(text)) => {
                    self.part_is(&field, (from, to), text, Case::Sensitive, span)
                }
                _ => self.texts_have_no_order(&field, span),
            },
            Value::Position { field, part, case } => {
                self.position_against(&field, &part, case, operator, &literal, span)
            }
        }
    }

    /// `== null`, which is never null itself; `<` and its kin always are.
    fn against_null(&mut self, value: Value, operator: Comparison, span: Span) -> Truth {
        if operator != Comparison::Equal {
            return Truth::NULL;
        }
        match value {
            Value::Constant(own) => Truth::constant(own == Literal::Null),
            Value::Refused => Truth::NULL,
            Value::Field(field) | Value::Text(field) | Value::Length(field) => {
                Truth::two_valued(exists(&field)).negated()
            }
            Value::Position { field, part, case } => {
                let found = self.contains(&field, &part, case, span);
                Truth::two_valued(found.yes).negated()
            }
            Value::Condition(truth) => {
                Truth::two_valued(Expr::any_of([truth.yes, truth.no])).negated()
            }
            Value::Part { field, .. } => Truth::two_valued(exists(&field)).negated(),
            Value::Number(_) => {
                self.refuse(span, "whether a text writes a number cannot be stated")
            }
        }
    }

    fn field_against(
        &mut self,
        field: &FieldPath,
        operator: Comparison,
        literal: &Literal,
        span: Span,
    ) -> Truth {
        let kind = self.schema.facts(field).kind;
        let order = operator.order().unwrap_or(Order::Equal);
        let op = match literal {
            Literal::Integer(_) | Literal::Decimal(_) => match (fold::number(literal), kind) {
                (None, _) => {
                    return self.refuse(span, "integers beyond 2^53 cannot be compared exactly");
                }
                (_, FieldType::Date | FieldType::Ip | FieldType::Boolean) => {
                    return self.refuse(span, format!("`{field}` is no number"));
                }
                (Some(number), _) => Op::Compare { order, number },
            },
            Literal::Boolean(value) if order == Order::Equal => {
                Op::is(if *value { "true" } else { "false" })
            }
            Literal::Text(text) if order == Order::Equal => {
                return self.field_is(
                    field,
                    &Pattern::literal(text.as_str()),
                    Case::Sensitive,
                    span,
                );
            }
            _ => return self.texts_have_no_order(field, span),
        };
        Truth::of_fields(Test::field(field.clone(), op).into(), &[field])
    }

    fn texts_have_no_order(&mut self, field: &FieldPath, span: Span) -> Truth {
        match self.schema.facts(field).kind {
            FieldType::Date => self.refuse(
                span,
                format!("`{field}` is a point in time, which cannot be compared here"),
            ),
            _ => self.refuse(span, format!("the order of the texts in `{field}` cannot be stated")),
        }
    }

    /// `number(field)`: null where the text writes no number.
    fn number_against(
        &mut self,
        field: &FieldPath,
        operator: Comparison,
        literal: &Literal,
        span: Span,
    ) -> Truth {
        let (Some(number), Some(order)) = (fold::number(literal), operator.order()) else {
            return self.refuse(span, "`number` can be compared with numbers only");
        };
        let test =
            |order, number| Expr::from(Test::field(field.clone(), Op::Compare { order, number }));
        let yes = test(order, number);
        let any = Expr::any_of([test(Order::Less, number), test(Order::GreaterOrEqual, number)]);
        Truth { no: Expr::all([any, yes.clone().negated()]), yes }
    }

    /// `length(field)`: Elasticsearch counts in units of UTF-16, a pattern in characters.
    fn length_against(
        &mut self,
        field: &FieldPath,
        operator: Comparison,
        literal: &Literal,
        span: Span,
    ) -> Truth {
        let Literal::Integer(length) = literal else {
            return self.refuse(span, "`length` can be compared with whole numbers only");
        };
        let (least, most) = match operator {
            Comparison::Less => (0, Some(length.saturating_sub(1))),
            Comparison::LessOrEqual => (0, Some(*length)),
            Comparison::Greater => (length.saturating_add(1), None),
            Comparison::GreaterOrEqual => (*length, None),
            Comparison::Equal | Comparison::NotEqual => (*length, Some(*length)),
        };
        if most.is_some_and(|most| most < 0 || most < least) {
            return Truth::of_fields(Expr::False, &[field]);
        }
        let least = least.max(0);
        let reason =
            format!("the values of `{field}` hold no characters beyond U+FFFF, which count twice");
        self.ledger.assume("utf16-length", Some(field), reason);
        self.of_length(field, least, most, span)
    }

    /// The field's text has so many characters.
    fn of_length(&mut self, field: &FieldPath, least: i64, most: Option<i64>, span: Span) -> Truth {
        let op = if least == 0 && most.is_none() {
            Op::Exists
        } else if least <= MAX_PLACES && most.is_none_or(|most| most == least) {
            let places = std::iter::repeat_n(Part::One, usize::try_from(least).unwrap_or_default());
            let pattern = places.chain(most.is_none().then_some(Part::Any)).collect();
            Op::Matches { pattern, case: Case::Sensitive }
        } else {
            let most = most.map_or(String::new(), |most| most.to_string());
            match Regex::new(&format!("^.{{{least},{most}}}$"), "s") {
                Ok(regex) => Op::Regex(regex),
                Err(_) => return self.refuse(span, "this length is too large to be stated"),
            }
        };
        Truth::of_fields(Test::field(field.clone(), op).into(), &[field])
    }

    /// `substring(field, from, to) == text`
    pub(super) fn part_is(
        &mut self,
        field: &FieldPath,
        (from, to): (i64, Option<i64>),
        text: &str,
        case: Case,
        span: Span,
    ) -> Truth {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        let literal = || Part::Literal(text.to_owned());
        let wanted = match to {
            // The whole rest from a place counted from the start, or the last few characters.
            None if from >= 0 => None,
            None => Some(from.saturating_neg()),
            Some(to) if from >= 0 && to > from => Some(to - from),
            Some(_) => {
                return self.refuse(span, "`substring` between such places cannot be stated");
            }
        };
        if length == 0 || from > MAX_PLACES {
            return self.refuse(span, "such a `substring` cannot be stated");
        }
        let before = usize::try_from(from).unwrap_or_default();
        let places = std::iter::repeat_n(Part::One, before);
        let pattern: Pattern = match wanted {
            Some(wanted) if wanted < length => {
                return Truth::of_fields(Expr::False, &[field]);
            }
            Some(wanted) if wanted == length && from >= 0 => {
                places.chain([literal(), Part::Any]).collect()
            }
            Some(wanted) if wanted == length => [Part::Any, literal()].into_iter().collect(),
            _ => places.chain([literal()]).collect(),
        };
        let test = Test::field(field.clone(), Op::Matches { pattern, case });
        Truth::of_fields(test.into(), &[field])
    }

    /// `indexOf(field, part)` is null where the part is not found, and 0 at the start.
    fn position_against(
        &mut self,
        field: &FieldPath,
        part: &Value,
        case: Case,
        operator: Comparison,
        literal: &Literal,
        span: Span,
    ) -> Truth {
        let zero = fold::number(literal) == Number::new(0.0);
        match operator {
            Comparison::GreaterOrEqual if zero => {
                Truth { yes: self.contains(field, part, case, span).yes, no: Expr::False }
            }
            Comparison::Equal if zero => {
                let own = Value::Field(field.clone());
                let starts = self.affix(&own, part, crate::query::Affix::Start, case, span).yes;
                let found = self.contains(field, part, case, span).yes;
                Truth { no: Expr::all([found, starts.clone().negated()]), yes: starts }
            }
            _ => self.refuse(span, "where in a field a text stands cannot be stated"),
        }
    }
}

//! What values a condition is about: literals, fields, and those functions of a field that a test
//! can be made of.

use super::expression::{Expression, Literal, Node};
use super::fold;
use super::function::Function;
use super::lower::Lowering;
use super::truth::Truth;
use crate::language::kit::Arithmetic;
use crate::query::{Affix, Case, FieldPath, FieldType, Op, Test};
use crate::source::Span;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A literal, or what came out of some.
    Constant(Literal),
    /// The values of a field.
    Field(FieldPath),
    /// Their texts: `string(field)`.
    Text(FieldPath),
    /// The numbers that they write: `number(field)`.
    Number(FieldPath),
    /// How long they are: `length(field)`.
    Length(FieldPath),
    /// A part of them: `substring(field, from, to)`.
    Part {
        /// The field.
        field: FieldPath,
        /// The first character; from the end if negative.
        from: i64,
        /// The character after the last one.
        to: Option<i64>,
    },
    /// Where a text stands in them: `indexOf(field, text)`.
    Position {
        /// The field.
        field: FieldPath,
        /// The text.
        part: Box<Value>,
        /// How letters are compared.
        case: Case,
    },
    /// A condition.
    Condition(Truth),
    /// What has been refused.
    Refused,
}

impl Value {
    /// The field whose values, or their texts, this is.
    pub(super) fn text_field(&self) -> Option<&FieldPath> {
        match self {
            Value::Field(field) | Value::Text(field) => Some(field),
            _ => None,
        }
    }
}

impl Lowering<'_> {
    /// The value of an expression.
    pub(super) fn value(&mut self, node: &Node) -> Value {
        match &node.value {
            Expression::Literal(literal) => Value::Constant(literal.clone()),
            Expression::Field(field) => Value::Field(field.path()),
            Expression::Negative(inner) => {
                let inner = self.value(inner);
                self.arithmetic(
                    Arithmetic::Subtract,
                    Value::Constant(Literal::Integer(0)),
                    inner,
                    node.span,
                )
            }
            Expression::Arithmetic { left, operator, right } => {
                let (left, right) = (self.value(left), self.value(right));
                self.arithmetic(*operator, left, right, node.span)
            }
            Expression::Call { function, insensitive, arguments } => {
                let values = arguments.iter().map(|argument| self.value(argument)).collect();
                self.call(*function, *insensitive, values, node.span)
            }
            _ => Value::Condition(self.condition(node)),
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: Value, right: Value, span: Span) -> Value {
        match (left, right) {
            (Value::Refused, _) | (_, Value::Refused) => Value::Refused,
            (Value::Constant(left), Value::Constant(right)) => {
                match fold::arithmetic(operator, &left, &right) {
                    Some(result) => Value::Constant(result),
                    None => self.refused(span, "the result of this calculation is not defined"),
                }
            }
            _ => self.refused(span, "calculations with fields cannot be stated"),
        }
    }

    fn call(
        &mut self,
        function: Function,
        insensitive: bool,
        mut values: Vec<Value>,
        span: Span,
    ) -> Value {
        if values.iter().any(|value| matches!(value, Value::Refused)) {
            return Value::Refused;
        }
        let constant = |value: &Value| match value {
            Value::Constant(literal) => Some(literal.clone()),
            _ => None,
        };
        let constants: Vec<Literal> = values.iter().filter_map(constant).collect();
        // With null among its arguments, a function is null whatever the others are.
        if constants.contains(&Literal::Null) {
            return Value::Constant(Literal::Null);
        }
        let folded = (constants.len() == values.len())
            .then(|| fold::call(function, insensitive, &constants))
            .flatten();
        if let Some(result) = folded {
            return Value::Constant(result);
        }
        let case = if insensitive { Case::Insensitive } else { Case::Sensitive };
        let field = values.first().and_then(Value::text_field).cloned();
        let affix = match function {
            Function::StartsWith => Some(Affix::Start),
            Function::EndsWith => Some(Affix::End),
            Function::StringContains => Some(Affix::Within),
            _ => None,
        };
        if let (Some(affix), [text, part]) = (affix, values.as_slice()) {
            return Value::Condition(self.affix(text, part, affix, case, span));
        }
        match (function, field) {
            (Function::String | Function::Concat, Some(field)) if values.len() == 1 => {
                Value::Text(field)
            }
            (Function::Number, Some(field)) if values.len() == 1 => Value::Number(field),
            (Function::Length, Some(field)) => Value::Length(field),
            (Function::CidrMatch, Some(field)) => {
                Value::Condition(self.networks(&field, &constants, values.len() - 1, span))
            }
            (Function::IndexOf, Some(field)) if values.len() == 2 => {
                let part = Box::new(values.swap_remove(1));
                Value::Position { field, part, case }
            }
            (Function::Substring, Some(field)) => match constants.as_slice() {
                [Literal::Integer(from)] if values.len() == 2 => {
                    Value::Part { field, from: *from, to: None }
                }
                [Literal::Integer(from), Literal::Integer(to)] => {
                    Value::Part { field, from: *from, to: Some(*to) }
                }
                _ => self.refused(span, "`substring` with a computed place cannot be stated"),
            },
            _ => {
                let reason = format!("`{}` of these values cannot be stated", function.name());
                self.refused(span, reason)
            }
        }
    }

    pub(super) fn refused(&mut self, span: Span, reason: impl Into<String>) -> Value {
        self.refuse(span, reason);
        Value::Refused
    }

    /// A value that stands where a condition has to.
    pub(super) fn truth_of(&mut self, value: Value, span: Span) -> Truth {
        match value {
            Value::Condition(truth) => truth,
            Value::Constant(Literal::Boolean(value)) => Truth::constant(value),
            Value::Constant(Literal::Null) | Value::Refused => Truth::NULL,
            Value::Field(field) => {
                let kind = self.schema.facts(&field).kind;
                if !matches!(kind, FieldType::Boolean | FieldType::Keyword) {
                    let reason = format!("`{field}` is neither true nor false");
                    return self.refuse_with(span, reason, "compare it with a value");
                }
                let is = |text| Test::field(field.clone(), Op::is(text)).into();
                Truth { yes: is("true"), no: is("false") }
            }
            _ => self.refuse_with(span, "this value is no condition", "compare it with another"),
        }
    }
}

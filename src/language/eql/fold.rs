//! Functions and operators over literals, computed.
//!
//! `None` where Elasticsearch reports an error, or where the documentation does not say what comes
//! out: quotients and remainders of negative integers, and integers beyond 64 bits.

use std::cmp::Ordering;

use super::expression::{Comparison, Literal};
use super::function::Function;
use crate::language::kit::Arithmetic;
use crate::query::{Number, equal_folded, fold};

/// `left operator right`; null if one of them is.
pub(super) fn arithmetic(operator: Arithmetic, left: &Literal, right: &Literal) -> Option<Literal> {
    match (left, right) {
        (Literal::Null, _) | (_, Literal::Null) => Some(Literal::Null),
        (Literal::Integer(left), Literal::Integer(right)) => {
            integers(operator, *left, *right).map(Literal::Integer)
        }
        _ => {
            let (left, right) = (number(left)?.get(), number(right)?.get());
            let result = match operator {
                Arithmetic::Add => left + right,
                Arithmetic::Subtract => left - right,
                Arithmetic::Multiply => left * right,
                Arithmetic::Divide => left / right,
                Arithmetic::Modulo if left >= 0.0 && right > 0.0 => left % right,
                Arithmetic::Modulo => return None,
            };
            Number::new(result).map(Literal::Decimal)
        }
    }
}

fn integers(operator: Arithmetic, left: i64, right: i64) -> Option<i64> {
    match operator {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide if left.checked_rem(right) == Some(0) || (left >= 0 && right > 0) => {
            left.checked_div(right)
        }
        Arithmetic::Modulo if left >= 0 && right > 0 => left.checked_rem(right),
        Arithmetic::Divide | Arithmetic::Modulo => None,
    }
}

/// The number of a literal, if it is one that can be compared exactly.
pub(super) fn number(literal: &Literal) -> Option<Number> {
    match literal {
        // An integer beyond 2^53 would silently become its neighbour.
        Literal::Integer(integer) if integer.unsigned_abs() <= 1 << 53 => {
            Number::new(*integer as f64)
        }
        Literal::Decimal(number) => Some(*number),
        _ => None,
    }
}

/// `left == right` and the like, of two literals that are not null.
pub(super) fn compare(left: &Literal, operator: Comparison, right: &Literal) -> Option<bool> {
    let ordering = match (left, right) {
        (Literal::Text(left), Literal::Text(right)) if left == right => Ordering::Equal,
        // Unequal texts have an order by UTF-16, which nobody asks for of two literals.
        (Literal::Text(_), Literal::Text(_)) => return unequal(operator),
        (Literal::Boolean(left), Literal::Boolean(right)) if left == right => Ordering::Equal,
        (Literal::Boolean(_), Literal::Boolean(_)) => return unequal(operator),
        (Literal::Integer(left), Literal::Integer(right)) => left.cmp(right),
        _ => number(left)?.cmp(&number(right)?),
    };
    match operator.order() {
        Some(order) => Some(order.holds(ordering)),
        None => Some(ordering.is_ne()),
    }
}

fn unequal(operator: Comparison) -> Option<bool> {
    match operator {
        Comparison::Equal => Some(false),
        Comparison::NotEqual => Some(true),
        _ => None,
    }
}

/// The text of a literal, as `string` and `concat` write it.
pub(super) fn text(literal: &Literal) -> Option<String> {
    match literal {
        Literal::Null => None,
        Literal::Boolean(value) => Some(value.to_string()),
        Literal::Integer(integer) => Some(integer.to_string()),
        Literal::Decimal(number) => Some(number.to_string()),
        Literal::Text(text) => Some(text.clone()),
    }
}

/// A function of literals.
pub(super) fn call(
    function: Function,
    insensitive: bool,
    arguments: &[Literal],
) -> Option<Literal> {
    if arguments.contains(&Literal::Null) {
        return Some(Literal::Null);
    }
    let pair = || match arguments {
        [one, other] => Some((one, other)),
        _ => None,
    };
    let calculated = |operator| pair().and_then(|(one, other)| arithmetic(operator, one, other));
    let first = || text(arguments.first()?);
    let affix = |holds: fn(&str, &str) -> bool| {
        let normal = |text: String| match insensitive {
            true => text.chars().map(fold).collect(),
            false => text,
        };
        let (one, other) = pair()?;
        Some(Literal::Boolean(holds(&normal(text(one)?), &normal(text(other)?))))
    };
    match function {
        Function::Add => calculated(Arithmetic::Add),
        Function::Subtract => calculated(Arithmetic::Subtract),
        Function::Multiply => calculated(Arithmetic::Multiply),
        Function::Divide => calculated(Arithmetic::Divide),
        Function::Modulo => calculated(Arithmetic::Modulo),
        Function::Concat => {
            let texts: Option<Vec<String>> = arguments.iter().map(text).collect();
            texts.map(|texts| Literal::Text(texts.concat()))
        }
        Function::Length => {
            i64::try_from(first()?.encode_utf16().count()).ok().map(Literal::Integer)
        }
        Function::String => first().map(Literal::Text),
        Function::Number => match arguments {
            [number @ (Literal::Integer(_) | Literal::Decimal(_))] => Some(number.clone()),
            [Literal::Text(text)] => text.parse().ok().map(Literal::Integer),
            _ => None,
        },
        Function::StartsWith => affix(|text, part| text.starts_with(part)),
        Function::EndsWith => affix(|text, part| text.ends_with(part)),
        Function::StringContains => affix(|text, part| text.contains(part)),
        Function::Between | Function::CidrMatch | Function::IndexOf | Function::Substring => None,
    }
}

/// Whether a literal is equal to a text in any case.
pub(super) fn equal_in_any_case(literal: &Literal, text: &Literal) -> Option<bool> {
    match (literal, text) {
        (Literal::Text(one), Literal::Text(other)) => Some(equal_folded(one, other)),
        _ => compare(literal, Comparison::Equal, text),
    }
}

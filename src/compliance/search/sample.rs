//! Values that make a test hold, as a person would choose them.

use serde_json::{Value, json};

use crate::query::{FieldFacts, FieldType, Op, Order, Part, Pattern, Spelling};

/// Values worth trying for a field with these tests, the likeliest first.
pub(super) fn candidates(ops: &[&Op], facts: &FieldFacts) -> Vec<Value> {
    let mut values: Vec<Value> = ops.iter().flat_map(|op| samples(op)).collect();
    values.extend(joined(ops).map(Value::from));
    values.extend(plain(facts));
    values
}

/// Values that one test accepts.
fn samples(op: &Op) -> Vec<Value> {
    match op {
        Op::Matches { pattern, .. } => {
            vec![
                json!(filled(pattern, "")),
                json!(filled(pattern, "a")),
                json!(filled(pattern, "0")),
            ]
        }
        Op::Compare { order, number } => {
            let number = number.get();
            let near = match order {
                Order::Less => number - 1.0,
                Order::Greater => number + 1.0,
                _ => number,
            };
            vec![number_value(near), json!(near.to_string())]
        }
        Op::Cidr(cidr) => {
            let text = cidr.to_string();
            let address = text.split('/').next().unwrap_or_default().to_owned();
            vec![json!(address)]
        }
        Op::Words(words) => vec![json!(words.join(" "))],
        Op::Null => vec![Value::Null],
        Op::Regex(_) | Op::Exists | Op::Field { .. } | Op::Time { .. } => Vec::new(),
    }
}

/// A text that holds what every pattern asks for: beginnings first, ends last.
fn joined(ops: &[&Op]) -> Option<String> {
    let patterns = ops.iter().filter_map(|op| match op {
        Op::Matches { pattern, .. } => Some(pattern),
        _ => None,
    });
    let mut patterns: Vec<&Pattern> = patterns.collect();
    if patterns.len() < 2 {
        return None;
    }
    let is_any = |part: Option<&Part>| matches!(part, Some(Part::Any));
    patterns.sort_by_key(|pattern| {
        match (is_any(pattern.parts().first()), is_any(pattern.parts().last())) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        }
    });
    Some(patterns.into_iter().map(|pattern| filled(pattern, "")).collect())
}

/// Values of a field's type that no test asks for.
fn plain(facts: &FieldFacts) -> Vec<Value> {
    let mut values = Vec::new();
    if let Spelling::OneOf(constants) = &facts.spelling {
        values.extend(constants.iter().take(8).map(|constant| json!(constant)));
    }
    values.extend(match facts.kind {
        FieldType::Ip => vec![json!("192.0.2.1"), json!("2001:db8::1")],
        FieldType::Number => vec![json!(1), json!(0), json!(1_000_000)],
        FieldType::Boolean => vec![json!(true), json!(false)],
        FieldType::Date => vec![json!("2026-01-01T00:00:00Z")],
        FieldType::Keyword | FieldType::Text | FieldType::Flattened => Vec::new(),
    });
    values.extend([json!("example"), json!("other"), json!("192.0.2.1"), json!(1)]);
    values
}

fn filled(pattern: &Pattern, any: &str) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "a".to_owned(),
        Part::Any => any.to_owned(),
    };
    pattern.parts().iter().map(part).collect()
}

/// Whole numbers as such.
fn number_value(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers below 2^53")]
    match number.fract() == 0.0 && number.abs() < 9e15 {
        true => json!(number as i64),
        false => json!(number),
    }
}

//! The reference evaluator: the meaning of every expression, written to be read.
//!
//! Nothing here is fast on purpose. Indexes and proofs are tested against it.

use std::str::FromStr;

use jiff::civil::DateTime;
use serde_json::Value;

use super::{
    Affix, Case, Expr, FieldPath, Found, Number, Op, Subject, Test, TimePart, equal_folded, fold,
    text_of,
};

impl Expr {
    /// Whether the event matches.
    pub fn eval(&self, event: &Value) -> bool {
        match self {
            Expr::True => true,
            Expr::False => false,
            Expr::Test(test) => test.eval(event),
            Expr::Not(inner) => !inner.eval(event),
            Expr::And(members) => members.iter().all(|member| member.eval(event)),
            Expr::Or(members) => members.iter().any(|member| member.eval(event)),
        }
    }
}

impl Test {
    /// Whether some value of the subject satisfies the operator.
    pub fn eval(&self, event: &Value) -> bool {
        let mut accept = |found: Found<'_>| self.op.accepts(found, event);
        match &self.subject {
            Subject::Field(path) => path.any(event, &mut accept),
            Subject::Event => any_scalar(event, &mut accept),
        }
    }
}

/// Visits every scalar of an event until `visit` returns true.
fn any_scalar(value: &Value, visit: &mut dyn FnMut(Found<'_>) -> bool) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| any_scalar(item, visit)),
        Value::Object(object) => object.values().any(|item| any_scalar(item, visit)),
        Value::Null => visit(Found::Null),
        scalar => visit(Found::Scalar(scalar)),
    }
}

impl Op {
    /// Whether one found value satisfies the operator. The whole event is needed only for
    /// comparisons between fields.
    fn accepts(&self, found: Found<'_>, event: &Value) -> bool {
        match (self, found) {
            (Op::Exists, found) => found != Found::Null,
            (Op::Null, found) => found == Found::Null,
            (_, Found::Null | Found::Composite) => false,
            (op, Found::Scalar(scalar)) => op.accepts_scalar(scalar, event),
        }
    }

    /// Whether a scalar satisfies the operator by itself; comparisons with another field never do.
    pub fn holds(&self, scalar: &Value) -> bool {
        self.accepts(Found::Scalar(scalar), &Value::Null)
    }

    fn accepts_scalar(&self, scalar: &Value, event: &Value) -> bool {
        let text = text_of(scalar);
        let text = text.as_deref().unwrap_or_default();
        match self {
            Op::Compare { order, number } => {
                Number::of(scalar).is_some_and(|value| order.holds(value.cmp(number)))
            }
            Op::Field { other, affix, case } => affix.holds(text, other, *case, event),
            op => op.accepts_text(text),
        }
    }

    /// Whether a scalar satisfies the operator, of which the text is all that counts. False for
    /// those that look at more: whether a number is one, and what other fields hold.
    pub fn accepts_text(&self, text: &str) -> bool {
        match self {
            Op::Exists => true,
            Op::Matches { pattern, case } => pattern.matches(text, *case == Case::Insensitive),
            Op::Regex(regex) => regex.is_match(text),
            Op::Cidr(cidr) => cidr.contains(text),
            Op::Time { part, order, number } => {
                part.of(text).is_some_and(|value| order.holds(value.cmp(number)))
            }
            Op::Words(words) => holds_words(text, words),
            Op::Null | Op::Compare { .. } | Op::Field { .. } => false,
        }
    }
}

impl Affix {
    fn holds(self, text: &str, other: &FieldPath, case: Case, event: &Value) -> bool {
        other.any(event, &mut |found| {
            let Found::Scalar(scalar) = found else { return false };
            text_of(scalar).is_some_and(|other| self.stands(text, &other, case))
        })
    }

    /// Whether the other text stands at this place in the text.
    pub fn stands(self, text: &str, other: &str, case: Case) -> bool {
        let normal = |text: &str| match case {
            Case::Sensitive => text.to_owned(),
            Case::Insensitive => text.chars().map(fold).collect::<String>(),
        };
        let (text, other) = (normal(text), normal(other));
        match self {
            Affix::Whole => text == other,
            Affix::Start => text.starts_with(&other),
            Affix::End => text.ends_with(&other),
            Affix::Within => text.contains(&other),
        }
    }
}

impl TimePart {
    /// The part of a date and time in ISO 8601, as written: Sigma asks for no time-zone handling.
    pub fn of(self, text: &str) -> Option<Number> {
        let local = text.trim().split(['Z', '+']).next()?;
        let time = DateTime::from_str(local).ok()?;
        let value = match self {
            TimePart::Minute => i32::from(time.minute()),
            TimePart::Hour => i32::from(time.hour()),
            TimePart::Day => i32::from(time.day()),
            TimePart::Week => i32::from(time.date().iso_week_date().week()),
            TimePart::Month => i32::from(time.month()),
            TimePart::Year => i32::from(time.year()),
        };
        Number::new(f64::from(value))
    }
}

/// Whether the words stand one after another in the text, as an analysed field sees it: split at
/// everything that is neither letter nor digit, any case.
fn holds_words(text: &str, words: &[String]) -> bool {
    let tokens: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).collect();
    !words.is_empty()
        && tokens
            .windows(words.len())
            .any(|window| window.iter().zip(words).all(|(token, word)| equal_folded(token, word)))
}

//! Scalars of events, seen as text and as numbers.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::Serialize;
use serde_json::Value;

/// The text of a scalar: strings as they are, numbers in decimal, booleans as `true` and `false`.
///
/// All platforms compare a literal with this text: a keyword field indexes numbers and booleans
/// so, Datadog stringifies attributes, and Sigma lets `EventID: 4625` match the text `4625`.
pub fn text_of(scalar: &Value) -> Option<Cow<'_, str>> {
    match scalar {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        _ => None,
    }
}

/// A finite number in a query. Ordered and hashable, because expressions are.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(transparent)]
pub struct Number(f64);

impl Number {
    /// Wraps a number; `None` for infinities and NaN.
    pub fn new(value: f64) -> Option<Self> {
        // `+ 0.0` turns -0 into 0, so that equal numbers are equal in every sense.
        value.is_finite().then_some(Self(value + 0.0))
    }

    /// Whether numbers of events compare with this one as they do with its digits. From 2^53 on a whole
    /// number may be taken for its neighbour, and so may one of an event; below, none is.
    pub fn is_exact(self) -> bool {
        const EXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;
        self.0.abs() < EXACT
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The number that a scalar of an event holds: a JSON number, or a string that is one.
    pub fn of(scalar: &Value) -> Option<Self> {
        match scalar {
            Value::Number(number) => Self::new(number.as_f64()?),
            Value::String(text) => Self::new(text.trim().parse().ok()?),
            _ => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_2_to_the_53_numbers_are_told_apart() {
        let number = |text: &str| Number::of(&Value::from(text)).expect("a number");
        for (text, expected) in [
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("4503599627370495.5", true),
            ("9007199254740992", false),
            ("9007199254740993", false),
            ("-9007199254740993", false),
            ("1e300", false),
        ] {
            assert_eq!(number(text).is_exact(), expected, "{text}");
        }
        // What lies beyond stays beyond, whatever it is rounded to.
        assert!(number("9007199254740993") > number("9007199254740991"));
    }
}

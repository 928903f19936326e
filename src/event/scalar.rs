//! The values that are taken out of records.

use std::borrow::Cow;

use serde_json::{Number as JsonNumber, Value};

use crate::query::Number;

/// What stands at the end of a wanted path, borrowed from the record where it can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'r> {
    /// A string.
    Text(Cow<'r, str>),
    /// A number.
    Number(JsonNumber),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// An object, or an array without elements.
    Composite,
}

impl Scalar<'_> {
    /// The text, in the sense of [`text_of`](crate::query::text_of).
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Scalar::Text(text) => Some(Cow::Borrowed(text)),
            Scalar::Number(number) => Some(Cow::Owned(number.to_string())),
            Scalar::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            Scalar::Null | Scalar::Composite => None,
        }
    }

    /// The number, in the sense of [`Number::of`].
    pub fn number(&self) -> Option<Number> {
        match self {
            Scalar::Number(number) => Number::new(number.as_f64()?),
            Scalar::Text(text) => Number::new(text.trim().parse().ok()?),
            _ => None,
        }
    }

    /// The value with a text of its own.
    pub fn into_owned(self) -> Scalar<'static> {
        match self {
            Scalar::Text(text) => Scalar::Text(Cow::Owned(text.into_owned())),
            Scalar::Number(number) => Scalar::Number(number),
            Scalar::Bool(value) => Scalar::Bool(value),
            Scalar::Null => Scalar::Null,
            Scalar::Composite => Scalar::Composite,
        }
    }

    /// The value as JSON; an object or an empty array has none.
    pub fn to_json(&self) -> Option<Value> {
        match self {
            Scalar::Text(text) => Some(Value::String(text.clone().into_owned())),
            Scalar::Number(number) => Some(Value::Number(number.clone())),
            Scalar::Bool(value) => Some(Value::Bool(*value)),
            Scalar::Null => Some(Value::Null),
            Scalar::Composite => None,
        }
    }
}

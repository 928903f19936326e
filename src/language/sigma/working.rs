//! A value on its way through the modifiers.

use super::ast::Value;
use super::parse_text;
use crate::diagnostic::Code;
use crate::language::kit::QueryError;
use crate::query::{Affix, Cidr, Order, Part, Pattern, TimePart};
use crate::source::Span;

/// A value on its way through the modifiers.
#[derive(Clone, Debug)]
pub(super) enum Working<'v> {
    /// Text in pieces, and as the file has it until a modifier changes it.
    Text { pieces: Vec<Piece>, raw: Option<&'v str> },
    /// A regular expression with its flags.
    Regex { source: String, flags: String },
    /// A number as written.
    Number { text: String, order: Option<Order>, part: Option<TimePart> },
    /// `true` or `false`; `exists` makes it a test of presence.
    Bool { value: bool, exists: bool },
    /// `null`.
    Null,
    /// A network.
    Cidr(Cidr),
    /// Another field.
    Field { other: String, affix: Affix },
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Bytes(Vec<u8>),
    One,
    Any,
    Placeholder(String),
}

/// What a modifier makes of one value: alternatives, or what is wrong.
pub(super) type Step<'v> = Result<Vec<Working<'v>>, QueryError>;

pub(super) fn trouble(code: &'static Code, span: Span, message: impl Into<String>) -> QueryError {
    QueryError { code, span, message: message.into(), help: None }
}

pub(super) fn start(value: &Value) -> Working<'_> {
    match value {
        Value::Text(text) => Working::Text { pieces: pieces(parse_text(text)), raw: Some(text) },
        Value::Number(text) => Working::Number { text: text.clone(), order: None, part: None },
        Value::Bool(value) => Working::Bool { value: *value, exists: false },
        Value::Null => Working::Null,
    }
}

fn pieces(pattern: Pattern) -> Vec<Piece> {
    let piece = |part: Part| match part {
        Part::Literal(text) => Piece::Text(text),
        Part::One => Piece::One,
        Part::Any => Piece::Any,
    };
    pattern.into_parts().into_iter().map(piece).collect()
}

impl Working<'_> {
    /// What a person would call it.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Working::Text { .. } => "text",
            Working::Regex { .. } => "a regular expression",
            Working::Number { .. } => "a number",
            Working::Bool { exists: false, .. } => "a boolean",
            Working::Bool { exists: true, .. } => "a test of presence",
            Working::Null => "`null`",
            Working::Cidr(_) => "a network",
            Working::Field { .. } => "the name of a field",
        }
    }

    /// Whether the value is still what the file says.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Working::Text { raw, .. } => raw.is_some(),
            Working::Number { order, part, .. } => order.is_none() && part.is_none(),
            Working::Bool { exists, .. } => !exists,
            Working::Null => true,
            Working::Regex { .. } | Working::Cidr(_) | Working::Field { .. } => false,
        }
    }
}

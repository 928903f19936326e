//! One tree for TOML and JSON: values with their types and their places in the file.
//!
//! The tree of `source` types its scalars late, by the rules of YAML; these two formats say the
//! types themselves.

use serde_json::{Map, Value as Json};

use crate::source::{Span, Spanned};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The bytes of the value.
    pub(super) span: Span,
    /// The value.
    pub(super) kind: Kind,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Text, a number, a boolean or null.
    Scalar(Json),
    /// A list.
    List(Vec<Node>),
    /// Names and values in the order of the file; names are unique.
    Table(Vec<Member>),
}

/// A name and its value.
pub(super) type Member = (Spanned<String>, Node);

impl Node {
    /// The value under a name, if this is a table that has it.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.members()?.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }

    /// The members, if this is a table.
    pub(super) fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            Kind::Table(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub(super) fn items(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(Json::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The whole number from 0 on, if this is one.
    pub(super) fn count(&self) -> Option<u64> {
        match &self.kind {
            Kind::Scalar(Json::Number(number)) => number.as_u64(),
            _ => None,
        }
    }

    /// The text under a name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// The value without places.
    pub(super) fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Kind::Table(members) => Json::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.value.clone(), value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// What a person would call the value.
    pub(super) fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(Json::Null) => "null",
            Kind::Scalar(Json::Bool(_)) => "a boolean",
            Kind::Scalar(Json::Number(number)) if number.is_f64() => "a decimal number",
            Kind::Scalar(Json::Number(_)) => "a number",
            Kind::Scalar(_) => "text",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }

    /// Where the text of this value begins in the file, if it stands there letter by letter: not
    /// with escapes, and not with line ends that reading changed.
    pub(super) fn start_of_text(&self, file: &str) -> Option<usize> {
        /// Opening quotes, the longest first, each with the line ends that do not count behind it.
        const QUOTES: &[&str] =
            &["'''\r\n", "\"\"\"\r\n", "'''\n", "\"\"\"\n", "'''", "\"\"\"", "'", "\""];
        let raw = file.get(self.span.start..self.span.end)?;
        let quote = QUOTES.iter().find(|quote| raw.starts_with(**quote))?;
        let behind = raw.get(quote.len()..)?.strip_prefix(self.text()?)?;
        (behind == quote.trim_end()).then_some(self.span.start + quote.len())
    }
}

//! The tree of a document: what rules are read from, whichever text it came from.

use super::{Resolved, Span, Spanned, resolve};

/// One value of the tree with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value, without its key.
    pub span: Span,
    /// The value.
    pub kind: Kind,
}

/// The three kinds of YAML nodes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text with a style; typed late.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in file order.
    Mapping(Mapping),
}

/// Text as written, escapes resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text after YAML escapes, without quotes.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// The suffix of an explicit core-schema tag (`str` for `!!str`).
    pub tag: Option<String>,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style that can mean another type than text.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// A `|` or `>` block.
    Block,
}

/// Keys and values in file order; keys are unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key's text and place.
    pub key: Spanned<String>,
    /// The value.
    pub value: Node,
}

impl Mapping {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.value == key)
    }
}

impl Node {
    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.kind {
            Kind::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// What a person would call this kind of value.
    pub fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(scalar) => match resolve(scalar) {
                Resolved::Null => "nothing",
                Resolved::Bool(_) => "a boolean",
                Resolved::Integer(_) => "a number",
                Resolved::Float(_) => "a decimal number",
                Resolved::Text(_) => "text",
            },
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }
}

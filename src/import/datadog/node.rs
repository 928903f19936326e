//! The spanned tree that all of Datadog's formats are read into: what JSON can say, with places.
//!
//! `serde_json`'s values know no places and HCL's know functions and references; this tree is what
//! they have in common, so that one table-driven reader serves both.

use serde_json::{Map, Number, Value as Json};

use crate::source::{Span, Spanned};

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) data: Data,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Vec<Node>),
    /// In the order of the file. A key may come twice: Terraform's blocks repeat.
    Object(Vec<Member>),
}

/// A text, and where it starts if it stands in the file letter by letter.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) value: String,
    pub(super) start: Option<usize>,
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: Spanned<String>,
    pub(super) value: Node,
}

impl Text {
    /// A decoded text whose written form begins at `start` of a file's text, quotes excluded.
    pub(super) fn new(value: String, file: &str, start: usize) -> Self {
        let verbatim = file.get(start..).is_some_and(|rest| rest.starts_with(&value));
        Self { value, start: verbatim.then_some(start) }
    }
}

impl Node {
    /// The entries, if it is an object.
    pub(super) fn members(&self) -> Option<&[Member]> {
        match &self.data {
            Data::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub(super) fn items(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&Text> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of an entry; the last one if the key comes twice.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        let members = self.members()?;
        members.iter().rev().find(|member| member.key.value == key).map(|member| &member.value)
    }

    /// The value without places.
    pub(super) fn to_json(&self) -> Json {
        match &self.data {
            Data::Null => Json::Null,
            Data::Bool(value) => Json::Bool(*value),
            Data::Number(number) => Json::Number(number.clone()),
            Data::Text(text) => Json::String(text.value.clone()),
            Data::List(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Data::Object(members) => {
                let mut map = Map::new();
                for member in members {
                    map.insert(member.key.value.clone(), member.value.to_json());
                }
                Json::Object(map)
            }
        }
    }

    /// What a person would call this kind of value.
    pub(super) fn noun(&self) -> &'static str {
        match &self.data {
            Data::Null => "nothing",
            Data::Bool(_) => "a boolean",
            Data::Number(_) => "a number",
            Data::Text(_) => "text",
            Data::List(_) => "a list",
            Data::Object(_) => "an object",
        }
    }
}

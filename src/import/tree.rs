//! The spanned tree that foreign documents are read into: what JSON can say, with places.
//!
//! JSON, TOML and HCL say the types of their values themselves, unlike YAML, whose scalars the tree
//! of `source` types late. `serde_json`'s values know no places and HCL's know functions and
//! references; this tree is what they have in common, so that readers of fields serve all three.

use serde_json::{Map, Number, Value as Json};

use crate::source::{Span, Spanned};

/// A value with its place.
#[derive(Clone, Debug)]
pub(in crate::import) struct Node {
    pub(in crate::import) span: Span,
    pub(in crate::import) data: Data,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug)]
pub(in crate::import) enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(Vec<Node>),
    /// In the order of the file. A key comes twice only in HCL, where blocks repeat.
    Object(Vec<Member>),
}

/// A text, and where it starts if it stands in the file letter by letter.
#[derive(Clone, Debug)]
pub(in crate::import) struct Text {
    pub(in crate::import) value: String,
    pub(in crate::import) start: Option<usize>,
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub(in crate::import) struct Member {
    pub(in crate::import) key: Spanned<String>,
    pub(in crate::import) value: Node,
}

impl Text {
    /// A decoded text whose written form begins at `start` of a file's text, quotes excluded.
    pub(in crate::import) fn new(value: String, file: &str, start: usize) -> Self {
        let verbatim = file.get(start..).is_some_and(|rest| rest.starts_with(&value));
        Self { value, start: verbatim.then_some(start) }
    }
}

impl Node {
    /// The entries, if it is an object.
    pub(in crate::import) fn members(&self) -> Option<&[Member]> {
        match &self.data {
            Data::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub(in crate::import) fn items(&self) -> Option<&[Node]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub(in crate::import) fn text(&self) -> Option<&str> {
        self.placed_text().map(|text| text.value.as_str())
    }

    /// The text with its start, if it is one.
    pub(in crate::import) fn placed_text(&self) -> Option<&Text> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number from 0 on, if it is one.
    pub(in crate::import) fn count(&self) -> Option<u64> {
        match &self.data {
            Data::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// The value of an entry; the last one if the key comes twice.
    pub(in crate::import) fn get(&self, key: &str) -> Option<&Node> {
        let members = self.members()?;
        members.iter().rev().find(|member| member.key.value == key).map(|member| &member.value)
    }

    /// The text of an entry.
    pub(in crate::import) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The value without places.
    pub(in crate::import) fn to_json(&self) -> Json {
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
    pub(in crate::import) fn noun(&self) -> &'static str {
        match &self.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Number(number) if number.is_f64() => "a decimal number",
            Data::Number(_) => "a number",
            Data::Text(_) => "text",
            Data::List(_) => "a list",
            Data::Object(_) => "an object",
        }
    }
}

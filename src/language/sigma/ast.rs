//! The typed tree of a `detection:` section.

use serde::Serialize;

use super::Modifier;
use crate::query::Pattern;
use crate::source::{Span, Spanned};

/// Named selections and the conditions over them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Detection {
    /// Selections in file order; names are unique.
    pub selections: Vec<(Spanned<String>, Selection)>,
    /// Conditions; several mean "any of them".
    pub conditions: Vec<Spanned<Condition>>,
}

impl Detection {
    /// The selection of a name.
    pub fn selection(&self, name: &str) -> Option<&Selection> {
        self.selections.iter().find(|(own, _)| own.value == name).map(|(_, selection)| selection)
    }

    /// The names that a pattern of `1 of` or `all of` means.
    pub fn matching<'a>(&'a self, pattern: &'a NamePattern) -> impl Iterator<Item = &'a str> {
        let names = self.selections.iter().map(|(name, _)| name.as_str());
        names.filter(|name| pattern.accepts(name))
    }
}

/// What one name stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// All items hold.
    All(Vec<Item>),
    /// At least one member holds.
    Any(Vec<Selection>),
}

/// `field|modifiers: values`, or a keyword when there is no field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The field; `None` searches the whole event.
    pub field: Option<Spanned<String>>,
    /// Modifiers in order.
    pub modifiers: Vec<Spanned<Modifier>>,
    /// One or more values.
    pub values: Vec<Spanned<Value>>,
    /// Whether the values were written as a list.
    pub list: bool,
    /// The key with its modifiers, or the value of a keyword.
    #[serde(skip)]
    pub span: Span,
}

/// One value as written.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Text, with Sigma's escapes and wildcards still in it.
    Text(String),
    /// A number in the digits of the file.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// A condition over selections.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// One selection.
    Name(Spanned<String>),
    /// `1 of pattern` or `all of pattern`.
    Of(Quantifier, Spanned<NamePattern>),
    /// The complement.
    Not(Box<Condition>),
    /// All of them.
    And(Vec<Condition>),
    /// At least one of them.
    Or(Vec<Condition>),
}

/// How many of the selections must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    /// At least one: `1 of`, also written `any of`.
    One,
    /// Every one: `all of`.
    All,
}

/// Which selections a quantifier ranges over.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NamePattern {
    /// All but those whose names start with `_`.
    Them,
    /// Those whose names match; the only wildcard is `*`.
    Glob(Pattern),
}

impl NamePattern {
    /// Whether a name is meant: `them` means every name that does not start with an underscore.
    pub fn accepts(&self, name: &str) -> bool {
        match self {
            NamePattern::Them => !name.starts_with('_'),
            NamePattern::Glob(glob) => glob.matches(name, false),
        }
    }
}

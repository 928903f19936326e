//! The shape of a table in `catalog/fields/`: one struct per kind of row.
//!
//! `catalog/fields/README.md` explains the columns to those who edit them. Names are kept as
//! written; [`View::path`] gives the path of one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::View;
use super::derived::Derived;
use super::known::Never;
use super::made::{Collected, Constant, List, LookedUp, Part};
use crate::query::{FieldPath, FieldType, Spelling};

/// A whole table, as read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Which events the table is about.
    pub logsource: Logsource,
    /// How the views tell these events from others.
    #[serde(default)]
    pub scope: Vec<Scope>,
    /// Fields of the record.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// Objects of the record whose leaves keep their names.
    #[serde(default, rename = "subtree")]
    pub subtrees: Vec<Subtree>,
    /// Fields that a platform computes.
    #[serde(default)]
    pub derived: Vec<Derived>,
    /// Fields with one value in every event.
    #[serde(default, rename = "constant")]
    pub constants: Vec<Constant>,
    /// Fields whose values a platform looks up in a list of its own.
    #[serde(default)]
    pub looked_up: Vec<LookedUp>,
    /// Fields that hold the values of several others.
    #[serde(default)]
    pub collected: Vec<Collected>,
    /// Lists of objects that a platform tidies up.
    #[serde(default, rename = "list")]
    pub lists: Vec<List>,
    /// What certain events never have.
    #[serde(default)]
    pub never: Vec<Never>,
    /// Fields that a platform adds.
    #[serde(default)]
    pub added: Vec<Added>,
    /// Public definitions by the short name that rows use.
    pub sources: BTreeMap<String, String>,
}

/// Sigma's name for a kind of events. A part that is absent must be absent in the rule as well.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Logsource {
    /// Such as `aws`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Such as `cloudtrail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Such as `process_creation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// The test by which a view tells these events from others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// In which view.
    pub view: View,
    /// The field.
    pub field: String,
    /// Its value for these events.
    pub is: String,
    /// Further fields that always have the same value.
    #[serde(default)]
    pub also: Vec<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

/// One field of the record and its names.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Path in the record, which is also Sigma's name. Arrays are walked without an index.
    pub raw: String,
    /// Type of the value in the record; text unless said otherwise.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// The ECS field with the same values.
    pub ecs: Option<String>,
    /// Its type there.
    #[serde(default)]
    pub ecs_type: FieldType,
    /// The ECS field of type `ip` with those values that are addresses.
    pub ecs_ip: Option<String>,
    /// The condition under which the ECS field holds this field's values and not another's.
    pub ecs_when: Option<Presence>,
    /// What the ECS column leans on, in words.
    pub ecs_assumes: Option<String>,
    /// Raw fields whose value stands in the ECS field where this one has none, the first first.
    #[serde(default)]
    pub ecs_else: Vec<String>,
    /// Further ECS fields that are made from this one.
    #[serde(default)]
    pub ecs_also: Vec<Copied>,
    /// Whether the ECS columns are filled after the step that may break off, see
    /// [`Except::breaks`](super::Except::breaks).
    #[serde(default)]
    pub ecs_late: bool,
    /// Whether only later pipelines than the one that the table describes fill the ECS field.
    #[serde(default)]
    pub ecs_newer: bool,
    /// The Datadog attribute with the same values; the raw path unless said otherwise.
    pub datadog: Option<String>,
    /// Further attributes with the same values.
    #[serde(default)]
    pub datadog_also: Vec<String>,
    /// Further attributes that are made from this field.
    #[serde(default)]
    pub datadog_made: Vec<Copied>,
    /// The nearest OCSF attribute. For information: OCSF is no view yet.
    pub ocsf: Option<String>,
    /// How the values are spelt: a rule, or the list of all published constants.
    #[serde(default)]
    pub spelling: Spelling,
    /// What else may be assumed of the values.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// What else a reader should know; why there is no ECS field, if there is none.
    pub note: Option<String>,
    /// Where all this is published.
    pub source: Vec<String>,
}

/// What may be assumed of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// At most one value in an event.
    Single,
    /// Left out rather than written as null, `""`, `{}` or `[]`.
    NonEmpty,
}

/// Whether a field is there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Path in the record.
    pub field: String,
    /// Whether it has to be there or has to be absent.
    pub present: bool,
}

/// A field that a platform makes from another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copied {
    /// The made field.
    pub name: String,
    /// Its type.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// Values of raw fields for which it is made; for all events if empty.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// The part of the text that it is made from; the whole value if there is none.
    pub part: Option<Part>,
    /// How it is made.
    #[serde(default)]
    pub how: How,
}

/// How one field is made from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Unchanged.
    #[default]
    Copy,
    /// The text `No` becomes false, any other true.
    NoIsFalse,
    /// As text, also if it is none.
    Text,
    /// In lower case.
    Lower,
    /// The point in time as ISO 8601 with milliseconds, in UTC; what is none is left out.
    Time,
}

/// An object of the record whose leaves keep their paths below another root.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subtree {
    /// Path of the object in the record.
    pub raw: String,
    /// The ECS field of type `flattened` that holds it.
    pub ecs: String,
    /// The ECS field that holds the object written as one text, as Java writes a map.
    pub ecs_text: Option<String>,
    /// The length of that text in UTF-16 units from which on ECS keeps no fields of the object.
    pub ecs_limit: Option<usize>,
    /// What the ECS column leans on, in words.
    pub ecs_assumes: Option<String>,
    /// The nearest OCSF attribute.
    pub ocsf: Option<String>,
    /// Leaves of which more is known, their paths relative to the object.
    #[serde(default)]
    pub leaves: Vec<Field>,
    /// Where all this is published.
    pub source: Vec<String>,
}

/// Fields that a platform adds and that correspond to no field of the record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// In which view.
    pub view: View,
    /// The fields; `*` stands for anything.
    pub names: Vec<String>,
    /// Their type.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// Where the values come from, as a clause: "looked up from the address ...".
    pub note: String,
    /// Where this is published.
    pub source: Vec<String>,
}

impl Field {
    /// Whether the table says this of the field.
    pub fn has(&self, fact: Fact) -> bool {
        self.facts.contains(&fact)
    }

    /// Path of the Datadog attribute with the same values.
    pub fn datadog_path(&self) -> FieldPath {
        match &self.datadog {
            Some(name) => View::Datadog.path(name),
            None => View::Datadog.path(&format!("@{}", self.raw)),
        }
    }
}

impl Subtree {
    /// What follows the object's own path in a path that leads into it; empty for the object.
    pub fn rest<'p>(&self, raw: &'p str) -> Option<&'p str> {
        let rest = raw.strip_prefix(&self.raw)?;
        (rest.is_empty() || rest.starts_with('.')).then_some(rest)
    }
}

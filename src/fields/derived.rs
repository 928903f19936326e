//! Rows for fields that tell whether others are present.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::View;
use crate::query::{Expr, FieldPath, Op, Test};

/// A field that tells whether some of the record's fields are present.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// In which view.
    pub view: View,
    /// The computed field.
    pub field: String,
    /// The raw fields that it looks at.
    pub present: Vec<String>,
    /// Its value if at least one of them is present.
    pub if_any: String,
    /// Its value if none is; without it the computed field is absent then.
    pub if_none: Option<String>,
    /// Further fields that are computed from the same presence.
    #[serde(default)]
    pub also: Vec<Also>,
    /// Events for which it is computed in another way.
    pub except: Option<Except>,
    /// What the definition leans on, in words.
    pub assumes: Option<String>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Where all this is published.
    pub source: Vec<String>,
}

/// Events for which a derived field is computed in another way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Except {
    /// Raw fields and their values in these events.
    pub event: BTreeMap<String, String>,
    /// Further raw fields and the only values that they have in these events.
    #[serde(default)]
    pub comes_with: BTreeMap<String, String>,
    /// The raw field whose value, in lower case, the derived field has then.
    pub lower_case_of: String,
    /// Where the pipeline breaks off over such an event.
    pub breaks: Option<Break>,
}

/// A field that is computed from the same presence as another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// The computed field.
    pub field: String,
    /// Its value if at least one of the raw fields is present.
    pub if_any: String,
    /// Its value if none is; without it the computed field is absent then.
    pub if_none: Option<String>,
}

/// Where a pipeline breaks off: what follows is not made, and the event says so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// The object of the record without which it does.
    pub without: String,
    /// The field that tells of it. Its text depends on the version.
    pub field: String,
}

impl Derived {
    /// Path of the computed field.
    pub fn path(&self) -> FieldPath {
        self.view.path(&self.field)
    }

    /// The test that holds if at least one of the fields is present.
    pub fn any(&self) -> Expr {
        Test::field(self.path(), Op::is(&self.if_any)).into()
    }

    /// The test that holds if none of the fields is present.
    pub fn none(&self) -> Expr {
        match &self.if_none {
            Some(value) => Test::field(self.path(), Op::is(value)).into(),
            None => self.any().negated(),
        }
    }
}

//! Rows for what a platform makes of a record beyond giving its fields other names.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::View;

/// A field with one value in every event.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// In which view.
    pub view: View,
    /// The field.
    pub field: String,
    /// Its value; `{}` for an object that is always there, whatever it holds.
    pub is: Value,
    /// What this leans on, in words.
    pub assumes: Option<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

/// Fields whose values a platform looks up by the text of a raw field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedUp {
    /// In which view.
    pub view: View,
    /// The raw field.
    pub by: String,
    /// The platform's list.
    pub rows: Vec<LookUp>,
    /// The values for texts that the list does not have, and of fields that a row does not give.
    #[serde(default)]
    pub otherwise: BTreeMap<String, Vec<String>>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

/// One line of a list, for several texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// The texts.
    #[serde(rename = "for")]
    pub texts: Vec<String>,
    /// The values by field.
    pub gives: BTreeMap<String, Vec<String>>,
}

impl LookedUp {
    /// Every field that is looked up.
    pub fn fields(&self) -> impl Iterator<Item = &String> {
        let mut fields: Vec<&String> = self
            .rows
            .iter()
            .flat_map(|row| row.gives.keys())
            .chain(self.otherwise.keys())
            .collect();
        fields.sort();
        fields.dedup();
        fields.into_iter()
    }

    /// The values of a field for the text of a line, or without one for any other text.
    pub fn values<'t>(&'t self, row: Option<&'t LookUp>, field: &str) -> &'t [String] {
        let given = row.and_then(|row| row.gives.get(field));
        given.or_else(|| self.otherwise.get(field)).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A list of the distinct values of several raw fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collected {
    /// In which view.
    pub view: View,
    /// The list.
    pub field: String,
    /// The raw fields, in the order of the list.
    pub from: Vec<String>,
    /// Values of raw fields for which it is made; for all events if empty.
    #[serde(default)]
    pub only: BTreeMap<String, String>,
    /// What else a reader should know.
    pub note: Option<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

/// A list of objects, whose fields have rows of their own, and of which ECS keeps one of each kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Path of the list in the record.
    pub raw: String,
    /// The ECS field that holds it.
    pub ecs: String,
    /// The fields that tell its objects from one another.
    pub distinct_by: Vec<String>,
    /// Where this is published.
    pub source: Vec<String>,
}

/// A part of a text: what stands between two others. All three are regular expressions, and
/// together they are the whole text.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "PartColumns")]
pub struct Part {
    /// What stands before.
    pub before: String,
    /// What every single character of the part is.
    pub each: String,
    /// What stands after.
    pub after: String,
    whole: regex::Regex,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartColumns {
    #[serde(default)]
    before: String,
    each: String,
    #[serde(default)]
    after: String,
}

impl TryFrom<PartColumns> for Part {
    type Error = regex::Error;

    fn try_from(columns: PartColumns) -> Result<Self, regex::Error> {
        let PartColumns { before, each, after } = columns;
        let whole = regex::Regex::new(&framed(&before, &format!("(?<part>(?:{each})*)"), &after))?;
        Ok(Self { before, each, after, whole })
    }
}

impl Part {
    /// The part of a text, if the text has this form.
    pub fn of<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(self.whole.captures(text)?.name("part")?.as_str())
    }

    /// The expression for texts of which the part is what another expression describes.
    pub fn with(&self, inner: &str) -> String {
        framed(&self.before, inner, &self.after)
    }

    /// The expression for all texts of this form.
    pub fn any(&self) -> String {
        self.with(&format!("(?:{})*", self.each))
    }
}

fn framed(before: &str, inner: &str, after: &str) -> String {
    format!(r"\A(?:{before}){inner}(?:{after})\z")
}

//! What a language needs to know of a field to say a test rightly.
//!
//! Languages never see the catalogue; they ask a [`Schema`]. The catalogue implements it for each
//! view of an event.

use serde::Serialize;

use super::{FieldPath, Spelling};

/// How a platform indexes a field, as far as queries can tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// Exact text, case-sensitive. Also what an unknown field is taken for.
    #[default]
    Keyword,
    /// Analysed text: words in any case.
    Text,
    /// An address; literals may be networks.
    Ip,
    /// An integer or a fraction.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A point in time.
    Date,
    /// A leaf of a flattened object: exact text, numbers and booleans as text, ranges by text.
    Flattened,
}

/// What may be assumed of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FieldFacts {
    /// How it is indexed.
    pub kind: FieldType,
    /// Whether a table says so. If none does, `kind` is what anything is taken for at first.
    pub typed: bool,
    /// What the literals that it is compared with take it for, where no table has its type: languages
    /// in which a number is no text, nor `true`, go by that.
    pub taken_for: Option<FieldType>,
    /// How its values are spelt.
    pub spelling: Spelling,
    /// It has at most one value in an event.
    pub single: bool,
    /// It is known to hold several values in events.
    pub many: bool,
    /// It is never `null`: the platform drops it or the service never writes it.
    pub never_null: bool,
    /// It is never written with an empty text, object or list either.
    pub never_empty: bool,
    /// It is never written as an object, nor as a list without values.
    pub scalar: bool,
    /// Which letters its texts are made of.
    pub letters: Letters,
}

/// What may be assumed of the letters of a field's texts. No table says this of a field; translations
/// lean on it where two platforms tell letters apart in different ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Letters {
    /// All are of ASCII.
    pub ascii: bool,
    /// There is no long s and no Kelvin sign, which are an `s` and a `k` only where Unicode's rules
    /// for letter case are followed.
    pub plain: bool,
    /// There is no line feed.
    pub one_line: bool,
}

/// The fields of one view of an event.
pub trait Schema: Send + Sync {
    /// What is known of a field; [`FieldFacts::default`] for an unknown one.
    fn facts(&self, field: &FieldPath) -> FieldFacts;
}

/// A schema that knows nothing: every field is an exact keyword.
impl Schema for () {
    fn facts(&self, _: &FieldPath) -> FieldFacts {
        FieldFacts::default()
    }
}

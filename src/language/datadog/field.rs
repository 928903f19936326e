//! Names of fields and where they point in a log.

use super::Field;
use crate::query::FieldPath;

/// Names that need no `@` and are fields of the log itself, not tags. Six are Datadog's reserved
/// attributes; `timestamp` and `tags` are added by the open parser (`search/field.rs`), `tags` also
/// by the docs, for tags without a key.
const RESERVED: [&str; 8] =
    ["source", "status", "service", "host", "message", "trace_id", "timestamp", TAGS];

/// The array of tags.
pub(super) const TAGS: &str = "tags";

/// The text that free text searches.
pub(super) const MESSAGE: &str = "message";

/// The object that holds the attributes.
const ATTRIBUTES: &str = "attributes.";

impl Field {
    /// Whether the field is one of `source`, `status`, `service`, `host`, `message`, `trace_id`,
    /// `timestamp` and `tags`.
    pub fn is_reserved(&self) -> bool {
        matches!(self, Field::Bare(name) if RESERVED.contains(&name.as_str()))
    }

    /// The key, if the field is the key of a tag.
    pub fn tag_key(&self) -> Option<&str> {
        match self {
            Field::Bare(name) if !self.is_reserved() => Some(name),
            _ => None,
        }
    }

    /// Where its values are in the log; `tags` for the key of a tag, `None` for a calculated field.
    pub fn path(&self) -> Option<FieldPath> {
        match self {
            Field::Attribute(name) => Some(FieldPath::new(format!("{ATTRIBUTES}{name}"))),
            Field::Bare(name) if self.is_reserved() => Some(FieldPath::new(name)),
            Field::Bare(_) => Some(FieldPath::new(TAGS)),
            Field::Calculated(_) => None,
        }
    }

    /// The field for a place in the log; `None` if queries cannot name it.
    pub fn of(path: &FieldPath) -> Option<Self> {
        let path = path.as_str();
        match path.strip_prefix(ATTRIBUTES) {
            Some(name) => (!name.is_empty()).then(|| Field::Attribute(name.to_owned())),
            None => RESERVED.contains(&path).then(|| Field::Bare(path.to_owned())),
        }
    }
}

/// Names that the open parser takes for questions about presence, not for tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// `_exists_`
    Exists,
    /// `_missing_`
    Missing,
}

impl Presence {
    /// The question that a name asks.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "_exists_" => Some(Presence::Exists),
            "_missing_" => Some(Presence::Missing),
            _ => None,
        }
    }
}

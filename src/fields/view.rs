//! The ways in which an event is seen.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::query::FieldPath;

/// Who looks at an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    /// The record as the service wrote it; the vocabulary of rules.
    Raw,
    /// The document that Elastic's integration makes of it, in the Elastic Common Schema.
    Ecs,
    /// The log that Datadog makes of it: attributes below `attributes`, reserved fields beside.
    Datadog,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Raw, Self::Ecs, Self::Datadog];

    /// The path of a field that is written as this view's users write it: for Datadog, `@evt.name`
    /// is the attribute `attributes.evt.name` and `source` a reserved field. (ECS's `@timestamp`
    /// has its `@` in the name.)
    pub fn path(self, name: &str) -> FieldPath {
        match (self, name.strip_prefix('@')) {
            (Self::Datadog, Some(attribute)) => FieldPath::new(format!("attributes.{attribute}")),
            _ => FieldPath::new(name),
        }
    }

    /// The name of a path as this view's users write it: the inverse of [`View::path`].
    pub fn display(self, path: &FieldPath) -> FieldPath {
        match (self, path.as_str().strip_prefix("attributes.")) {
            (Self::Datadog, Some(attribute)) => FieldPath::new(format!("@{attribute}")),
            _ => path.clone(),
        }
    }

    /// Whether nulls, empty texts, objects and lists are taken out before events are indexed.
    /// Elastic's pipeline does so in its first steps; Datadog keeps what it gets.
    pub fn drops_empty(self) -> bool {
        self == Self::Ecs
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raw => "the raw record",
            Self::Ecs => "ECS",
            Self::Datadog => "Datadog",
        })
    }
}

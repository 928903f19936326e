//! A rule in the form of its platform's API: what every foreign document is read into first.

use serde_json::{Map, Value as Json};

use crate::rule::{Date, ElasticPage};
use crate::source::Span;

/// The platforms whose rules can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Bodies as Kibana's detection API takes them.
    Elastic,
    /// Bodies as Datadog's security monitoring API v2 takes them.
    Datadog,
}

/// One rule of a foreign document.
#[derive(Clone, Debug)]
pub struct Foreign {
    /// Whose rule it is.
    pub platform: Platform,
    /// The body that would create the rule, with every field that the document has, whether the
    /// API knows it or not. What the document does not say is absent, not a default.
    pub body: Map<String, Json>,
    /// What the document says beside the body.
    pub beside: Beside,
    /// Where the rule stands in its file.
    pub span: Span,
    /// Where the query's text stands in the file, if it stands there letter by letter, so that
    /// errors in it have a place. The start of its first letter.
    pub query_start: Option<usize>,
}

/// Facts about a rule that its body has no field for.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// First written.
    pub date: Option<Date>,
    /// Last changed.
    pub modified: Option<Date>,
    /// The word that the document has for its maturity (`production`, `deprecated`, ...).
    pub maturity: Option<String>,
    /// Fleet integrations, from `[metadata]`.
    pub integration: Vec<String>,
    /// What only Elastic's documentation page knows.
    pub page: ElasticPage,
    /// Datadog's id of a default rule (`cca-fc9-b0e`).
    pub default_id: Option<String>,
    /// The last part of the address of Datadog's documentation page.
    pub slug: Option<String>,
    /// Further facts that no field of a canonical rule holds, by name, such as `min_stack_version`
    /// or a `[transform]` table. They are kept as a comment.
    pub other: Map<String, Json>,
    /// Whether the document has no place for a query (a page of Datadog's documentation).
    pub without_query: bool,
}

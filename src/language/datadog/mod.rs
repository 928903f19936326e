//! Datadog's log search syntax, the language of its detection rules.
//!
//! Sources: Datadog's documentation, pages *Log Search Syntax* (`logs/explorer/search_syntax`) and
//! *Logs Search Syntax* of Observability Pipelines (`observability_pipelines/search_syntax/logs`),
//! called "the docs" below, and the open parser in Vector's VRL (`src/datadog/search`), called
//! "the open parser". Where the two part, the docs win; each such place says so.
//!
//! # The event
//!
//! A log is seen as one JSON object:
//!
//! ```json
//! {"source": "..", "status": "..", "service": "..", "host": "..", "message": "..",
//!  "tags": ["key:value"], "attributes": {"evt": {"name": ".."}}}
//! ```
//!
//! | query | looks at |
//! |---|---|
//! | `@evt.name:v` | the attribute: path `attributes.evt.name` |
//! | `source:v` and the other [reserved](Field::is_reserved) names | the field at the root |
//! | `env:v`, any other bare name | the elements `env:v` of `tags` |
//! | `word`, `"two words"` | words of `message`, any case |
//! | `*:word` | words of any value, any case |
//! | `#name:v` | a calculated field; its formula stands elsewhere, so it cannot be lowered |
//!
//! # The meaning
//!
//! Attributes are compared exactly and case-sensitively; a field with several values (arrays, also
//! arrays of objects on the way) matches if one of them does; `-@f:x` holds where `@f` is missing.

mod ast;
mod case;
mod field;
mod lexis;
mod lower;
mod parse;
mod print;
mod raise;

pub use ast::{At, Clause, Field, Limit, Query, Scope, Sign, Tree, Value, ValueKind};
pub use case::{CaseCondition, parse_case};
pub use lower::lower;
pub use parse::parse;
pub use print::{print, print_field};
pub use raise::raise;

super::contract::language! {
    /// Datadog log search in the registry.
    Datadog = "datadog", "Datadog log search"
}

//! Query languages: one folder each, always the same inner files.
//!
//! | file | from | to |
//! |---|---|---|
//! | `ast` | | the typed tree of the language, every node with its place |
//! | `parse` | text | tree, or errors with places |
//! | `print` | tree | text; `parse(print(tree))` is the same tree |
//! | `lower` | tree | [`Meaning`](crate::query::Meaning), or a refusal with a place |
//! | `raise` | [`Meaning`](crate::query::Meaning) | tree with losses and assumptions, or refusals |
//!
//! [`contract`] says what each of them promises; [`registry`] lists them and gives them one interface.
//!
//! A language knows nothing of rules, targets or catalogues. What it must know of a field it asks
//! a [`Schema`](crate::query::Schema).

pub mod contract;
pub mod datadog;
pub mod eql;
pub mod esql;
pub mod kit;
pub mod kql;
pub mod lucene;
pub mod registry;
pub mod sigma;

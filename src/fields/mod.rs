//! Fields are views of one event.
//!
//! A CloudTrail record is seen raw (by Sigma and by the CIS benchmark), as an ECS document
//! (Elastic's integration) and as Datadog attributes. Rules speak of the raw record; a [`Catalog`]
//! knows what each of its fields is called in every [`View`], what may be assumed of its values,
//! and which fields a platform computes from others. The knowledge is data: one table per log
//! source in `catalog/fields/`, every row with its source. [`Catalog::push`] carries an expression
//! over raw fields into a view, and [`Catalog::pull`] back in an author's words. A [`Vocabulary`] is
//! whose names a rule uses.
//!
//! The same rows say what a platform makes of a whole record ([`Catalog::project`]) and what any
//! expression over its documents says of the record ([`Catalog::pull_back`]): one is the inverse of
//! the other, on every record. `back` lists what that costs. What pushing costs:
//!
//! | code | kind | meaning |
//! |---|---|---|
//! | `non-empty` | assumption | the field is never written with an empty value |
//! | `platform-mapping` | assumption | the platform fills the field in the way that the table says |
//! | `exception-source` | assumption | the events whose outcome is computed in another way come from one service only |
//! | `empty-dropped` | loss | the platform drops empty values that the test accepts |
//! | `null-dropped` | loss | the platform drops the nulls that the test asks for |
//! | `no-field` | refusal | the view has no field with exactly these values |
//! | `field-type` | assumption | the platform holds the field as the rule takes it |
//! | `field-names` | assumption | no table knows the field, so its name is kept |
//! | `log-source` | assumption | the query is run on the logs of one source only |
//! | `vocabulary` | refusal | the rule uses the names of another platform |
//! | `object-text` | refusal | a test of text on something that is an object in the record |
//! | `ordered-text` | refusal | an order of numbers on a field that holds texts |
//! | `date-text` | refusal | a test of text on a field that holds points in time |
//! | `boolean-text` | refusal | a test on a boolean that neither true nor false satisfies |
//!
//! Languages never see this module; they ask the [`Schema`](crate::query::Schema) of a view.

mod back;
mod carry;
mod catalog;
mod check;
mod derived;
mod ecs;
mod inferred;
mod known;
mod made;
mod outcome;
mod project;
mod pull;
mod push;
mod schema;
mod shape;
mod table;
mod view;
mod vocabulary;

pub use catalog::{Catalog, TableError};
pub use derived::{Also, Break, Derived, Except};
pub use ecs::EcsSchema;
pub use inferred::Inferred;
pub use known::Never;
pub use made::{Collected, Constant, List, LookUp, LookedUp, Part};
pub use pull::Pulled;
pub use schema::ViewSchema;
pub use shape::RecordShape;
pub use table::{Added, Copied, Fact, Field, How, Logsource, Presence, Scope, Subtree, Table};
pub use view::View;
pub use vocabulary::Vocabulary;

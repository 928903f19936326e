//! What a platform makes of a record.
//!
//! [`Catalog::project`] follows the table: every row says which field it fills, and the mechanisms
//! stand here, one a file. For ECS they follow the steps of Elastic's integration, named in the
//! table's sources, in their order: what is empty goes first, then fields are moved (a field that
//! is there already is not overwritten), then others are made from them. Paths of the record lead
//! through objects only, as the paths of ingest processors do.
//!
//! Not made, because no table can say it: what is looked up when a record arrives (`[[added]]`),
//! and what is left of the record where the pipeline breaks off.

mod datadog;
mod ecs;
mod empty;
mod java;
mod list;
mod made;
mod outcome;
mod place;
mod time;

pub(super) use made::accepts;
pub(super) use time::SHAPE as TIME_SHAPE;

use serde_json::Value;

use super::{Catalog, View};

impl Catalog {
    /// The document that a view holds for a record. Anything may be given as a record: what is
    /// missing or of another shape fills no field.
    pub fn project(&self, record: &Value, view: View) -> Value {
        match view {
            View::Raw => record.clone(),
            View::Ecs => ecs::document(self.table(), record),
            View::Datadog => datadog::log(self.table(), record),
        }
    }
}

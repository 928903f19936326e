//! Projections and their inverse: what holds of a document holds of the record that it is made
//! from, for every public query and every recorded event.

#[path = "../common/mod.rs"]
mod common;
mod law;
mod odd;
mod verdicts;

use crosswalk::fields::{Catalog, View};
use serde_json::Value;

/// The catalogue of CloudTrail.
pub(crate) fn cloudtrail() -> &'static Catalog {
    Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).expect("the table is shipped")
}

/// The documents that records become in a view.
pub(crate) fn projected(records: &[Value], view: View) -> Vec<Value> {
    records.iter().map(|record| cloudtrail().project(record, view)).collect()
}

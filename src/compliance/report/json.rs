//! For programs: everything that the audit knows.

use serde_json::{Value as Json, json};

use super::history::steps;
use crate::compliance::Audit;

/// The version of the format.
pub const FORMAT: u32 = 1;

/// The audit as JSON; also what [`super::Baseline::read`] takes.
pub fn json(audit: &Audit) -> Json {
    json!({
        "format": FORMAT,
        "crosswalk": env!("CARGO_PKG_VERSION"),
        "audit": audit,
        "steps": steps(audit),
    })
}

//! Datadog log search: reading, writing, meaning and translation.
//!
//! Probes with a known answer stand here; what needs the corpora is skipped without them.

mod corpora;
mod errors;
mod meaning;
mod properties;
mod raising;

use crosswalk::language::datadog::{lower, parse, print};
use crosswalk::query::Expr;
use serde_json::{Value, json};

/// The meaning of a query that has one.
fn meaning(query: &str) -> Expr {
    let tree = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    lower(&tree, &()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"))
}

/// A query as it is printed.
fn printed(query: &str) -> String {
    let tree = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    print(&tree)
}

/// A log of CloudTrail with these attributes.
fn log(attributes: Value) -> Value {
    json!({"source": "cloudtrail", "status": "info", "attributes": attributes})
}

//! Crosswalk.
pub mod diagnostic;
pub mod fields;
pub mod language;
pub mod query;
pub mod rule;
pub mod site;
pub mod source;

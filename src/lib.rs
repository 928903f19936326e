#![doc = include_str!("../docs/architecture.md")]

pub mod build;
pub mod check;
pub mod cli;
pub mod compliance;
pub mod config;
pub mod convert;
pub mod diagnostic;
pub mod fields;
pub mod format;
pub mod import;
pub mod language;
pub mod query;
pub mod rule;
pub mod site;
pub mod source;
pub mod target;

//! Coverage that is decided: the catalogue's demands, the audit of rules against them, and every
//! form of its report.

#[path = "../common/mod.rs"]
mod common;
#[path = "../pack/demand.rs"]
#[expect(dead_code, reason = "the test of the pack reads controls with it, too")]
mod demand;
#[path = "../pack/synthetic.rs"]
mod synthetic;

mod audit;
mod binary;
mod catalogue;
mod envelope;
mod foreign;
mod framework_files;
mod guide;
mod logs;
mod public;
mod public_sets;
mod reports;
mod verb;

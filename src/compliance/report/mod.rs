//! What an audit says, in the forms that people and machines want: one file each.

mod csv;
mod gap;
mod html;
mod json;
mod junit;
mod markdown;
mod navigator;
pub mod oscal;
mod sarif;
mod terminal;

pub use csv::csv;
pub use html::html;
pub use json::{Baseline, FORMAT, json};
pub use junit::junit;
pub use markdown::markdown;
pub use navigator::navigator;
pub use sarif::{findings, sarif, summary};
pub use terminal::terminal;

//! What an audit says, in the forms that people and machines want: one file each.

mod baseline;
mod csv;
mod gap;
mod history;
mod html;
mod json;
mod junit;
mod markdown;
mod navigator;
pub mod oscal;
mod sarif;
mod techniques;
mod terminal;

pub use baseline::{Baseline, Fallen};
pub use csv::csv;
pub use history::{Step, steps};
pub use html::html;
pub use json::{FORMAT, json};
pub use junit::junit;
pub use markdown::markdown;
pub use navigator::navigator;
pub use sarif::{findings, sarif, summary};
pub use techniques::{techniques, techniques_csv, techniques_markdown, techniques_summary};
pub use terminal::terminal;

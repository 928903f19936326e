//! One small file per output format; all take the same sorted findings.

mod clean;
mod concise;
mod human;
mod json;

use clean::clean;
pub use concise::concise;
pub use human::human;
pub use json::json;

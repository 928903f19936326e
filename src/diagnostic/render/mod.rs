//! One small file per output format; all take the same sorted findings.

mod concise;
mod human;
mod json;

pub use concise::concise;
pub use human::human;
pub use json::json;

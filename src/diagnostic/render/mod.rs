//! One small file per output format; all take the same sorted findings.

mod clean;
mod concise;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod sarif;

use clean::clean;
pub use concise::concise;
pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;

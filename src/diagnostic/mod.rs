//! What Crosswalk says about a file: findings with a stable code, a place and a way out.
//!
//! A finding is data. Stages collect findings instead of stopping at the first one, and the
//! renderers in [`render`] turn a list of them into text for people or for machines. The wording
//! rules (lower case, no full stop, backticks round the user's words) are enforced by a test over
//! every golden case.

mod code;
mod finding;
mod fix;
pub mod render;
mod suggest;
pub mod suppress;

pub use code::{Code, Severity};
pub(crate) use code::{code, codes};
pub use finding::{Counts, Edit, Finding, Findings, Fix};
pub use fix::apply;
pub use suggest::{all_of, any_of, closest};

//! Foreign rule documents as canonical rules.
//!
//! A document is read into the body that its platform's API would take ([`Foreign`]), whatever form
//! it came in; a body becomes a canonical rule in [`canonical`]. Nothing of a document is lost: what
//! no key of a rule can say stays in the `patch` of the platform's section.

mod canonical;
pub mod codes;
pub mod datadog;
mod foreign;

pub use canonical::{Canonical, Expressed};
pub use foreign::{Beside, Foreign, Platform};

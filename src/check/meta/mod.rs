//! Checks of what a rule says about itself: identity, prose, references, tags, claims and history.

mod duplicate_id;
mod unknown_rule;

use super::Check;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[duplicate_id::CHECK, unknown_rule::CHECK];

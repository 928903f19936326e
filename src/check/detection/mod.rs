//! Checks of what a rule detects: selections, conditions and values.

use super::Check;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[];

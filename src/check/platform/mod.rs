//! Checks of what a rule says to one platform.

mod look_back;
mod risk_score;

use super::Check;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[look_back::CHECK, risk_score::CHECK];

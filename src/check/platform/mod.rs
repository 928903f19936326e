//! Checks of what a rule says to one platform.

mod case_name;
mod dead_case;
mod idle_condition;
mod look_back;
mod look_back_margin;
mod raw_field;
mod risk_score;
mod short_history;
mod unnamed_field;

use super::Check;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[
    case_name::CHECK,
    dead_case::CHECK,
    idle_condition::CHECK,
    look_back::CHECK,
    look_back_margin::CHECK,
    raw_field::CHECK,
    risk_score::CHECK,
    short_history::CHECK,
    unnamed_field::CHECK,
];

//! Checks of what a rule detects: selections, conditions and values.

mod any_value;
mod cased;
mod covered_value;
mod double_wildcard;
mod duplicate_value;
mod edge_blank;
mod edit;
mod look_around;
mod network;
mod null_in_list;
mod number_as_text;
mod plain_regex;
mod spelling;
mod subject;
mod unpublished_value;
mod wildcards;

use super::Check;
pub use subject::Subject;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[
    any_value::CHECK,
    cased::CHECK,
    covered_value::CHECK,
    double_wildcard::CHECK,
    duplicate_value::CHECK,
    edge_blank::CHECK,
    look_around::CHECK,
    network::CHECK,
    null_in_list::CHECK,
    number_as_text::CHECK,
    plain_regex::CHECK,
    spelling::CHECK,
    unpublished_value::CHECK,
    wildcards::CHECK,
];

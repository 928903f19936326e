//! Checks of what a rule detects: selections, conditions and values.

mod always_true;
mod any_value;
mod cased;
mod covered_value;
mod double_wildcard;
mod duplicate_value;
mod edge_blank;
mod edit;
mod failing_test;
mod field_case;
mod idle_exclusion;
mod impossible;
mod literal_wildcard;
mod look_around;
mod map_text;
mod native;
mod network;
mod null_in_list;
mod number_as_text;
mod object_field;
mod parts;
mod plain_regex;
mod same_selection;
mod single_selection;
mod spelling;
mod subject;
mod test_event;
mod test_name;
mod unknown_field;
mod unpublished_value;
mod wildcards;

use super::Check;
use crate::diagnostic::Code;
pub use subject::Subject;

/// A test event with the wrong verdict.
pub const FAILING_TEST: &Code = failing_test::CHECK.code;
pub(super) const ALWAYS_TRUE: &Code = always_true::CHECK.code;
pub(super) const IMPOSSIBLE: &Code = impossible::CHECK.code;
pub(super) const LITERAL_WILDCARD: &Code = literal_wildcard::CHECK.code;
pub(super) const MAP_TEXT: &Code = map_text::CHECK.code;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[
    always_true::CHECK,
    any_value::CHECK,
    cased::CHECK,
    covered_value::CHECK,
    double_wildcard::CHECK,
    duplicate_value::CHECK,
    edge_blank::CHECK,
    failing_test::CHECK,
    field_case::CHECK,
    idle_exclusion::CHECK,
    impossible::CHECK,
    literal_wildcard::CHECK,
    literal_wildcard::NATIVE,
    look_around::CHECK,
    map_text::CHECK,
    map_text::NATIVE,
    network::CHECK,
    null_in_list::CHECK,
    number_as_text::CHECK,
    object_field::CHECK,
    plain_regex::CHECK,
    same_selection::CHECK,
    single_selection::CHECK,
    spelling::CHECK,
    test_event::CHECK,
    test_name::CHECK,
    unknown_field::CHECK,
    unpublished_value::CHECK,
    wildcards::CHECK,
];

//! Checks of what a rule says about itself: identity, prose, references, tags, claims and history.

mod broken_link;
mod changelog_order;
mod claim;
mod dates;
mod duplicate_control;
mod duplicate_id;
mod duplicate_reference;
mod duplicate_tag;
mod duplicate_title;
mod file_name;
mod missing_description;
mod missing_id;
mod missing_level;
mod missing_status;
mod missing_tactic;
mod mixed_subjects;
mod one_sided_tests;
mod outdated_claims;
mod reference_not_url;
mod related_to_itself;
mod tagged;
mod template_variable;
mod unknown_namespace;
mod unknown_rule;
mod untested;

use super::Check;
use crate::diagnostic::Code;
use crate::rule::Rule;
use crate::source::Spanned;

/// Tests that all expect one verdict.
pub const ONE_SIDED: &Code = one_sided_tests::CHECK.code;
/// No tests at all.
pub const UNTESTED: &Code = untested::CHECK.code;

/// The checks of this family, in the order of the names of their files.
pub(super) const CHECKS: &[Check] = &[
    broken_link::CHECK,
    changelog_order::CHECK,
    dates::CHECK,
    duplicate_control::CHECK,
    duplicate_id::CHECK,
    duplicate_reference::CHECK,
    duplicate_tag::CHECK,
    duplicate_title::CHECK,
    file_name::CHECK,
    missing_description::CHECK,
    missing_id::CHECK,
    missing_level::CHECK,
    missing_status::CHECK,
    missing_tactic::CHECK,
    mixed_subjects::CHECK,
    one_sided_tests::CHECK,
    outdated_claims::CHECK,
    reference_not_url::CHECK,
    related_to_itself::CHECK,
    template_variable::CHECK,
    unknown_namespace::CHECK,
    unknown_rule::CHECK,
    untested::CHECK,
];

/// The texts of a rule that are Markdown and go out to people.
fn texts(rule: &Rule) -> impl Iterator<Item = &Spanned<String>> {
    [&rule.header.description, &rule.sections.strategy, &rule.sections.triage].into_iter().flatten()
}

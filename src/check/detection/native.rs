//! The query of a rule that stands in the language of its platform only.

use crate::language::registry;
use crate::query::{Op, Pattern, Subject};
use crate::rule::Rule;

/// The patterns that the native query of a rule holds its fields against, each with its field.
/// Nothing of a rule that has a detection, or whose query has no stated meaning.
pub(super) fn patterns(rule: &Rule) -> Vec<(String, Pattern)> {
    let patch = rule.sections.elastic.patch.as_ref();
    let text = |key: &str| patch.and_then(|patch| patch.get(key)).and_then(|text| text.as_str());
    let language = match text("language") {
        None | Some("kuery") => "kql",
        Some(other) => other,
    };
    let (Some(query), Some(language)) = (text("query"), registry::by_name(language)) else {
        return Vec::new();
    };
    let lowered = language.read(query).and_then(|query| query.lower(&()));
    let Ok(lowered) = lowered else { return Vec::new() };
    let tests = lowered.value.exprs().into_iter().flat_map(|expr| expr.tests());
    let pattern = |test: &crate::query::Test| match (&test.subject, &test.op) {
        (Subject::Field(field), Op::Matches { pattern, .. }) => {
            Some((field.to_string(), pattern.clone()))
        }
        _ => None,
    };
    tests.filter_map(pattern).collect()
}

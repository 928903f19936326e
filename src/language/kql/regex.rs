//! Regular expressions, which KQL lacks, as the patterns that say the same.

use super::group;
use super::raise::Raised;
use crate::language::kit::lucene_regex::to_patterns;
use crate::query::{Case, FieldPath, Ledger, Part, Pattern, Regex};

/// What raises one pattern.
type RaisePattern<'a> = dyn FnMut(&Pattern, Case, &mut Ledger) -> Raised + 'a;

/// An expression as the alternatives that say the same, if there are some.
pub(super) fn each_pattern(
    regex: &Regex,
    path: Option<&FieldPath>,
    ledger: &mut Ledger,
    raise: &mut RaisePattern<'_>,
) -> Raised {
    let mut refuse = |why: String| {
        let reason = format!("KQL has no regular expressions, and {why}");
        ledger.refuse("regex", path, reason);
        Raised::refused()
    };
    let patterns = match to_patterns(regex) {
        Ok(patterns) => patterns,
        Err(refusal) => return refuse(format!("no pattern says {refusal}: `{}`", regex.source())),
    };
    // With `*` for `?` the pattern would ask for nothing at all.
    let only_counts = |pattern: &Pattern| {
        let counted = pattern.parts().iter().filter(|part| **part == Part::One).count();
        counted > 1 && pattern.parts().iter().all(|part| !matches!(part, Part::Literal(_)))
    };
    if patterns.patterns.iter().any(only_counts) {
        return refuse(format!("no pattern counts characters: `{}`", regex.source()));
    }
    patterns.assume(path, ledger);
    let raised = patterns.patterns.iter().map(|one| raise(one, patterns.case, ledger));
    any(raised.collect())
}

/// The disjunction of some raised tests.
pub(super) fn any(members: Vec<Raised>) -> Raised {
    let mut queries = Vec::new();
    for member in members {
        match member {
            Raised::Always => return Raised::Always,
            Raised::Never => {}
            Raised::When(query) => queries.push(query),
        }
    }
    group::any(queries).map_or(Raised::Never, Raised::When)
}

//! Regular expressions, which log search lacks, as the patterns that say the same.

use super::atom::holds_control;
use super::{refused, shape};
use crate::language::datadog::Query;
use crate::language::kit::lucene_regex::to_patterns;
use crate::query::{Case, Effect, FieldPath, Ledger, Pattern, Regex};

/// What raises one pattern.
type RaisePattern<'a> = dyn FnMut(&Pattern, Case, &mut Ledger) -> Query + 'a;

/// An expression as the alternatives that say the same, if there are some.
pub(super) fn each_pattern(
    regex: &Regex,
    path: Option<&FieldPath>,
    ledger: &mut Ledger,
    raise: &mut RaisePattern<'_>,
) -> Query {
    let mut found = match to_patterns(regex) {
        Ok(found) => found,
        Err(refusal) => {
            let reason = format!(
                "Datadog log search has no regular expressions, and no pattern says {refusal}: `{}`",
                regex.source()
            );
            return refused(ledger, "regex", path, reason);
        }
    };
    // `\s` is six characters, of which queries can hold the blank only.
    let (kept, lost): (Vec<_>, Vec<_>) =
        found.patterns.iter().cloned().partition(|pattern| !holds_control(pattern));
    if let (Some(pattern), false) = (lost.first(), kept.is_empty()) {
        let reason = format!(
            "{} of {} alternatives of `{}` hold a control character, which no query can: `{}`",
            lost.len(),
            found.patterns.len(),
            regex.source(),
            pattern.to_string().escape_debug()
        );
        ledger.lose("control-character", Effect::Narrower, path, reason);
        found.patterns = kept;
    }
    found.assume(path, ledger);
    let queries = found.patterns.iter().map(|one| raise(one, found.case, ledger));
    shape::any_of(queries.collect())
}

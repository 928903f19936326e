//! Findings of which a hostile file could cause as many as it has bytes.

use crate::diagnostic::{Code, Finding, Findings};
use crate::source::Span;

/// Most findings that one file is worth: far more than any report shows, and few enough that they
/// take less room than the file's own tree.
const MAX_FINDINGS: usize = 10_000;

/// Adds a finding while there is room. Whoever reports them says that there are more.
pub(in crate::import) fn tell<'f>(
    findings: &'f mut Findings,
    code: &'static Code,
    span: Span,
    message: impl Into<String>,
) -> Option<&'f mut Finding> {
    (findings.len() < MAX_FINDINGS).then(|| findings.add(code, span, message))
}

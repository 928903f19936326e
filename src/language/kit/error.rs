//! Errors in query text.

use crate::diagnostic::{Code, Finding, Findings};
use crate::source::Span;

/// What is wrong with a query, at a place counted from the start of the query text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The kind.
    pub code: &'static Code,
    /// Bytes of the query text.
    pub span: Span,
    /// Lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl QueryError {
    /// A syntax error.
    pub fn syntax(span: Span, message: impl Into<String>) -> Self {
        Self { code: &super::SYNTAX, span, message: message.into(), help: None }
    }

    /// A construct without a stated meaning.
    pub fn unsupported(span: Span, message: impl Into<String>) -> Self {
        Self { code: &super::UNSUPPORTED, span, message: message.into(), help: None }
    }

    /// A limit that was hit.
    pub fn limit(span: Span, message: impl Into<String>) -> Self {
        Self { code: &super::LIMIT, span, message: message.into(), help: None }
    }

    /// Adds what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the error to the findings of the file in which the query starts at byte `start`.
    pub fn report(self, findings: &mut Findings, start: usize) {
        let place = findings.place(self.span.shifted(start));
        let mut finding = Finding::new(self.code, place, self.message);
        finding.help = self.help;
        findings.push(finding);
    }
}

//! From a rule in the form of its platform's API to a canonical rule.
//!
//! The envelope is read key by key; the query is stated as a detection where that says the same.
//! Then the target writes the rule, and whatever its body says otherwise than the original becomes
//! the section's `patch`: so nothing is lost, known or unknown, and nothing is said twice.

mod correlation;
mod datadog;
mod draft;
mod elastic;
mod logsource;
mod named;
mod patch;
mod readable;
mod settle;
mod stated;
mod threat;
mod tidy;

use super::codes;
use super::foreign::{Foreign, Platform};
use std::sync::Arc;

use crate::diagnostic::{Code, Finding, Findings, Severity};
use crate::fields::{View, Vocabulary};
use crate::format::format;
use crate::language::kit::{self, QueryError};
use crate::language::registry::Dialect;
use crate::query::Expr;
use crate::rule::{self, Document};
use crate::source::{SourceFile, Span};
use draft::{Draft, Migrated, migrated};
pub use logsource::{asked_logsource, asks_for_data_set, index_logsource, may_hold};
use stated::Words;

/// How much of a rule a detection says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expressed {
    /// All of it.
    Detection,
    /// None: its query stays in the platform's language, for these reasons.
    Native(Vec<String>),
    /// It has no query.
    Envelope,
}

/// A rule as a canonical document.
#[derive(Clone, Debug)]
pub struct Canonical {
    /// The title.
    pub title: String,
    /// The file, in Crosswalk's style.
    pub text: String,
    /// How much of the rule the detection says.
    pub expressed: Expressed,
}

/// Makes a canonical rule; what has to be said of it becomes findings at its place.
pub(super) fn canonical(foreign: &Foreign, findings: &mut Findings) -> Canonical {
    let mut draft = Draft::default();
    let expressed = match foreign.platform {
        Platform::Elastic => elastic::fill(foreign, &mut draft, findings),
        Platform::Datadog => datadog::fill(foreign, &mut draft, findings),
    };
    let title = draft.rule.get("title").and_then(|title| title.as_str()).unwrap_or_default();
    let title = title.to_owned();
    let (mut text, read) = draft.text();
    let former = former(read);
    if !former.is_empty() {
        for message in &former {
            report(&rule::codes::REVOKED_ATTACK, message.clone(), foreign, findings);
        }
        draft.remarks.extend(former);
        (text, _) = draft.text();
    }
    Canonical { title, text, expressed }
}

/// A file of Sigma rules is one of canonical rules: it is brought into Crosswalk's style, with ids
/// of ATT&CK that the shipped version knows.
pub(super) fn sigma(source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Canonical> {
    let (file, read) = rule::read(source);
    let read = read.into_sorted();
    let broken = read.iter().any(|finding| finding.severity == Severity::Error);
    let Migrated { text, findings: left, .. } = migrated(source.text().to_owned());
    // What was migrated needs no word.
    let is_former = |finding: &Finding| finding.code == &rule::codes::REVOKED_ATTACK;
    let settled = former(left).is_empty();
    for finding in read.into_iter().filter(|finding| !(settled && is_former(finding))) {
        findings.push(finding);
    }
    let Some(Document::Rule(first)) = file.documents.last().filter(|_| !broken) else {
        return Vec::new();
    };
    let text = format(&SourceFile::new(source.name(), text.as_str())).unwrap_or(text);
    vec![Canonical { title: first.header.title.clone(), text, expressed: Expressed::Detection }]
}

/// What the reader of rules says of references to ATT&CK that were revoked without a successor that
/// the rule's words tell.
fn former(findings: Vec<Finding>) -> Vec<String> {
    let former = findings.into_iter().filter(|f| f.code == &rule::codes::REVOKED_ATTACK);
    let words = |finding: Finding| match finding.help {
        Some(help) => format!("{}: {help}", finding.message),
        None => finding.message,
    };
    former.map(words).collect()
}

/// Why a rule says more than a detection can.
fn beyond(message: impl Into<String>) -> Vec<QueryError> {
    vec![QueryError::unsupported(Span::default(), message)]
}

/// Reports why a query stays as it is: at its own place if the document holds it letter by letter,
/// else at the rule's.
fn native(
    foreign: &Foreign,
    errors: Vec<QueryError>,
    draft: &mut Draft,
    findings: &mut Findings,
) -> Expressed {
    let mut reasons = Vec::new();
    for error in readable_errors(errors) {
        let span = match foreign.query_start {
            Some(start) => error.span.shifted(start),
            None => first_line(foreign, findings),
        };
        let message = format!("the query stays in the platform's language: {}", error.message);
        let finding = findings.add(&codes::NATIVE_QUERY, span, message);
        finding.help = error.help;
        reasons.push(error.message);
    }
    reasons.dedup();
    draft.remarks.push("The query stays in the platform's language:".to_owned());
    draft.remarks.extend(reasons.iter().map(|reason| format!("- {reason}")));
    Expressed::Native(reasons)
}

/// A query that cannot be read has one reason: what follows the first error mostly follows from it.
fn readable_errors(mut errors: Vec<QueryError>) -> Vec<QueryError> {
    let is_syntax = |error: &QueryError| error.code == &kit::SYNTAX;
    let more = errors.iter().filter(|error| is_syntax(error)).count().saturating_sub(1);
    if let Some(at) = errors.iter().position(is_syntax) {
        errors = vec![errors.swap_remove(at)];
        if let (Some(first), true) = (errors.first_mut(), more > 0) {
            let errors = if more == 1 { "error" } else { "errors" };
            first.message.push_str(&format!(" (and {more} more {errors})"));
        }
    }
    errors
}

/// Reports something about a rule as a whole.
fn report(code: &'static Code, message: String, foreign: &Foreign, findings: &mut Findings) {
    let span = first_line(foreign, findings);
    findings.add(code, span, message);
}

/// The first line of a rule: the whole of it would be too much to point at.
fn first_line(foreign: &Foreign, findings: &Findings) -> Span {
    let Span { start, end } = foreign.span;
    let text = findings.source().text().get(start..end).unwrap_or_default();
    Span::new(start, start + text.find('\n').unwrap_or(text.len()))
}

impl Canonical {
    /// A file name for the rule, without extension.
    pub fn file_stem(&self) -> String {
        stem(&self.title)
    }
}

/// A file name for a title, without extension.
pub(super) fn stem(title: &str) -> String {
    draft::file_stem(title)
}

/// See [`super::state`].
pub(super) fn state(
    dialect: &dyn Dialect,
    text: &str,
    view: View,
) -> Result<(Expr, Vocabulary), Vec<QueryError>> {
    let mut stated = stated::state(dialect, &[text], view, &[])?;
    let stated = stated.pop().ok_or_else(Vec::new)?;
    let vocabulary = match stated.vocabulary {
        Words::Record(catalog) => Vocabulary::Catalogue(catalog),
        Words::Platform(view) => Vocabulary::View(view),
    };
    Ok((stated.expr, vocabulary))
}

//! One finding, and lists of them.

use std::sync::Arc;

use super::{Code, Severity};
use crate::source::{Place, SourceFile, Span};

/// Something that a person should know about one place of one file.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind it is.
    pub code: &'static Code,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// Where; `None` for findings about a run as a whole.
    pub place: Option<Place>,
    /// A few words to stand under the caret.
    pub label: Option<String>,
    /// Other places that the reader needs to see, with a few words each.
    pub related: Vec<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
    /// How a program can do it without changing what the rule detects.
    pub fix: Option<Fix>,
}

/// A change of the text that makes a finding go away and keeps the meaning of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Replacements in the finding's own file; they do not overlap.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Finding {
    /// A finding of the code's own severity at a place.
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Self {
        Self { place: Some(place), ..Self::general(code, message) }
    }

    /// A finding that has no place in a file.
    pub fn general(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            place: None,
            label: None,
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Adds the words under the caret.
    pub fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = Some(label.into());
        self
    }

    /// Adds another place.
    pub fn related(&mut self, place: Place, label: impl Into<String>) -> &mut Self {
        self.related.push((place, label.into()));
        self
    }

    /// Adds what to do.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a fix that replaces one range.
    pub fn fix(&mut self, span: Span, replacement: impl Into<String>) -> &mut Self {
        self.fix = Some(Fix { edits: vec![Edit { span, replacement: replacement.into() }] });
        self
    }

    /// Where the finding sorts in a report: by file, then place, then code.
    pub fn order(&self) -> (&str, usize, &'static str, &str) {
        let (name, start) = match &self.place {
            Some(place) => (place.source.name(), place.span.start),
            None => ("", 0),
        };
        (name, start, self.code.name, &self.message)
    }
}

/// Findings about one file, collected while it is read.
#[derive(Clone, Debug)]
pub struct Findings {
    source: Arc<SourceFile>,
    list: Vec<Finding>,
}

impl Findings {
    /// An empty list for a file.
    pub fn new(source: &Arc<SourceFile>) -> Self {
        Self { source: Arc::clone(source), list: Vec::new() }
    }

    /// The file that the findings are about.
    pub fn source(&self) -> &Arc<SourceFile> {
        &self.source
    }

    /// A place in the file.
    pub fn place(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }

    /// Adds a finding; the result can be given a label, help and further places.
    pub fn add(
        &mut self,
        code: &'static Code,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(Finding::new(code, Place::new(&self.source, span), message))
    }

    /// Adds a finding made elsewhere.
    pub fn push(&mut self, finding: Finding) -> &mut Finding {
        self.list.push(finding);
        // INVARIANT: the line above pushed.
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Whether a finding of one of these kinds starts inside a range of the file.
    pub fn has(&self, codes: &[&'static Code], within: Span) -> bool {
        let inside = |place: &Place| (within.start..=within.end).contains(&place.span.start);
        self.list.iter().any(|finding| {
            codes.contains(&finding.code) && finding.place.as_ref().is_some_and(inside)
        })
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Number of findings so far.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings in the order of the file, each once: a fault behind an anchor is met again at
    /// every alias.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.sort();
        self.list
    }

    fn sort(&mut self) {
        self.list.sort_by(|a, b| a.order().cmp(&b.order()));
        self.list.dedup_by(|b, a| a.order() == b.order());
    }

    /// Keeps the first `most` findings in the order of the file; one more, of the given kind and
    /// as bad as the worst that is left out, says how many these are.
    pub fn limit(&mut self, most: usize, code: &'static Code) {
        self.sort();
        let rest = self.list.split_off(most.min(self.list.len()));
        let Some(worst) = rest.iter().map(|finding| finding.severity).min() else { return };
        let message = format!("{} more findings in this file are left out", rest.len());
        let mut last = Finding::general(code, message);
        last.place = rest.into_iter().find_map(|finding| finding.place);
        last.severity = worst;
        self.list.push(last);
    }
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Counts a list.
    pub fn of(findings: &[Finding]) -> Self {
        findings.iter().fold(Self::default(), |mut counts, finding| {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
            counts
        })
    }
}

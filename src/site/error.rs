//! Why there is no page.

use std::fmt;
use std::sync::Arc;

use super::codes;
use crate::diagnostic::Finding;
use crate::source::{Place, SourceFile, Span};

/// A fault of a template, at a line of its file.
#[derive(Clone, Debug)]
pub struct TemplateError {
    /// The template.
    pub source: Arc<SourceFile>,
    /// Line of the template, from 1; `None` for faults of the file as a whole.
    pub line: Option<usize>,
    /// Lower case, no full stop.
    pub message: String,
}

impl TemplateError {
    /// The error as a finding at the first character of the line that is no blank.
    pub fn finding(&self) -> Finding {
        let Some(line) = self.line else {
            let message = format!("`{}`: {}", self.source.name(), self.message);
            return Finding::general(&codes::TEMPLATE, message);
        };
        let text = self.source.text();
        let before: usize = text.split_inclusive('\n').take(line.max(1) - 1).map(str::len).sum();
        let content = text.get(before..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let start = before + (content.len() - content.trim_start().len());
        let span = Span::new(start, before + content.trim_end().len());
        Finding::new(&codes::TEMPLATE, Place::new(&self.source, span), self.message.clone())
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.source.name(), self.message),
            None => write!(f, "{}: {}", self.source.name(), self.message),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Why a page could not be made.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PageError {
    /// The payload is not one of the platform.
    #[error("the {platform} payload makes no page: {message}")]
    Payload {
        /// `Elastic` or `Datadog`.
        platform: &'static str,
        /// What is missing or wrong.
        message: String,
    },
    /// The template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl PageError {
    /// The error as a finding: at the template's line, or without a place.
    pub fn finding(&self) -> Finding {
        match self {
            PageError::Payload { .. } => Finding::general(&codes::PAGE, self.to_string()),
            PageError::Template(error) => error.finding(),
        }
    }
}

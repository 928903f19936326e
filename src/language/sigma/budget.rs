//! How much work one detection may make.
//!
//! Patterns in conditions, `windash` and the like let a few bytes stand for many tests, so the
//! size of the file alone bounds nothing.

use crate::language::kit::QueryError;
use crate::source::Span;

/// Most steps for one detection: a test made or a selection looked at is one. The largest public
/// rule needs 2,600.
const STEPS: usize = 200_000;

/// What a regular expression costs, which takes time and room to compile. The largest public rule
/// has 61 of them.
pub(super) const REGEX: usize = 1000;

/// Steps that are left, or the place where they ran out.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    over: Option<QueryError>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: STEPS, over: None }
    }
}

impl Budget {
    /// Whether the steps have run out.
    pub(super) fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// Steps that are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Takes steps. Once they have run out, every caller gets the same error, so that it is
    /// reported once.
    pub(super) fn spend(&mut self, steps: usize, span: Span) -> Result<(), QueryError> {
        if let Some(over) = &self.over {
            return Err(over.clone());
        }
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let message = format!("up to here this detection makes more than {STEPS} tests");
                let over = QueryError::limit(span, message);
                self.over = Some(over.clone());
                Err(over)
            }
        }
    }
}

//! One query from language to language.

use super::meaning::{converted, query};
use super::to::{texts, view};
use super::{Converted, Refused};
use crate::diagnostic::Findings;
use crate::fields::{EcsSchema, View, Vocabulary};
use crate::import::state;
use crate::language::kit::QueryError;
use crate::language::registry::{Dialect, Reads};
use crate::query::{Assumption, Meaning, Refusal, Schema};

/// Errors that keep a query from being converted, at their places in its text.
pub(super) struct Unread {
    code: &'static str,
    errors: Vec<QueryError>,
}

impl Unread {
    pub(super) fn syntax(errors: Vec<QueryError>) -> Self {
        Self { code: "syntax", errors }
    }

    fn no_meaning(errors: Vec<QueryError>) -> Self {
        Self { code: "no-meaning", errors }
    }
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        let refusal =
            |error: QueryError| Refusal { code: unread.code, field: None, reason: error.message };
        unread.errors.into_iter().map(refusal).collect::<Vec<_>>().into()
    }
}

/// Why one query cannot be converted: its own fault, or the target's.
pub(super) enum Problem {
    Unread(Unread),
    Refused(Refused),
}

impl Problem {
    /// The refusal; errors with a place in the file that the query is become findings of it.
    pub(super) fn reported(self, findings: &mut Findings) -> Refused {
        match self {
            Self::Unread(unread) => unread.reported(findings),
            Self::Refused(refused) => refused,
        }
    }
}

impl Unread {
    /// As findings of the file that the query is.
    pub(super) fn reported(self, findings: &mut Findings) -> Refused {
        for error in &self.errors {
            error.clone().report(findings, 0);
        }
        Refused { found: true, ..self.into() }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Unread(unread) => unread.into(),
            Problem::Refused(refused) => refused,
        }
    }
}

/// One query from language to language. Between languages of one platform the fields keep their
/// names; else, and in Sigma, they are those of the record, if a catalogue knows it, and keep their
/// names if not. What a query itself reads counts before the `index` patterns of its rule.
pub(super) fn one(
    text: &str,
    from: &dyn Dialect,
    own: View,
    to: &dyn Dialect,
    index: &[String],
) -> Result<Converted, Problem> {
    let read = from.read(text).map_err(|errors| Problem::Unread(Unread::syntax(errors)))?;
    let unstated = |errors| Problem::Unread(Unread::no_meaning(errors));
    let lowered = read.lower(&*general(own)).map_err(unstated)?;
    let target = view(to);
    let (meaning, vocabulary) = match (own, lowered.value) {
        (_, meaning) if target == own => (meaning, Vocabulary::View(own)),
        // A bare detection has no log source that would say whose names these are.
        (View::Raw, meaning) => (meaning, Vocabulary::Unknown),
        (_, Meaning::Match(_)) => {
            let (expr, vocabulary) = state(from, text, own).map_err(unstated)?;
            (Meaning::Match(expr), vocabulary.or_kept(target))
        }
        (_, several) => (several, Vocabulary::Unknown),
    };
    let named = read.source();
    let left = named.as_ref().filter(|_| !to.names_source()).map(left_to_rule);
    let reads = named.unwrap_or_else(|| Reads::index(index));
    let done = query(meaning, &vocabulary, to, &reads, texts(from)).map_err(Problem::Refused)?;
    // What reading the query leans on or costs stays true wherever it goes.
    let assumptions = done.assumptions.into_iter().chain(lowered.assumptions).chain(left).collect();
    Ok(converted(done.texts, [done.losses, lowered.losses].concat(), assumptions))
}

/// What the rule around a query has to say where the query cannot.
fn left_to_rule(reads: &Reads) -> Assumption {
    let patterns = reads.index.join(", ");
    let reason = format!("whatever runs the query lets it read `{patterns}` and nothing else");
    Assumption { code: "index", field: None, reason }
}

/// What is known of a platform's fields whatever the log source.
fn general(view: View) -> Box<dyn Schema> {
    match view {
        View::Ecs => Box::new(EcsSchema),
        View::Raw | View::Datadog => Box::new(()),
    }
}

//! One query from language to language.

use super::meaning::{converted, query};
use super::to::{texts, view};
use super::{Converted, Refused, logsource};
use crate::diagnostic::Findings;
use crate::fields::{EcsSchema, View, Vocabulary};
use crate::import::state;
use crate::language::kit::QueryError;
use crate::language::registry::{Dialect, Reads};
use crate::query::{Assumption, Expr, Meaning, Op, Order, Refusal, Schema, Test};

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
    let mut by_digits = Vec::new();
    let (meaning, vocabulary) = match (own, lowered.value) {
        (_, meaning) if target == own => (meaning, Vocabulary::View(own)),
        // A bare detection has no log source that would say whose names these are.
        (View::Raw, meaning) => (meaning, Vocabulary::Unknown),
        (_, Meaning::Match(asked)) => {
            let (expr, vocabulary) = state(from, text, own).map_err(unstated)?;
            let vocabulary = vocabulary.or_carried(target, &[&expr]);
            if !matches!(vocabulary, Vocabulary::Catalogue(_)) {
                by_digits = told_by_digits(&asked);
            }
            (Meaning::Match(expr), vocabulary)
        }
        (_, several) => {
            let vocabulary = Vocabulary::View(own).or_carried(target, &several.exprs());
            (several, vocabulary)
        }
    };
    let reads = read.source().unwrap_or_else(|| Reads::index(index));
    let done = query(meaning, &vocabulary, to, &reads, texts(from)).map_err(Problem::Refused)?;
    // What reading the query leans on or costs stays true wherever it goes.
    let mut assumptions = [done.assumptions, lowered.assumptions].concat();
    assumptions.extend(logsource::of_catalogue(&vocabulary, target));
    assumptions.extend(by_digits);
    Ok(converted(done.texts, [done.losses, lowered.losses].concat(), assumptions))
}

/// Numbers and addresses are carried as the text that each is written as: the fields in which one
/// has several, and the assumption that events write it in the usual way.
fn told_by_digits(expr: &Expr) -> Vec<Assumption> {
    let has_several = |test: &&Test| match &test.op {
        Op::Compare { order: Order::Equal, number } => number.get().fract() == 0.0,
        // An IPv4 address has one form only.
        Op::Cidr(cidr) => cidr.net().prefix_len() == 128,
        _ => false,
    };
    let assume = |test: &Test| {
        let field = test.path()?;
        let reason = format!(
            "the numbers and addresses in `{field}` are always written in one way, so equal text is equal value"
        );
        Some(Assumption { code: "canonical-form", field: Some(field.clone()), reason })
    };
    expr.tests().into_iter().filter(has_several).filter_map(assume).collect()
}

/// What is known of a platform's fields whatever the log source.
fn general(view: View) -> Box<dyn Schema> {
    match view {
        View::Ecs => Box::new(EcsSchema),
        View::Raw | View::Datadog => Box::new(()),
    }
}

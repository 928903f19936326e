//! Queries without a rule around them.

use super::{Reading, Unrelated};
use crate::fields::{Catalog, EcsSchema, View, Vocabulary};
use crate::language::kit::QueryError;
use crate::language::registry::{Dialect, Read};
use crate::query::{Meaning, Schema, Translated};

/// Most characters of a query that stand for it in reports.
const TITLE: usize = 60;

/// Reads a query of a language; `catalog` is that of its events, if it is known.
pub fn of_query(
    language: &dyn Dialect,
    text: &str,
    catalog: Option<&'static Catalog>,
) -> Result<Reading, Unrelated> {
    let title = match text.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let view = view_of(language);
    let failed = |errors: Vec<QueryError>| {
        let lines = errors.iter().map(|error| format!("{title}: {}", error.message));
        Unrelated(lines.collect())
    };
    let read = language.read(text).map_err(failed)?;
    let lowered = stated(&*read, view, catalog).map_err(failed)?;
    let notes = lowered.assumptions.iter().map(|assumption| assumption.reason.clone());
    let mut notes: Vec<String> = notes.collect();
    notes.extend(lowered.losses.iter().map(|loss| loss.reason.clone()));
    let expr = match lowered.value {
        Meaning::Match(expr) => expr,
        Meaning::Threshold(threshold) => {
            notes.push(format!("`{title}` counts events; only which events is compared"));
            threshold.expr
        }
        Meaning::Sequence(_) => {
            let reason = format!("`{title}` relates several events, which is not compared");
            return Err(Unrelated::because(reason));
        }
    };
    let vocabulary = match (view, catalog) {
        (View::Raw, Some(catalog)) => Vocabulary::Catalogue(catalog),
        (View::Raw, None) => Vocabulary::Unknown,
        (view, _) => Vocabulary::View(view),
    };
    Ok(Reading { title, expr, vocabulary, logsource: None, notes })
}

/// What a query means for the events of a view.
pub(super) fn stated(
    read: &dyn Read,
    view: View,
    catalog: Option<&'static Catalog>,
) -> Result<Translated<Meaning>, Vec<QueryError>> {
    let schema: Box<dyn Schema> = match (catalog, view) {
        (Some(catalog), _) => Box::new(catalog.schema(view)),
        (None, View::Ecs) => Box::new(EcsSchema),
        (None, _) => Box::new(()),
    };
    read.lower(&*schema)
}

/// How the platform that speaks a language sees an event.
pub(super) fn view_of(language: &dyn Dialect) -> View {
    match language.name() {
        "datadog" => View::Datadog,
        "sigma" => View::Raw,
        _ => View::Ecs,
    }
}

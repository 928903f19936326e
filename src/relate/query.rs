//! Queries without a rule around them.

use serde_json::{Map, Value as Json, json};

use super::counting::{Asks, Whose};
use super::{Beyond, Reading, Reads, Unrelated};
use crate::fields::{Catalog, EcsSchema, View, Vocabulary};
use crate::language::esql;
use crate::language::kit::QueryError;
use crate::language::registry::Dialect;
use crate::query::{Expr, Meaning, Schema};

/// The loss that a limit on rows is.
const ROW_LIMIT: &str = "row-limit";

/// Most characters of a query that stand for it in reports.
const TITLE: usize = 60;

/// Reads a query of a language; `catalog` is that of its events, if it is known.
pub fn of_query(
    language: &dyn Dialect,
    text: &str,
    catalog: Option<&'static Catalog>,
) -> Result<Reading, Unrelated> {
    let view = view_of(language);
    let schema: Box<dyn Schema> = match (catalog, view) {
        (Some(catalog), _) => Box::new(catalog.schema(view)),
        (None, View::Ecs) => Box::new(EcsSchema),
        (None, _) => Box::new(()),
    };
    let vocabulary = match (view, catalog) {
        (View::Raw, Some(catalog)) => Vocabulary::Catalogue(catalog),
        (View::Raw, None) => Vocabulary::Unknown,
        (view, _) => Vocabulary::View(view),
    };
    reading(language, text, vocabulary, &*schema)
}

/// Reads a query that was made of a rule, for a platform that holds fields as the rule takes them
/// where no table has their type. That the rule's names are kept is all that is taken from how the
/// query was made.
pub fn of_made(language: &dyn Dialect, text: &str, rule: &Reading) -> Result<Reading, Unrelated> {
    let view = view_of(language);
    let vocabulary = rule.vocabulary.or_carried(view, &[&rule.expr]);
    let carried = match vocabulary {
        Vocabulary::Catalogue(_) => None,
        _ => vocabulary.push(rule.expr.clone(), view).ok(),
    };
    let asked: Vec<&Expr> = carried.iter().map(|carried| &carried.value).collect();
    let whose = match (view, vocabulary.catalog()) {
        (View::Raw, Some(catalog)) => Vocabulary::Catalogue(catalog),
        (View::Raw, None) => Vocabulary::Unknown,
        (view, _) => Vocabulary::View(view),
    };
    reading(language, text, whose, &*vocabulary.schema(view, &asked))
}

fn reading(
    language: &dyn Dialect,
    text: &str,
    vocabulary: Vocabulary,
    schema: &dyn Schema,
) -> Result<Reading, Unrelated> {
    let title = match text.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let failed = |errors: Vec<QueryError>| {
        let lines = errors.iter().map(|error| format!("{title}: {}", error.message));
        Unrelated(lines.collect())
    };
    // A blank at the end may be escaped, and then belongs to a value.
    let read = language.read(text).map_err(failed)?;
    let lowered = read.lower(schema).map_err(failed)?;
    let notes = lowered.assumptions.iter().map(|assumption| assumption.reason.clone());
    let mut notes: Vec<String> = notes.collect();
    let (mut asks, mut told) = (Map::new(), Vec::new());
    let limits = lowered.losses.iter().filter(|loss| loss.code == ROW_LIMIT);
    told.extend(limits.map(|loss| loss.reason.clone()));
    if !told.is_empty() {
        // Only limits on the same rows are the same limit.
        let rows = esql::parse(&read.print()).ok().and_then(|query| esql::limited(&query));
        asks.insert(ROW_LIMIT.to_owned(), rows.map_or_else(|| json!(told), Json::String));
    }
    notes.extend(lowered.losses.iter().map(|loss| loss.reason.clone()));
    let expr = match lowered.value {
        Meaning::Match(expr) => expr,
        Meaning::Threshold(threshold) => {
            let note = format!("`{title}` counts events; only which events is compared");
            told.push(note.clone());
            notes.push(note);
            asks.insert("group_by".to_owned(), json!(threshold.group_by));
            asks.insert("having".to_owned(), json!(threshold.having));
            threshold.expr
        }
        Meaning::Sequence(_) => {
            let reason = format!("`{title}` relates several events, which is not compared");
            return Err(Unrelated::because(reason));
        }
    };
    let reads = read.source().map(|reads| Reads::Indices(reads.index));
    let beyond = Beyond { reads, asks: Asks::of(Whose::Elastic, asks, told) };
    Ok(Reading { title, expr, vocabulary, logsource: None, notes, beyond })
}

/// How the platform that speaks a language sees an event.
pub fn view_of(language: &dyn Dialect) -> View {
    match language.name() {
        "datadog" => View::Datadog,
        "sigma" => View::Raw,
        _ => View::Ecs,
    }
}

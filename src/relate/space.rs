//! One vocabulary for two readings.

use super::{Reading, Unrelated};
use crate::fields::{Catalog, EcsSchema, View, Vocabulary};
use crate::query::{Expr, Schema};
use crate::rule::Logsource;

/// Two expressions over the same names.
pub(super) struct Space {
    pub(super) left: Expr,
    pub(super) right: Expr,
    /// What is known of the names.
    pub(super) schema: Box<dyn Schema>,
    /// What the way here leans on.
    pub(super) notes: Vec<String>,
}

/// Brings two readings to one vocabulary: the record's, if a catalogue knows both, else the one
/// that they share.
pub(super) fn common(
    left: &Reading,
    right: &Reading,
    named: Option<&'static Catalog>,
) -> Result<Space, Unrelated> {
    let catalog = named.or_else(|| catalog_of(left)).or_else(|| catalog_of(right));
    if let Some(catalog) = catalog {
        let mut notes = Vec::new();
        let (left, right) = match (raw(left, catalog, &mut notes), raw(right, catalog, &mut notes))
        {
            (Ok(left), Ok(right)) => (left, right),
            (left, right) => {
                let reasons = [left.err(), right.err()].into_iter().flatten();
                return Err(Unrelated(reasons.flat_map(|unrelated| unrelated.0).collect()));
            }
        };
        return Ok(Space { left, right, schema: Box::new(catalog.schema(View::Raw)), notes });
    }
    let schema: Box<dyn Schema> = match (&left.vocabulary, &right.vocabulary) {
        (Vocabulary::View(View::Ecs), Vocabulary::View(View::Ecs)) => Box::new(EcsSchema),
        (Vocabulary::View(one), Vocabulary::View(other)) if one != other => {
            return Err(Unrelated::because(format!(
                "`{}` speaks of fields as {one} calls them and `{}` as {other} does; say whose events they are with `--logsource`",
                left.title, right.title
            )));
        }
        _ => Box::new(()),
    };
    let notes = match (&left.vocabulary, &right.vocabulary) {
        (Vocabulary::View(_), Vocabulary::View(_)) | (Vocabulary::Unknown, Vocabulary::Unknown) => {
            Vec::new()
        }
        _ => vec!["fields of the same name are the same field".to_owned()],
    };
    Ok(Space { left: left.expr.clone(), right: right.expr.clone(), schema, notes })
}

/// The catalogue of a reading's own log source: the one that it names, or the one whose events its
/// expression asks for.
fn catalog_of(reading: &Reading) -> Option<&'static Catalog> {
    match reading.vocabulary {
        Vocabulary::Catalogue(catalog) => Some(catalog),
        Vocabulary::View(view) => Catalog::asked_for(&[&reading.expr], view)
            .or_else(|| reading.logsource.as_ref().and_then(Logsource::catalog)),
        Vocabulary::Foreign(..) | Vocabulary::Unknown => None,
    }
}

/// The expression over the record's own fields.
fn raw(
    reading: &Reading,
    catalog: &'static Catalog,
    notes: &mut Vec<String>,
) -> Result<Expr, Unrelated> {
    let Vocabulary::View(view) = reading.vocabulary else { return Ok(reading.expr.clone()) };
    let pulled = catalog.pull_back(&reading.expr, view).map_err(|refusals| {
        let reason = |refusal: crate::query::Refusal| match &refusal.field {
            Some(field) => {
                format!("{}: `{}`: {}", reading.title, view.display(field), refusal.reason)
            }
            None => format!("{}: {}", reading.title, refusal.reason),
        };
        Unrelated(refusals.into_iter().map(reason).collect())
    })?;
    notes.extend(pulled.assumptions.into_iter().map(|assumption| assumption.reason));
    notes.extend(pulled.losses.into_iter().map(|loss| loss.reason));
    Ok(pulled.value)
}

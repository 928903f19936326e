//! What a rule means: which events it matches, and what stands between a match and an alert.

use indexmap::IndexSet;

use super::decide::{Narrowing, NarrowingKind};
use super::envelope;
use crate::fields::{Catalog, View, Vocabulary};
use crate::query::Expr;
use crate::relate::{Beyond, Reading, of_record};
use crate::rule::{Count, Logsource, Rule, RuleSet, Shape, ShapeError};

/// What a rule means in one place.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Whose names the expression uses.
    pub view: View,
    /// The events that it matches.
    pub expr: Expr,
    /// Why one matching event may raise no alert.
    pub gates: Vec<Narrowing>,
    /// The query, where there is a text.
    pub query: Option<String>,
    /// What the expression leans on or leaves out, in words.
    pub notes: Vec<String>,
}

impl Meant {
    /// What was read, over the record where a catalogue knows all of it, and that catalogue.
    pub(super) fn of(reading: Reading) -> (Self, Option<&'static Catalog>) {
        let Reading { ref expr, vocabulary, ref logsource, ref notes, .. } = reading;
        let meant = |view, expr: Expr, notes: Vec<String>| {
            let notes = notes.into_iter().collect::<IndexSet<_>>().into_iter().collect();
            Self { view, expr, gates: Vec::new(), query: None, notes }
        };
        let view = match vocabulary {
            Vocabulary::Catalogue(catalog) => {
                return (meant(View::Raw, expr.clone(), notes.clone()), Some(catalog));
            }
            Vocabulary::View(view) => view,
            Vocabulary::Foreign(..) | Vocabulary::Unknown => View::Raw,
        };
        let catalog = Catalog::asked_for(&[expr], view)
            .or_else(|| logsource.as_ref().and_then(Logsource::catalog));
        let record = catalog.and_then(|catalog| of_record(&reading, catalog).ok());
        match record {
            Some((raw, more)) => {
                (meant(View::Raw, raw, notes.iter().cloned().chain(more).collect()), catalog)
            }
            None => (meant(view, expr.clone(), notes.clone()), catalog),
        }
    }
}

/// Whose names a rule uses.
pub(super) fn view_of(taxonomy: Option<&str>) -> View {
    match taxonomy.and_then(Vocabulary::of_taxonomy) {
        Some(Vocabulary::View(view)) => view,
        _ => View::Raw,
    }
}

/// The rule's own meaning, what stands between a matching event and an alert, and the catalogue of
/// its events.
pub(super) fn meant(
    rule: &Rule,
    set: &RuleSet,
    catalog: Option<&'static Catalog>,
) -> Result<(Meant, Option<&'static Catalog>), String> {
    let (shape, _) = set.shape(rule, None).map_err(|error| match error {
        ShapeError::Native => "its query stands in a platform's own language".to_owned(),
        ShapeError::Detection(errors) => {
            errors.into_iter().next().map_or_else(String::new, |error| error.message)
        }
        ShapeError::UnknownRule(name) => format!("the correlation needs the rule `{name}`"),
        ShapeError::Nested(name) => format!("`{name}` is a correlation over correlations"),
        ShapeError::MixedLogsources => "its rules read different log sources".to_owned(),
    })?;
    let status = rule.header.status.as_ref().map(|status| status.value);
    let gates = gate(&shape).into_iter().chain(envelope::of_status(status)).collect();
    let expr = match shape {
        Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => expr,
        Shape::Correlation(kind) => {
            return Err(format!("a `{kind}` correlation says nothing about single events"));
        }
    };
    let view = view_of(rule.header.taxonomy.as_deref());
    let (vocabulary, expr) = match (view, catalog) {
        (View::Raw, Some(catalog)) => (Vocabulary::Catalogue(catalog), expr),
        (View::Raw, None) => (Vocabulary::Unknown, expr),
        (view, _) => (Vocabulary::View(view), expr.renamed(&|field| view.path(field.as_str()))),
    };
    let title = rule.header.title.clone();
    let logsource = rule.logic.logsource().cloned();
    let (notes, beyond) = (Vec::new(), Beyond::default());
    let reading = Reading { title, expr, vocabulary, logsource, notes, beyond };
    let (meant, catalog) = Meant::of(reading);
    Ok((Meant { gates, ..meant }, catalog))
}

/// A count or a first occurrence stands between an event and an alert.
fn gate(shape: &Shape) -> Option<Narrowing> {
    let (kind, condition) = match shape {
        Shape::NewValue { fields, history, .. } => {
            let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            let condition = format!("{} not seen together for {history}", fields.join(", "));
            (NarrowingKind::FirstOnly, condition)
        }
        Shape::Threshold { count, at_least, window, .. } if *at_least > 1 => {
            let what = match count {
                Count::Events => "events".to_owned(),
                Count::Distinct(field) => format!("values of {field}"),
            };
            (NarrowingKind::Count, format!("at least {at_least} {what} within {window}"))
        }
        _ => return None,
    };
    Some(Narrowing { kind, condition, witness: None })
}

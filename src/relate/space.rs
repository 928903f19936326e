//! One vocabulary for two readings.

use std::collections::HashMap;

use super::told::Told;
use super::{Reading, Unrelated};
use crate::fields::{Catalog, EcsSchema, View, Vocabulary};
use crate::query::{Assumption, Expr, FieldFacts, FieldPath, Schema};
use crate::rule::Logsource;

/// Two expressions over the same names.
pub(super) struct Space {
    pub(super) left: Expr,
    pub(super) right: Expr,
    /// What is known of the names, field by field.
    pub(super) schema: Box<dyn Schema>,
    /// What is known of several fields together, with words for it.
    pub(super) always: Vec<(Expr, String)>,
    /// What the way here leans on.
    pub(super) notes: Vec<String>,
    /// Whether the way here lost something, so that nothing can be called equal.
    pub(super) is_rough: bool,
    /// What the right side calls its fields, if these are other names than in here.
    from: Option<(&'static Catalog, View)>,
    /// Whose records the expressions are about; platforms' names were carried back to them.
    pub(super) records: Option<&'static Catalog>,
}

impl Space {
    /// The same with what the right side, a translation, leans on.
    pub(super) fn told(self, assumptions: &[Assumption]) -> Self {
        if assumptions.is_empty() {
            return self;
        }
        let from = self.from;
        let name = |field: &FieldPath| match from {
            Some((catalog, view)) => catalog
                .raw_name(field, view)
                .or_else(|| catalog.knows(field).then(|| field.clone())),
            None => Some(field.clone()),
        };
        let told = Told::of(assumptions, self.schema, [&self.left, &self.right], &name);
        Self { schema: Box::new(told), ..self }
    }
}

/// The vocabularies in which two readings can be compared, at least one: the one that they share,
/// then that of the record, if a catalogue knows both. What is equal in the first is equal; a
/// difference there may be one that no record shows.
pub(super) fn common(
    left: &Reading,
    right: &Reading,
    named: Option<&'static Catalog>,
) -> Result<Vec<Space>, Unrelated> {
    let catalog = named.or_else(|| catalog_of(left)).or_else(|| catalog_of(right));
    let mut spaces: Vec<Space> = shared(left, right, catalog).into_iter().collect();
    if !spaces.is_empty() && super::logs::are_apart(left, right) {
        return Ok(spaces);
    }
    match catalog.map(|catalog| of_record(left, right, catalog)) {
        Some(Ok(space)) => spaces.push(space),
        Some(Err(unrelated)) if spaces.is_empty() => return Err(unrelated),
        _ => {}
    }
    if spaces.is_empty() {
        let view = |reading: &Reading| match reading.vocabulary {
            Vocabulary::View(view) => view,
            _ => View::Raw,
        };
        return Err(Unrelated::because(format!(
            "`{}` speaks of fields as {} calls them and `{}` as {} does; say whose events they are with `--logsource`",
            left.title,
            view(left),
            right.title,
            view(right)
        )));
    }
    Ok(spaces)
}

/// The names that both use already.
fn shared(left: &Reading, right: &Reading, catalog: Option<&'static Catalog>) -> Option<Space> {
    let (schema, notes): (Box<dyn Schema>, Vec<String>) = match (left.vocabulary, right.vocabulary)
    {
        (Vocabulary::View(one), Vocabulary::View(other)) if one == other => {
            // What the target went by: a rule in a platform's names has no other table.
            let schema: Box<dyn Schema> = match one {
                View::Ecs => Box::new(EcsSchema),
                View::Datadog => Box::new(Reserved),
                View::Raw => Box::new(()),
            };
            (schema, Vec::new())
        }
        (Vocabulary::Unknown, Vocabulary::Unknown) => (Box::new(()), Vec::new()),
        (Vocabulary::View(_), Vocabulary::View(_)) => return None,
        // The record's names are compared as such.
        _ if catalog.is_some() => return None,
        _ => (Box::new(()), vec!["fields of the same name are the same field".to_owned()]),
    };
    let (left, right) = (left.expr.clone(), right.expr.clone());
    Some(Space {
        left,
        right,
        schema,
        always: Vec::new(),
        notes,
        is_rough: false,
        from: None,
        records: None,
    })
}

/// The names that a translation kept, as a platform writes them, with what is known of them where the
/// rule comes from; `None` if it could not keep all of them.
pub(super) fn kept(rule: &Reading, made: &Reading, view: View) -> Option<Space> {
    let vocabulary = rule.vocabulary.or_carried(view, &[&rule.expr]);
    let carried = vocabulary.push(rule.expr.clone(), view).ok()?;
    if !carried.losses.is_empty() {
        return None;
    }
    let own: Box<dyn Schema> = match rule.vocabulary {
        Vocabulary::View(View::Ecs) => Box::new(EcsSchema),
        _ => Box::new(()),
    };
    let known = |field: &&FieldPath| Some((vocabulary.name(field, view)?, own.facts(field)));
    let mut known: HashMap<FieldPath, FieldFacts> =
        rule.expr.fields().iter().filter_map(known).collect();
    if let Some(catalog) = vocabulary.catalog() {
        let table = catalog.schema(view);
        let of_table = |field: &&FieldPath| Some(((*field).clone(), table.facts(field)));
        known.extend(carried.value.fields().iter().filter_map(of_table).filter(|(_, f)| f.typed));
    }
    Some(Space {
        left: carried.value,
        right: made.expr.clone(),
        schema: Box::new(Known(known)),
        always: Vec::new(),
        notes: carried.assumptions.into_iter().map(|assumption| assumption.reason).collect(),
        is_rough: false,
        from: None,
        records: None,
    })
}

/// What Datadog says of every log, whoever sent it: it has one source.
struct Reserved;

impl Schema for Reserved {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        FieldFacts { single: field.as_str() == "source", ..FieldFacts::default() }
    }
}

/// What is known of some fields.
struct Known(HashMap<FieldPath, FieldFacts>);

impl Schema for Known {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        self.0.get(field).cloned().unwrap_or_default()
    }
}

/// The names of the record.
fn of_record(
    left: &Reading,
    right: &Reading,
    catalog: &'static Catalog,
) -> Result<Space, Unrelated> {
    let mut notes = Vec::new();
    let from = match right.vocabulary {
        Vocabulary::View(view) => Some((catalog, view)),
        _ => None,
    };
    let mut is_rough = false;
    let mut raw = |side| raw(side, catalog, &mut notes, &mut is_rough);
    match (raw(left), raw(right)) {
        (Ok(left), Ok(right)) => {
            let schema = Box::new(catalog.schema(View::Raw));
            let always = catalog.always();
            Ok(Space { left, right, schema, always, notes, is_rough, from, records: Some(catalog) })
        }
        (left, right) => {
            let reasons = [left.err(), right.err()].into_iter().flatten();
            Err(Unrelated(reasons.flat_map(|unrelated| unrelated.0).collect()))
        }
    }
}

/// The catalogue of a reading's own log source: the one that it names, or the one whose events its
/// expression asks for.
pub fn catalog_of(reading: &Reading) -> Option<&'static Catalog> {
    match reading.vocabulary {
        Vocabulary::Catalogue(catalog) => Some(catalog),
        Vocabulary::View(view) => Catalog::asked_for(&[&reading.expr], view)
            .or_else(|| reading.logsource.as_ref().and_then(Logsource::catalog)),
        Vocabulary::Foreign(..) | Vocabulary::Unknown => None,
    }
}

/// The expression over the record's own fields.
pub(super) fn raw(
    reading: &Reading,
    catalog: &'static Catalog,
    notes: &mut Vec<String>,
    is_rough: &mut bool,
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
    *is_rough |= !pulled.losses.is_empty();
    notes.extend(pulled.losses.into_iter().map(|loss| loss.reason));
    Ok(pulled.value)
}

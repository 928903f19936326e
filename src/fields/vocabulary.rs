//! Whose names a rule uses for its fields, and what a platform calls them.

use serde_json::Value;

use super::carry::Carry;
use super::ecs::EcsSchema;
use super::{Catalog, Inferred, View, ViewSchema};
use crate::query::{Expr, FieldFacts, FieldPath, FieldType, Ledger, Refusal, Schema, Translated};

/// The names that a rule uses.
#[derive(Clone, Copy, Debug)]
pub enum Vocabulary {
    /// The record's own, and a catalogue knows what each view calls them.
    Catalogue(&'static Catalog),
    /// Those of one view (Sigma's `taxonomy: ecs`, `taxonomy: datadog`), as its users write them.
    View(View),
    /// Those of another platform than the one that is asked; the catalogue knows some of them.
    Foreign(View, Option<&'static Catalog>),
    /// Names that no table knows. They are kept as they are.
    Unknown,
}

impl Vocabulary {
    /// The vocabulary that a rule declares, if it is one of a view.
    pub fn of_taxonomy(taxonomy: &str) -> Option<Self> {
        match taxonomy {
            "ecs" => Some(Self::View(View::Ecs)),
            "datadog" => Some(Self::View(View::Datadog)),
            _ => None,
        }
    }

    /// The vocabulary of a rule: the one that it declares, else that of its log source (product,
    /// service, category).
    pub fn of_rule(taxonomy: Option<&str>, logsource: [Option<&str>; 3]) -> Self {
        let [product, service, category] = logsource;
        let catalog = || Catalog::for_logsource(product, service, category).map(Self::Catalogue);
        taxonomy.and_then(Self::of_taxonomy).or_else(catalog).unwrap_or(Self::Unknown)
    }

    /// An event of the rule's log source as a view holds it. Where no table says what a view makes
    /// of it, it stays as it is.
    pub fn project(&self, event: &Value, view: View) -> Value {
        match self {
            Self::Catalogue(catalog) => catalog.project(event, view),
            _ => event.clone(),
        }
    }

    /// The same, or names that are carried over where these are those of another view than `view`:
    /// as far as a catalogue knows them whose log source each of the expressions asks for.
    pub fn or_carried(self, view: View, exprs: &[&Expr]) -> Self {
        match self {
            Self::View(own) if own != view => Self::Foreign(own, Catalog::asked_for(exprs, own)),
            other => other,
        }
    }

    /// Rewrites an expression to the names of a view; the scope of the log source is part of the
    /// result where the rule leaves it to the log source.
    pub fn push(&self, expr: Expr, view: View) -> Result<Translated<Expr>, Vec<Refusal>> {
        match self {
            Self::Catalogue(catalog) => {
                let pushed = catalog.push(&expr, view)?;
                Ok(pushed.map(|expr| Expr::all([catalog.scope(view), expr])))
            }
            Self::View(own) if *own == view => {
                let mut ledger = Ledger::default();
                assume_types(&expr, &|field| self.is_typed(field), &mut ledger);
                ledger.close(expr.renamed(&|field| view.path(field.as_str())))
            }
            Self::View(own) => {
                let reason = format!("the rule speaks of fields as {own} calls them, not {view}");
                Err(vec![Refusal { code: "vocabulary", field: None, reason }])
            }
            Self::Foreign(from, catalog) => {
                let mut ledger = Ledger::default();
                let carry = Carry { from: *from, to: view, catalog: *catalog };
                let own = expr.clone().renamed(&|field| from.path(field.as_str()));
                let carried = carry.whole(&own, &mut ledger);
                let schema = self.schema(view, &[]);
                let is_typed = |field: &FieldPath| schema.facts(field).kind != FieldType::Keyword;
                assume_types(&carried, &is_typed, &mut ledger);
                ledger.close(carried)
            }
            Self::Unknown => {
                let mut ledger = Ledger::default();
                let fields = expr.fields();
                fields.iter().for_each(|field| name_kept(field, view, &mut ledger));
                assume_types(&expr, &|_| false, &mut ledger);
                let name = |field: &FieldPath| kept_name(field, view);
                let kept = fields.iter().all(|field| name(field) == **field);
                ledger.close(if kept { expr } else { expr.renamed(&name) })
            }
        }
    }

    /// The name of one field in a view, for grouping and display.
    pub fn name(&self, field: &FieldPath, view: View) -> Option<FieldPath> {
        match self {
            Self::Catalogue(catalog) => catalog.name(field, view),
            Self::View(own) => (*own == view).then(|| view.path(field.as_str())),
            Self::Foreign(own, catalog) => {
                let raw =
                    catalog.and_then(|c| Some((c, c.raw_name(&own.path(field.as_str()), *own)?)));
                match raw {
                    Some((catalog, raw)) => catalog.name(&raw, view),
                    None => Some(kept_name(field, view)),
                }
            }
            Self::Unknown => Some(kept_name(field, view)),
        }
    }

    /// What is known of the fields of a view; of names that no table knows, what `asked` of the
    /// view takes them for.
    pub fn schema(&self, view: View, asked: &[&Expr]) -> Box<dyn Schema> {
        let inferred = || Inferred::of(asked.iter().copied());
        match self {
            Self::Catalogue(catalog) => Box::new(catalog.schema(view)),
            Self::View(View::Ecs) => Box::new(EcsOr(inferred())),
            Self::View(_) => Box::new(()),
            Self::Foreign(_, Some(catalog)) => {
                Box::new(CatalogOr(catalog.schema(view), inferred()))
            }
            Self::Foreign(_, None) | Self::Unknown => Box::new(inferred()),
        }
    }

    /// Whether a table has the type of a field.
    fn is_typed(&self, field: &FieldPath) -> bool {
        matches!(self, Self::View(View::Ecs)) && EcsSchema.knows(field)
    }

    /// The catalogue, if there is one.
    pub fn catalog(&self) -> Option<&'static Catalog> {
        match self {
            Self::Catalogue(catalog) | Self::Foreign(_, Some(catalog)) => Some(catalog),
            _ => None,
        }
    }
}

/// A name that no table knows, in the spelling of a view.
pub(super) fn kept_name(field: &FieldPath, view: View) -> FieldPath {
    if view == View::Datadog { attribute(field) } else { unmarked(field) }
}

/// Names the assumption that a view has a field under the name that it is kept under.
pub(super) fn name_kept(field: &FieldPath, view: View, ledger: &mut Ledger) {
    let kept = view.display(&kept_name(field, view));
    let reason = format!("no table says what {view} calls `{field}`; the query asks for `{kept}`");
    ledger.assume("field-names", Some(field), reason);
}

/// What Datadog calls a field of the record: an attribute, unless the name has its mark already.
fn attribute(field: &FieldPath) -> FieldPath {
    let name = field.as_str();
    let marked = if name.starts_with('@') { name.to_owned() } else { format!("@{name}") };
    View::Datadog.path(&marked)
}

/// A name without Datadog's mark of attributes. (ECS's `@timestamp` has its `@` in the name.)
fn unmarked(field: &FieldPath) -> FieldPath {
    match field.as_str().strip_prefix('@') {
        Some(name) if name != "timestamp" => FieldPath::new(name),
        _ => field.clone(),
    }
}

/// Names the types that fields must have for an expression to make sense, where no table has them.
fn assume_types(expr: &Expr, is_typed: &dyn Fn(&FieldPath) -> bool, ledger: &mut Ledger) {
    for (field, kind) in Inferred::of([expr]).fields().filter(|(field, _)| !is_typed(field)) {
        ledger.assume_type(field, kind);
    }
}

/// The Elastic Common Schema; of fields that it does not list, what a rule takes them for.
#[derive(Debug)]
struct EcsOr(Inferred);

impl Schema for EcsOr {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let ecs = EcsSchema.facts(field);
        match EcsSchema.knows(field) {
            true => ecs,
            false => {
                let FieldFacts { kind, taken_for, .. } = self.0.facts(field);
                FieldFacts { kind, taken_for, ..ecs }
            }
        }
    }
}

/// What a catalogue knows of a view's fields; of others, what a rule takes them for.
#[derive(Debug)]
struct CatalogOr(ViewSchema<'static>, Inferred);

impl Schema for CatalogOr {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let known = self.0.facts(field);
        match self.0.knows(field) {
            true => known,
            false => {
                let FieldFacts { kind, taken_for, .. } = self.1.facts(field);
                FieldFacts { kind, taken_for, ..known }
            }
        }
    }
}

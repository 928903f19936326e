//! Whose names a rule uses for its fields, and what a platform calls them.

use serde_json::Value;

use super::ecs::EcsSchema;
use super::{Catalog, Inferred, View};
use crate::query::{Expr, FieldFacts, FieldPath, FieldType, Ledger, Refusal, Schema, Translated};

/// The names that a rule uses.
#[derive(Clone, Copy, Debug)]
pub enum Vocabulary {
    /// The record's own, and a catalogue knows what each view calls them.
    Catalogue(&'static Catalog),
    /// Those of one view (Sigma's `taxonomy: ecs`, `taxonomy: datadog`), as its users write them.
    View(View),
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
            Self::View(_) | Self::Unknown => event.clone(),
        }
    }

    /// The same, or names that are kept where these are those of another view than `view`.
    pub fn or_kept(self, view: View) -> Self {
        match self {
            Self::View(own) if own != view => Self::Unknown,
            other => other,
        }
    }

    /// Rewrites an expression to the names of a view; the scope of the log source is part of the
    /// result where the rule leaves it to the log source.
    pub fn push(&self, expr: &Expr, view: View) -> Result<Translated<Expr>, Vec<Refusal>> {
        match self {
            Self::Catalogue(catalog) => {
                let pushed = catalog.push(expr, view)?;
                Ok(pushed.map(|expr| Expr::all([catalog.scope(view), expr])))
            }
            Self::View(own) if *own == view => {
                let mut ledger = Ledger::default();
                assume_types(expr, &|field| self.is_typed(field), &mut ledger);
                ledger.close(expr.clone().renamed(&|field| view.path(field.as_str())))
            }
            Self::View(own) => {
                let reason = format!("the rule speaks of fields as {own} calls them, not {view}");
                Err(vec![Refusal { code: "vocabulary", field: None, reason }])
            }
            Self::Unknown => {
                let mut ledger = Ledger::default();
                let fields = expr.fields();
                for field in &fields {
                    let reason =
                        format!("the platform calls the field `{field}`, as the rule does");
                    ledger.assume("field-names", Some(field), reason);
                }
                assume_types(expr, &|_| false, &mut ledger);
                let name = if view == View::Datadog { attribute } else { unmarked };
                let kept = fields.iter().all(|field| name(field) == **field);
                let expr = expr.clone();
                ledger.close(if kept { expr } else { expr.renamed(&name) })
            }
        }
    }

    /// The name of one field in a view, for grouping and display.
    pub fn name(&self, field: &FieldPath, view: View) -> Option<FieldPath> {
        match self {
            Self::Catalogue(catalog) => catalog.name(field, view),
            Self::View(own) => (*own == view).then(|| view.path(field.as_str())),
            Self::Unknown if view == View::Datadog => Some(attribute(field)),
            Self::Unknown => Some(unmarked(field)),
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
            Self::Unknown => Box::new(inferred()),
        }
    }

    /// Whether a table has the type of a field.
    fn is_typed(&self, field: &FieldPath) -> bool {
        matches!(self, Self::View(View::Ecs)) && EcsSchema.knows(field)
    }

    /// The catalogue, if there is one.
    pub fn catalog(&self) -> Option<&'static Catalog> {
        match self {
            Self::Catalogue(catalog) => Some(catalog),
            _ => None,
        }
    }
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
        let what = if kind == FieldType::Ip { "addresses" } else { "numbers" };
        let reason = format!("the platform holds `{field}` as {what}");
        ledger.assume("field-type", Some(field), reason);
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
            false => FieldFacts { kind: self.0.facts(field).kind, ..ecs },
        }
    }
}

//! From the text of a query to what a canonical rule says.

use crate::fields::{Catalog, EcsSchema, Pulled, View};
use crate::language::kit::QueryError;
use crate::language::registry::{Dialect, Read};
use crate::language::sigma::{self, Detection};
use crate::query::{Expr, FieldPath, Meaning, Op, Order, Schema, Test};
use crate::source::Span;

/// What a query means, in the words of a canonical rule.
#[derive(Clone, Debug)]
pub(super) struct Stated {
    /// Over the fields of the `vocabulary`.
    pub(super) expr: Expr,
    /// Whose names the fields have.
    pub(super) vocabulary: Words,
    /// What the query means over the platform's own fields.
    pub(super) viewed: Expr,
}

/// Whose names a stated query uses.
#[derive(Clone, Copy, Debug)]
pub(super) enum Words {
    /// The record's.
    Record(&'static Catalog),
    /// The platform's.
    Platform(View),
}

impl Words {
    /// The value of `taxonomy:`.
    pub(super) fn taxonomy(self) -> Option<&'static str> {
        match self {
            Words::Record(_) => None,
            Words::Platform(View::Ecs) => Some("ecs"),
            Words::Platform(View::Datadog) => Some("datadog"),
            Words::Platform(View::Raw) => Some("sigma"),
        }
    }

    /// A field of the platform in these words; `None` if they have none.
    pub(super) fn field(self, field: &FieldPath, view: View) -> Option<FieldPath> {
        match self {
            Words::Record(catalog) => catalog.raw_name(field, view),
            Words::Platform(view) => Some(view.display(field)),
        }
    }
}

/// States a query. The errors say why that cannot be done.
pub(super) fn state(
    dialect: &dyn Dialect,
    text: &str,
    view: View,
) -> Result<Stated, Vec<QueryError>> {
    let query = dialect.read(text)?;
    let viewed = single(&*query, text, &*general(view))?;
    for catalog in Catalog::all() {
        if let Some(stated) = in_record_words(dialect, &*query, catalog, view) {
            return Ok(stated);
        }
    }
    let expr = plain(viewed.clone()).renamed(&|field| view.display(field));
    Ok(Stated { expr, vocabulary: Words::Platform(view), viewed })
}

/// What is known of a platform's fields whatever the log source.
fn general(view: View) -> Box<dyn Schema> {
    match view {
        View::Ecs => Box::new(EcsSchema),
        View::Raw | View::Datadog => Box::new(()),
    }
}

/// The expression of a query for single events.
fn single(query: &dyn Read, text: &str, schema: &dyn Schema) -> Result<Expr, Vec<QueryError>> {
    match query.lower(schema)?.value {
        Meaning::Match(expr) => Ok(expr),
        other => {
            let message = format!("this is a {} over several events", other.kind());
            Err(vec![QueryError::unsupported(Span::new(0, text.len()), message)])
        }
    }
}

/// The query over the fields of the record, if that says the same: what it becomes on its way
/// back must mean what the query meant.
fn in_record_words(
    dialect: &dyn Dialect,
    query: &dyn Read,
    catalog: &'static Catalog,
    view: View,
) -> Option<Stated> {
    let schema = catalog.schema(view);
    let Meaning::Match(expr) = query.lower(&schema).ok()?.value else { return None };
    let Pulled { raw, viewed } = catalog.pull(&expr, view)?;
    let pushed = catalog.push(&raw, view).ok()?;
    let raised = dialect.raise(&Meaning::Match(pushed.value), &schema).ok()?;
    if !pushed.losses.is_empty() || !raised.losses.is_empty() {
        return None;
    }
    let again = raised.value.lower(&schema).ok()?.value;
    // Numbers and addresses go out by their digits, whichever way they came in.
    let same = plain(again.as_match()?.clone()).same_alternatives(&plain(viewed));
    same.then_some(Stated { expr: plain(raw), vocabulary: Words::Record(catalog), viewed: expr })
}

/// Numbers and addresses as rule authors write them: by their digits. Fields of whole numbers and
/// of addresses have one way of writing each value, so nothing is lost.
fn plain(expr: Expr) -> Expr {
    expr.map_tests(&|test| {
        let op = match &test.op {
            Op::Compare { order: Order::Equal, number } if number.get().fract() == 0.0 => {
                Op::is(&number.to_string())
            }
            Op::Cidr(cidr) if cidr.net().prefix_len() == cidr.net().max_prefix_len() => {
                Op::is(&cidr.net().addr().to_string())
            }
            _ => return test.into(),
        };
        Test { subject: test.subject, op }.into()
    })
}

impl Stated {
    /// The detection that says the same; an error where Sigma cannot.
    pub(super) fn detection(&self, schema: &dyn Schema) -> Result<Detection, String> {
        let raised = sigma::raise(&self.expr, schema).map_err(|refusals| {
            refusals.into_iter().map(|refusal| refusal.reason).collect::<Vec<_>>().join("; ")
        })?;
        if let Some(loss) = raised.losses.first() {
            return Err(loss.reason.clone());
        }
        let wanted = self.expr.clone().folded();
        match sigma::lower(&raised.value).map(Expr::folded) {
            Ok(again) if again.same_alternatives(&wanted) => Ok(raised.value),
            _ => Err("the detection would not say quite the same".to_owned()),
        }
    }
}

//! From the text of a query to what a canonical rule says.

use std::collections::BTreeSet;

use super::readable::{readable, shorten};
use super::tidy::tidy;
use crate::fields::{Catalog, EcsSchema, Pulled, View, Vocabulary};
use crate::language::kit::QueryError;
use crate::language::registry::{Dialect, Read};
use crate::language::sigma::{self, Detection};
use crate::query::{Case, Expr, FieldPath, Loss, Meaning, Op, Order, Schema, Test, Translated};
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
    /// How that differs from what the query finds.
    pub(super) losses: Vec<Loss>,
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

/// States the queries of one rule, all in the same words: the record's if it has names for
/// everything in them and for the `needed` fields beside them, else the platform's. The errors say
/// why that cannot be done.
pub(super) fn state(
    dialect: &dyn Dialect,
    texts: &[&str],
    view: View,
    needed: &[FieldPath],
) -> Result<Vec<Stated>, Vec<QueryError>> {
    let queries = collect(texts.iter().map(|text| dialect.read(text)))?;
    let general = general(view);
    let viewed =
        collect(queries.iter().zip(texts).map(|(query, text)| single(&**query, text, &*general)))?;
    for catalog in Catalog::all() {
        // A field with two names would come back under the other one.
        let comes_back = |field: &FieldPath| {
            let raw = catalog.raw_name(field, view);
            raw.and_then(|raw| catalog.name(&raw, view)).as_ref() == Some(field)
        };
        if !needed.iter().all(comes_back) {
            continue;
        }
        let stated = queries.iter().map(|query| in_record_words(dialect, &**query, catalog, view));
        if let Some(stated) = stated.collect() {
            return Ok(stated);
        }
    }
    let stated = |viewed| in_platform_words(dialect, viewed, &*general, view);
    collect(viewed.into_iter().map(stated))
}

/// All results, or all errors.
fn collect<T>(
    results: impl Iterator<Item = Result<T, Vec<QueryError>>>,
) -> Result<Vec<T>, Vec<QueryError>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(errors) => bad.extend(errors),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// The query over the platform's own fields, without asking for letter case where the values of a
/// field are spelt in one known way. Either way it must come back from the target as it was.
fn in_platform_words(
    dialect: &dyn Dialect,
    Translated { value: viewed, losses, .. }: Translated<Expr>,
    schema: &dyn Schema,
    view: View,
) -> Result<Stated, Vec<QueryError>> {
    let exact = plain(viewed.clone());
    let relaxed = exact.clone().map_tests(&|test| in_any_case(test, schema).into());
    let comes_back = |expr: &Expr| comes_back(dialect, expr, &viewed, view);
    let expr = match comes_back(&relaxed) {
        Ok(()) => relaxed,
        Err(_) => match comes_back(&exact) {
            Ok(()) => exact,
            Err(reason) => {
                let message = format!("it would not be built again as it is: {reason}");
                return Err(vec![QueryError::unsupported(Span::default(), message)]);
            }
        },
    };
    let expr = tidy(expr).renamed(&|field| view.display(field));
    Ok(Stated { expr, vocabulary: Words::Platform(view), viewed, losses })
}

/// Whether what is built from `expr` means `wanted`; if not, why.
fn comes_back(dialect: &dyn Dialect, expr: &Expr, wanted: &Expr, view: View) -> Result<(), String> {
    let schema = Vocabulary::View(view).schema(view, &[expr]);
    let raised = dialect.raise(&Meaning::Match(expr.clone()), &*schema).map_err(|refusals| {
        refusals.into_iter().next().map(|refusal| refusal.reason).unwrap_or_default()
    })?;
    if let Some(loss) = raised.losses.first() {
        return Err(loss.reason.clone());
    }
    let lowered = raised.value.lower(&*general(view)).map_err(|errors| {
        errors.into_iter().next().map(|error| error.message).unwrap_or_default()
    })?;
    let same = |again: &Expr| {
        plain(again.clone()).same_alternatives(&plain(wanted.clone()))
            && numbers(again) == numbers(wanted)
    };
    lowered
        .value
        .as_match()
        .is_some_and(same)
        .then_some(())
        .ok_or_else(|| "nothing shows that it would find the same".to_owned())
}

/// The fields that are compared with numbers. A text of digits is none in every language.
fn numbers(expr: &Expr) -> BTreeSet<&FieldPath> {
    let compared = expr.tests().into_iter().filter(|test| matches!(test.op, Op::Compare { .. }));
    compared.filter_map(Test::path).collect()
}

/// A comparison that asks for letter case where the field's values leave no choice.
fn in_any_case(test: Test, schema: &dyn Schema) -> Test {
    let op = match (&test.op, test.path()) {
        (Op::Matches { pattern, case: Case::Sensitive }, Some(path)) => {
            let case = schema.facts(path).spelling.case_of(pattern);
            Op::Matches { pattern: pattern.clone(), case }
        }
        _ => return test,
    };
    Test { op, ..test }
}

/// What is known of a platform's fields whatever the log source.
fn general(view: View) -> Box<dyn Schema> {
    match view {
        View::Ecs => Box::new(EcsSchema),
        View::Raw | View::Datadog => Box::new(()),
    }
}

/// The expression of a query for single events.
fn single(
    query: &dyn Read,
    text: &str,
    schema: &dyn Schema,
) -> Result<Translated<Expr>, Vec<QueryError>> {
    let lowered = query.lower(schema)?;
    match lowered.value {
        Meaning::Match(value) => {
            Ok(Translated { value, losses: lowered.losses, assumptions: lowered.assumptions })
        }
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
    let lowered = query.lower(&schema).ok()?;
    let Meaning::Match(expr) = lowered.value else { return None };
    let Pulled { raw, viewed } = catalog.pull(&expr, view)?;
    let pushed = catalog.push(&raw, view).ok()?;
    let raised = dialect.raise(&Meaning::Match(pushed.value), &schema).ok()?;
    if !pushed.losses.is_empty() || !raised.losses.is_empty() {
        return None;
    }
    let again = raised.value.lower(&schema).ok()?.value;
    // Numbers and addresses go out by their digits, whichever way they came in.
    let same = plain(again.as_match()?.clone()).same_alternatives(&plain(viewed));
    same.then_some(Stated {
        expr: tidy(plain(raw)),
        vocabulary: Words::Record(catalog),
        viewed: expr,
        losses: lowered.losses,
    })
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
    /// The same, of events that have these fields only, which the platform groups by. Where the record
    /// has no words for that which come back (it may hold empty texts, which the platform drops), it
    /// is left to what building says of groups.
    pub(super) fn asking_for(&self, fields: &[FieldPath], view: View) -> Self {
        let mut stated = self.clone();
        for field in fields.iter().filter(|field| !self.viewed.asks_for(field)) {
            let Some(own) = self.vocabulary.field(field, view) else { continue };
            let exists = |field: FieldPath| Expr::from(Test::field(field, Op::Exists));
            let (asked, viewed) = (exists(own), exists(field.clone()));
            let comes_back = match self.vocabulary {
                Words::Platform(_) => true,
                Words::Record(catalog) => {
                    let (scope, pushed) =
                        (catalog.push(&Expr::True, view), catalog.push(&asked, view));
                    scope.ok().zip(pushed.ok()).is_some_and(|(scope, pushed)| {
                        let wanted = Expr::all([scope.value, viewed.clone()]);
                        pushed.losses.is_empty() && pushed.value.same_alternatives(&wanted)
                    })
                }
            };
            if comes_back {
                stated.expr = tidy(Expr::all([stated.expr, asked]));
                stated.viewed = Expr::all([stated.viewed, viewed]);
            }
        }
        stated
    }

    /// The detection that says the same; an error where Sigma cannot.
    /// `alone` if it is the only one of its rule, so that its condition may speak of all selections.
    pub(super) fn detection(&self, alone: bool) -> Result<Detection, String> {
        let schema: Box<dyn Schema> = match self.vocabulary {
            Words::Record(catalog) => Box::new(catalog.schema(View::Raw)),
            Words::Platform(view) => general(view),
        };
        let raised = sigma::raise(&self.expr, &*schema).map_err(|refusals| {
            refusals.into_iter().map(|refusal| refusal.reason).collect::<Vec<_>>().join("; ")
        })?;
        if let Some(loss) = raised.losses.first() {
            return Err(loss.reason.clone());
        }
        let wanted = self.expr.clone().folded();
        let mut readable = readable(raised.value, &*schema);
        if alone {
            shorten(&mut readable);
        }
        match sigma::lower(&readable).map(Expr::folded) {
            Ok(again) if again.same_alternatives(&wanted) => Ok(readable),
            _ => Err("the detection would not say quite the same".to_owned()),
        }
    }
}

//! From a rule to the query of one platform, with everything that it costs.

use crate::diagnostic::Finding;
use crate::fields::{Catalog, View};
use crate::language::sigma::Condition;
use crate::query::{Assumption, Effect, Expr, FieldPath, Loss, Refusal, Schema, Translated};
use crate::rule::{Accept, Logsource, Shape, ShapeError};
use crate::source::{Place, Span, Spanned};

use super::{Emission, Request, codes};

/// What distinguishes platforms here.
#[derive(Debug)]
pub struct Platform<Q> {
    /// For people.
    pub name: &'static str,
    /// The platform's view of an event.
    pub view: View,
    /// The language's `raise`.
    pub raise: fn(&Expr, &dyn Schema) -> Result<Translated<Q>, Vec<Refusal>>,
}

/// A compiled query with its shape and everything that it costs so far.
#[derive(Debug)]
pub struct Compiled<'r, Q> {
    /// The shape in the rule's own vocabulary.
    pub shape: Shape,
    /// Where the events come from.
    pub logsource: &'r Logsource,
    /// Names of the fields on the platform.
    pub catalog: &'static Catalog,
    /// The query.
    pub query: Translated<Q>,
}

/// Why a rule is not expressed.
#[derive(Debug)]
pub enum Failure {
    /// The platform cannot say it.
    Refused(Vec<Refusal>),
    /// The rule is at fault.
    Rule(Vec<Finding>),
}

impl<Q> Platform<Q> {
    /// Compiles a rule, under a condition of its own where the platform has one.
    pub fn compile<'r>(
        &self,
        request: &Request<'r>,
        condition: Option<&Condition>,
    ) -> Result<Compiled<'r, Q>, Failure> {
        let (shape, logsource) = request
            .set
            .shape(request.rule, condition)
            .map_err(|error| self.shape_failure(request, error))?;
        let catalog = self.catalog(logsource)?;
        let expr = match &shape {
            Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => {
                expr
            }
            Shape::Correlation(kind) => {
                let reason =
                    format!("{} has no counterpart of this `{kind}` correlation", self.name);
                return Err(Failure::Refused(vec![refusal("correlation", reason)]));
            }
        };
        let query = self.translate(catalog, expr).map_err(Failure::Refused)?;
        Ok(Compiled { shape, logsource, catalog, query })
    }

    /// An expression over the rule's vocabulary as a query, with the test for its log source.
    pub fn translate(
        &self,
        catalog: &'static Catalog,
        expr: &Expr,
    ) -> Result<Translated<Q>, Vec<Refusal>> {
        let pushed = catalog.push(expr, self.view)?;
        let scoped = Expr::all([catalog.scope(self.view), pushed.value]);
        let mut query = (self.raise)(&scoped, &catalog.schema(self.view))?;
        query.losses.extend(pushed.losses);
        query.assumptions.extend(pushed.assumptions);
        query.losses.sort();
        query.losses.dedup();
        query.assumptions.sort();
        query.assumptions.dedup();
        Ok(query)
    }

    fn catalog(&self, logsource: &Logsource) -> Result<&'static Catalog, Failure> {
        let Logsource { product, service, category, .. } = logsource;
        Catalog::for_logsource(product.as_deref(), service.as_deref(), category.as_deref())
            .ok_or_else(|| {
                let reason = format!(
                    "no field catalogue says how {} calls the fields of {logsource}",
                    self.name
                );
                Failure::Refused(vec![refusal("no-catalogue", reason)])
            })
    }

    /// A field of the rule's vocabulary under its name on the platform.
    pub fn field(&self, catalog: &Catalog, field: &FieldPath) -> Result<FieldPath, Failure> {
        catalog.name(field, self.view).ok_or_else(|| {
            let reason = format!("{} has no field that holds the values of `{field}`", self.name);
            Failure::Refused(vec![Refusal { code: "no-field", field: Some(field.clone()), reason }])
        })
    }

    fn shape_failure(&self, request: &Request<'_>, error: ShapeError) -> Failure {
        let at = place(request, request.rule.header.title_span);
        let text = |message: String| {
            Failure::Rule(vec![Finding::new(&codes::REFUSED, at.clone(), message)])
        };
        match error {
            // Reported while reading; here it only keeps the rule from being written.
            ShapeError::Detection(errors) => {
                let first = errors.first().map_or("its condition has no meaning", |e| &e.message);
                Failure::Refused(vec![refusal("detection", first.to_owned())])
            }
            ShapeError::UnknownRule(name) => {
                text(format!("the correlation needs the rule `{name}`"))
            }
            ShapeError::Nested(name) => {
                let reason = format!("`{name}` is a correlation over correlations");
                Failure::Refused(vec![refusal("correlation", reason)])
            }
            ShapeError::MixedLogsources => {
                let reason = "the rules of the correlation read different log sources".to_owned();
                Failure::Refused(vec![refusal("correlation", reason)])
            }
        }
    }

    /// The emission for a failure.
    pub fn failed(&self, request: &Request<'_>, failure: Failure) -> Emission {
        match failure {
            Failure::Rule(findings) => Emission { output: None, refused: Vec::new(), findings },
            Failure::Refused(refused) => {
                let at = place(request, request.rule.header.title_span);
                let findings = refused
                    .iter()
                    .map(|refusal| {
                        let message =
                            format!("{} cannot have this rule: {}", self.name, refusal.reason);
                        let mut finding = Finding::new(&codes::REFUSED, at.clone(), message);
                        finding.help(format!(
                            "give `{}` a condition without it, or build without this target",
                            self.name.to_lowercase()
                        ));
                        finding
                    })
                    .collect();
                Emission { output: None, refused, findings }
            }
        }
    }
}

fn refusal(code: &'static str, reason: String) -> Refusal {
    Refusal { code, field: None, reason }
}

/// A place of the rule's file.
pub(super) fn place(request: &Request<'_>, span: Span) -> Place {
    Place::new(&request.rule.source, span)
}

/// Checks losses against what the author accepts, and a variant's own conditions against the
/// rule's on its test events.
pub(super) fn judge(
    request: &Request<'_>,
    platform: &str,
    variant: Option<Span>,
    own: &[&Spanned<Condition>],
    losses: &mut Vec<Loss>,
    accept: &[Accept],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = place(request, variant.unwrap_or(request.rule.header.title_span));
    if let Some(first) = own.first() {
        let (own_losses, more) = compare(request, platform, own, first.span, accept);
        losses.extend(own_losses);
        findings.extend(more);
    }
    for loss in losses.iter() {
        let accepted = accept.iter().any(|accept| accepts(accept, loss));
        if accepted {
            continue;
        }
        let (code, relation) = match loss.effect {
            Effect::Wider => (&codes::WIDER, "wider"),
            Effect::Narrower => (&codes::UNACCEPTED_LOSS, "narrower"),
            Effect::Overlapping => (&codes::UNACCEPTED_LOSS, "overlapping"),
        };
        let message = format!("for {platform} the rule becomes {relation}: {}", loss.reason);
        let mut finding = Finding::new(code, at.clone(), message);
        finding.help(format!(
            "to accept it, add `accept: [{{loss: {}, reason: ...}}]` to the platform's section",
            loss.code
        ));
        findings.push(finding);
    }
    for accept in accept {
        if !losses.iter().any(|loss| accepts(accept, loss)) {
            let message = format!("nothing in this rule for {platform} is `{}`", accept.loss.value);
            findings.push(Finding::new(
                &codes::UNUSED_ACCEPT,
                place(request, accept.loss.span),
                message,
            ));
        }
    }
    findings
}

fn accepts(accept: &Accept, loss: &Loss) -> bool {
    let relation = match loss.effect {
        Effect::Narrower => "narrower",
        Effect::Wider => "wider",
        Effect::Overlapping => "overlapping",
    };
    accept.loss.value == loss.code || accept.loss.value == relation
}

/// A platform's own conditions (together, by "or") against the rule's. They are equal if they
/// lower to the same expression; else the test events show the relation, and what they cannot
/// show is what the author claims with `accept`.
fn compare(
    request: &Request<'_>,
    platform: &str,
    own: &[&Spanned<Condition>],
    at: Span,
    accept: &[Accept],
) -> (Option<Loss>, Vec<Finding>) {
    let canonical = request.set.expr(request.rule, None);
    let variants: Result<Vec<Expr>, _> =
        own.iter().map(|condition| request.set.expr(request.rule, Some(condition))).collect();
    let (Ok(canonical), Ok(variants)) = (canonical, variants) else { return (None, Vec::new()) };
    let variant = Expr::any_of(variants);
    if same(&canonical, &variant) {
        return (None, Vec::new());
    }
    let claims = |relation: &str| {
        accept
            .iter()
            .any(|accept| accept.loss.value == relation || accept.loss.value == "own-condition")
    };
    let mut findings = Vec::new();
    let (mut missed, mut added) = (false, false);
    for test in &request.rule.sections.tests {
        let (rule, own) = (canonical.eval(&test.event), variant.eval(&test.event));
        let (relation, verb) = match (rule, own) {
            (true, false) => ("narrower", "misses"),
            (false, true) => ("wider", "matches"),
            _ => continue,
        };
        missed |= relation == "narrower";
        added |= relation == "wider";
        if !claims(relation) && !claims("overlapping") {
            let message = format!(
                "the condition for {platform} {verb} the test event `{}`, unlike the rule",
                test.name.value
            );
            let mut finding = Finding::new(&codes::VARIANT_DIFFERS, place(request, at), message);
            finding.related(place(request, test.name.span), "this event");
            finding.help(format!(
                "if that is meant, add `accept: [{{loss: {relation}, reason: ...}}]`"
            ));
            findings.push(finding);
        }
    }
    let effect = match (missed || claims("narrower"), added || claims("wider")) {
        (true, false) => Effect::Narrower,
        (false, true) => Effect::Wider,
        (true, true) => Effect::Overlapping,
        // Nothing shows a difference and nobody claims one: no loss to report.
        (false, false) => return (None, findings),
    };
    let reason = format!("{platform} has a condition of its own");
    (Some(Loss { code: "own-condition", effect, field: None, reason }), findings)
}

/// Equality up to the order of members and the distribution of "and" over "or".
fn same(a: &Expr, b: &Expr) -> bool {
    match (alternatives(a), alternatives(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// Most alternatives that are compared; beyond, only literal equality counts.
const MAX_ALTERNATIVES: usize = 4096;

/// The expression as a set of sets of members joined by "and": one level of normal form.
fn alternatives(
    expr: &Expr,
) -> Option<std::collections::BTreeSet<std::collections::BTreeSet<Expr>>> {
    use std::collections::BTreeSet;
    match expr {
        Expr::Or(members) => {
            let mut all = BTreeSet::new();
            for member in members {
                all.extend(alternatives(member)?);
                if all.len() > MAX_ALTERNATIVES {
                    return None;
                }
            }
            Some(all)
        }
        Expr::And(members) => {
            let mut all = BTreeSet::from([BTreeSet::new()]);
            for member in members {
                let more = alternatives(member)?;
                if all.len() * more.len() > MAX_ALTERNATIVES {
                    return None;
                }
                all = all
                    .iter()
                    .flat_map(|one| more.iter().map(|other| one.union(other).cloned().collect()))
                    .collect();
            }
            Some(all)
        }
        other => Some(BTreeSet::from([BTreeSet::from([other.clone()])])),
    }
}

/// Losses and assumptions of several queries together.
pub(super) fn merged(
    parts: impl IntoIterator<Item = (Vec<Loss>, Vec<Assumption>)>,
) -> (Vec<Loss>, Vec<Assumption>) {
    let (mut losses, mut assumptions) = (Vec::new(), Vec::new());
    for (more_losses, more_assumptions) in parts {
        losses.extend(more_losses);
        assumptions.extend(more_assumptions);
    }
    losses.sort();
    losses.dedup();
    assumptions.sort();
    assumptions.dedup();
    (losses, assumptions)
}

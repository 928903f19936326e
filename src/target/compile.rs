//! From a rule to the query of one platform, with everything that it costs.

use crate::diagnostic::Finding;
use crate::fields::{View, Vocabulary};
use crate::language::registry::{Dialect, Read};
use crate::language::sigma::Condition;
use crate::query::{Assumption, Expr, FieldPath, Loss, Meaning, Refusal, Translated};
use crate::rule::{Accept, Logic, Logsource, Shape, ShapeError};
use crate::source::{Place, Span};

use super::{Emission, Request, Unknown, codes, locate};

/// What `accept:` names where a platform may do without the rule.
const REFUSED: &str = "refused";

/// What distinguishes platforms here.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// For people.
    pub name: &'static str,
    /// The platform's view of an event.
    pub view: View,
}

/// A compiled query with its shape and everything that it costs so far.
#[derive(Debug)]
pub struct Compiled {
    /// The shape in the rule's own vocabulary.
    pub shape: Shape,
    /// Names of the fields on the platform.
    pub vocabulary: Vocabulary,
    /// The query.
    pub query: Translated<Box<dyn Read>>,
}

/// Why a rule is not expressed.
#[derive(Debug)]
pub enum Failure {
    /// The platform cannot say it.
    Refused(Vec<Refusal>),
    /// The rule is at fault.
    Rule(Vec<Finding>),
}

impl Platform {
    /// Compiles a rule, under a condition of its own where the platform has one.
    pub fn compile(
        &self,
        request: &Request<'_>,
        language: &dyn Dialect,
        condition: Option<&Condition>,
    ) -> Result<Compiled, Failure> {
        let (shape, logsource) = request
            .set
            .shape(request.rule, condition)
            .map_err(|error| self.shape_failure(request, error))?;
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
        let vocabulary = self.vocabulary(request, logsource, expr)?;
        let mut query = self.translate(&vocabulary, language, expr).map_err(Failure::Refused)?;
        query.assumptions.extend(self.grouped(&shape));
        query.assumptions.sort();
        Ok(Compiled { shape, vocabulary, query })
    }

    /// What counting in groups leans on. Sigma says nothing of events that lack a field of the group,
    /// and a rule counts them as a group of their own; the aggregations of platforms leave them out.
    fn grouped(&self, shape: &Shape) -> Vec<Assumption> {
        let Shape::Threshold { expr, group_by, .. } = shape else { return Vec::new() };
        let matched = expr.clone().folded();
        let is_open = |field: &&FieldPath| !matched.asks_for(field);
        let lacks = |field: &FieldPath| Assumption {
            code: "grouped-field",
            field: Some(field.clone()),
            reason: format!(
                "every event that is counted has `{field}`: {} counts no others (`{field}|neq: null` asks for it)",
                self.name
            ),
        };
        group_by.iter().filter(is_open).map(lacks).collect()
    }

    /// An expression over the rule's vocabulary as a query, with the test for its log source.
    pub fn translate(
        &self,
        vocabulary: &Vocabulary,
        language: &dyn Dialect,
        expr: &Expr,
    ) -> Result<Translated<Box<dyn Read>>, Vec<Refusal>> {
        let pushed = vocabulary.push(expr.clone(), self.view)?;
        let schema = vocabulary.schema(self.view, &[&pushed.value]);
        let mut query = language.raise(&Meaning::Match(pushed.value), &*schema)?;
        query.losses.extend(pushed.losses);
        query.assumptions.extend(pushed.assumptions);
        query.losses.sort();
        query.losses.dedup();
        query.assumptions.sort();
        query.assumptions.dedup();
        Ok(query)
    }

    fn vocabulary(
        &self,
        request: &Request<'_>,
        logsource: &Logsource,
        expr: &Expr,
    ) -> Result<Vocabulary, Failure> {
        if let Some(own) = request.rule.header.taxonomy.as_deref().and_then(Vocabulary::of_taxonomy)
        {
            return Ok(match request.unknown {
                Unknown::Refuse => own,
                Unknown::Keep => own.or_carried(self.view, &[expr]),
            });
        }
        logsource
            .catalog()
            .map(Vocabulary::Catalogue)
            .or_else(|| (request.unknown == Unknown::Keep).then_some(Vocabulary::Unknown))
            .ok_or_else(|| {
                let reason = format!(
                    "no field catalogue says how {} calls the fields of {logsource}",
                    self.name
                );
                Failure::Refused(vec![refusal("no-catalogue", reason)])
            })
    }

    /// A field of the rule's vocabulary under its name on the platform.
    pub fn field(&self, vocabulary: &Vocabulary, field: &FieldPath) -> Result<FieldPath, Failure> {
        vocabulary.name(field, self.view).ok_or_else(|| {
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
            ShapeError::Native => {
                let reason = "its query stands only in another platform's language".to_owned();
                Failure::Refused(vec![refusal("native", reason)])
            }
            ShapeError::MixedLogsources => {
                let reason = "the rules of the correlation read different log sources".to_owned();
                Failure::Refused(vec![refusal("correlation", reason)])
            }
        }
    }

    /// The emission for a failure. A refusal that the rule accepts is no finding.
    pub fn failed(&self, request: &Request<'_>, accept: &[Accept], failure: Failure) -> Emission {
        let refused = match failure {
            Failure::Rule(findings) => {
                return Emission { output: None, refused: Vec::new(), waived: None, findings };
            }
            Failure::Refused(refused) => refused,
        };
        let waived = accept.iter().find(|accept| accept.loss.value == REFUSED).cloned();
        let findings = match waived {
            Some(_) => Vec::new(),
            None => refused.iter().map(|refusal| self.refusal_finding(request, refusal)).collect(),
        };
        Emission { output: None, refused, waived, findings }
    }

    fn refusal_finding(&self, request: &Request<'_>, refusal: &Refusal) -> Finding {
        let message = format!("{} cannot have this rule: {}", self.name, refusal.reason);
        let at = locate::field(request, self.view, refusal.field.as_ref());
        let mut finding = Finding::new(&codes::REFUSED, place(request, at), message);
        let section = self.name.to_lowercase();
        let without = format!(
            "do without the rule there: `accept: [{{loss: {REFUSED}, reason: ...}}]` under `{section}`"
        );
        finding.help(match request.rule.logic {
            Logic::Detection { .. } => {
                format!("give `{section}` a condition of its own, or {without}")
            }
            Logic::Correlation(_) | Logic::Native { .. } => without,
        });
        finding
    }
}

fn refusal(code: &'static str, reason: String) -> Refusal {
    Refusal { code, field: None, reason }
}

/// A place of the rule's file.
pub(super) fn place(request: &Request<'_>, span: Span) -> Place {
    Place::new(&request.rule.source, span)
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

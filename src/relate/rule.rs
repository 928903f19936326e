//! Canonical rules.

use super::counting::{Asks, Whose, counting};
use super::{Beyond, Reading, Reads, Unrelated};
use crate::fields::Vocabulary;
use crate::language::sigma::Condition;
use crate::query::Expr;
use crate::rule::{Logsource, Rule, RuleSet, Shape, ShapeError};

/// Reads a rule of a set. Of a rule that counts, or looks for first occurrences, the events that it
/// looks at.
pub fn of_rule(set: &RuleSet, rule: &Rule) -> Result<Reading, Unrelated> {
    of_rule_under(set, rule, &[])
}

/// The same under other conditions over the rule's selections, of which any must hold; the rule's own
/// if there are none. A platform's section may have some.
pub fn of_rule_under(
    set: &RuleSet,
    rule: &Rule,
    conditions: &[&Condition],
) -> Result<Reading, Unrelated> {
    let title = rule.header.title.clone();
    let failed = |reason: &str| Unrelated::because(format!("{title}: {reason}"));
    let meaning = |condition| {
        set.shape(rule, condition).map_err(|error| match error {
            ShapeError::Native => failed("it stands only in the language of a platform"),
            ShapeError::Detection(errors) => {
                failed(errors.first().map_or("it has no meaning", |error| &error.message))
            }
            ShapeError::UnknownRule(name) => failed(&format!("the rule `{name}` is not there")),
            ShapeError::Nested(_) => failed("it is a correlation over correlations"),
            ShapeError::MixedLogsources => failed("its rules read different log sources"),
        })
    };
    let (shape, logsource) = meaning(conditions.first().copied())?;
    let others = conditions.iter().skip(1).map(|condition| {
        let (shape, _) = meaning(Some(condition))?;
        Ok(shape.expr().cloned().unwrap_or(Expr::False))
    });
    let others: Vec<Expr> = others.collect::<Result<_, Unrelated>>()?;
    let mut notes = Vec::new();
    let expr = match shape {
        Shape::Match(expr) => expr,
        Shape::NewValue { expr, .. } => {
            notes.push(format!("{title}: only its events are compared, not that they are new"));
            expr
        }
        Shape::Threshold { expr, .. } => {
            notes.push(format!("{title}: only its events are compared, not how it counts them"));
            expr
        }
        Shape::Correlation(kind) => {
            return Err(failed(&format!("a `{kind}` correlation relates several events")));
        }
    };
    let expr = Expr::any_of([expr].into_iter().chain(others));
    let asks = Asks::of(Whose::Rule, counting(set, rule), notes.clone());
    Ok(Reading {
        beyond: Beyond { asks, reads: reads(rule) },
        ..reading(rule, logsource, expr, notes)
    })
}

/// The indices of a rule in the words of Elastic, whose log source is a mere name.
fn reads(rule: &Rule) -> Option<Reads> {
    let index = &rule.sections.elastic.index;
    let is_elastic = rule.header.taxonomy.as_deref() == Some("ecs");
    (is_elastic && !index.is_empty()).then(|| Reads::Indices(index.clone()))
}

fn reading(rule: &Rule, logsource: &Logsource, expr: Expr, notes: Vec<String>) -> Reading {
    let vocabulary = Vocabulary::of_rule(rule.header.taxonomy.as_deref(), logsource.parts());
    // A rule writes the names of a view as its users do, `@evt.name`; a query holds their paths.
    let expr = match vocabulary {
        Vocabulary::View(view) => expr.renamed(&|field| view.path(field.as_str())),
        _ => expr,
    };
    let title = rule.header.title.clone();
    Reading {
        title,
        expr,
        vocabulary,
        logsource: Some(logsource.clone()),
        notes,
        beyond: Beyond::default(),
    }
}

//! Canonical rules.

use super::{Reading, Unrelated};
use crate::fields::Vocabulary;
use crate::query::Expr;
use crate::rule::{Logsource, Rule, RuleSet, Shape, ShapeError};

/// Reads a rule of a set. Of a rule that counts, or looks for first occurrences, the events that it
/// looks at.
pub fn of_rule(set: &RuleSet, rule: &Rule) -> Result<Reading, Unrelated> {
    let title = rule.header.title.clone();
    let failed = |reason: &str| Unrelated::because(format!("{title}: {reason}"));
    let (shape, logsource) = set.shape(rule, None).map_err(|error| match error {
        ShapeError::Native => failed("it stands only in the language of a platform"),
        ShapeError::Detection(errors) => {
            failed(errors.first().map_or("it has no meaning", |error| &error.message))
        }
        ShapeError::UnknownRule(name) => failed(&format!("the rule `{name}` is not there")),
        ShapeError::Nested(_) => failed("it is a correlation over correlations"),
        ShapeError::MixedLogsources => failed("its rules read different log sources"),
    })?;
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
    Ok(reading(rule, logsource, expr, notes))
}

fn reading(rule: &Rule, logsource: &Logsource, expr: Expr, notes: Vec<String>) -> Reading {
    let vocabulary = Vocabulary::of_rule(rule.header.taxonomy.as_deref(), logsource.parts());
    // A rule writes the names of a view as its users do, `@evt.name`; a query holds their paths.
    let expr = match vocabulary {
        Vocabulary::View(view) => expr.renamed(&|field| view.path(field.as_str())),
        _ => expr,
    };
    let title = rule.header.title.clone();
    Reading { title, expr, vocabulary, logsource: Some(logsource.clone()), notes }
}

//! From a detection to its meaning.

use super::ast::{Condition, Detection, Quantifier, Selection};
use super::{apply, codes};
use crate::diagnostic::closest;
use crate::language::kit::QueryError;
use crate::query::Expr;
use crate::source::Span;

/// The meaning of a detection: any of its conditions. Gives every error, with places in the file.
pub fn lower(detection: &Detection) -> Result<Expr, Vec<QueryError>> {
    let mut errors = Vec::new();
    let mut members = Vec::new();
    for condition in &detection.conditions {
        match lower_condition(detection, condition) {
            Ok(expr) => members.push(expr),
            Err(more) => errors.extend(more),
        }
    }
    if detection.conditions.is_empty() {
        // Without a condition a detection says nothing; "matches nothing" would be a guess.
        errors.push(QueryError {
            code: &codes::CONDITION,
            span: Span::default(),
            message: "this detection has no condition that could be read".to_owned(),
            help: None,
        });
    }
    errors.dedup();
    if errors.is_empty() { Ok(Expr::any_of(members)) } else { Err(errors) }
}

/// The meaning of one condition over a detection's selections.
pub fn lower_condition(
    detection: &Detection,
    condition: &Condition,
) -> Result<Expr, Vec<QueryError>> {
    match condition {
        Condition::Name(name) => match detection.selection(name) {
            Some(selection) => lower_selection(selection),
            None => {
                let message = format!("no selection is called `{}`", name.value);
                let names = detection.selections.iter().map(|(name, _)| name.as_str());
                let help = match closest(name, names.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "the selections are {}",
                        crate::diagnostic::any_of(names).replace(" or ", " and ")
                    ),
                };
                let code = &codes::UNKNOWN_SELECTION;
                Err(vec![QueryError { code, span: name.span, message, help: Some(help) }])
            }
        },
        Condition::Of(quantifier, pattern) => {
            let names: Vec<&str> = detection.matching(pattern).collect();
            if names.is_empty() {
                let message = "this pattern names no selection".to_owned();
                let code = &codes::UNKNOWN_SELECTION;
                return Err(vec![QueryError { code, span: pattern.span, message, help: None }]);
            }
            let members = names.iter().filter_map(|name| detection.selection(name));
            let members = collect(members.map(lower_selection))?;
            Ok(match quantifier {
                Quantifier::One => Expr::any_of(members),
                Quantifier::All => Expr::all(members),
            })
        }
        Condition::Not(inner) => Ok(lower_condition(detection, inner)?.negated()),
        Condition::And(members) => {
            Ok(Expr::all(collect(members.iter().map(|member| lower_condition(detection, member)))?))
        }
        Condition::Or(members) => Ok(Expr::any_of(collect(
            members.iter().map(|member| lower_condition(detection, member)),
        )?)),
    }
}

fn lower_selection(selection: &Selection) -> Result<Expr, Vec<QueryError>> {
    match selection {
        Selection::All(items) => Ok(Expr::all(collect(items.iter().map(apply::item))?)),
        Selection::Any(members) => Ok(Expr::any_of(collect(members.iter().map(lower_selection))?)),
    }
}

/// All results, or all errors.
fn collect(
    results: impl Iterator<Item = Result<Expr, Vec<QueryError>>>,
) -> Result<Vec<Expr>, Vec<QueryError>> {
    let mut members = Vec::new();
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(member) => members.push(member),
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(members) } else { Err(errors) }
}

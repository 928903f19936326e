//! What a rule comes down to: one of a few shapes over expressions.

use serde::Serialize;

use super::{Correlation, CorrelationKind, Duration, Logic, Logsource, Rule, RuleSet};
use crate::language::kit::QueryError;
use crate::language::sigma::{self, Condition};
use crate::query::{Expr, FieldPath, Order};

/// The shape of a rule, with its expressions over the rule's own (canonical) vocabulary.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Single events.
    Match(Expr),
    /// Events whose combination of values is seen for the first time.
    NewValue {
        /// Which events.
        expr: Expr,
        /// The fields.
        fields: Vec<FieldPath>,
        /// How far back "new" looks.
        history: Duration,
    },
    /// Enough events of one group within a window.
    Threshold {
        /// Which events.
        expr: Expr,
        /// What is counted.
        count: Count,
        /// How many at least.
        at_least: u64,
        /// Fields in which the events must agree; empty counts all together.
        group_by: Vec<FieldPath>,
        /// Within what time.
        window: Duration,
    },
    /// A correlation that is none of these; targets that cannot say it refuse it.
    Correlation(CorrelationKind),
}

impl Shape {
    /// Which events; a correlation that relates several kinds of them has no one answer.
    pub fn expr(&self) -> Option<&Expr> {
        match self {
            Self::Match(expr) | Self::NewValue { expr, .. } | Self::Threshold { expr, .. } => {
                Some(expr)
            }
            Self::Correlation(_) => None,
        }
    }
}

/// What a threshold counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Events.
    Events,
    /// Distinct values of a field.
    Distinct(FieldPath),
}

/// Why a rule has no shape.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeError {
    /// Its detection has no meaning; places are places of its file.
    Detection(Vec<QueryError>),
    /// A correlation names a rule that is not there.
    UnknownRule(String),
    /// A correlation names another correlation.
    Nested(String),
    /// The rules of a correlation read different log sources.
    MixedLogsources,
    /// Only a platform's section says what the rule detects.
    Native,
}

/// The shape of a rule and the log source of its events. `condition` replaces the rule's own (a
/// platform variant's); the set holds the rules of correlations, and filters.
pub(super) fn shape<'r>(
    rule: &'r Rule,
    condition: Option<&Condition>,
    set: &'r RuleSet,
) -> Result<(Shape, &'r Logsource), ShapeError> {
    match &rule.logic {
        Logic::Detection { logsource, .. } => {
            let expr = set.expr(rule, condition)?;
            let shape = match &rule.sections.new_value {
                Some(new) => Shape::NewValue {
                    expr,
                    fields: new.fields.iter().map(|field| FieldPath::new(field.as_str())).collect(),
                    history: new.history.value,
                },
                None => Shape::Match(expr),
            };
            Ok((shape, logsource))
        }
        Logic::Correlation(correlation) => correlated(correlation, set),
        Logic::Native { .. } => Err(ShapeError::Native),
    }
}

/// The events that a rule over single events matches.
pub fn expr(rule: &Rule, condition: Option<&Condition>) -> Result<Expr, ShapeError> {
    let detection = match &rule.logic {
        Logic::Detection { detection, .. } => detection,
        Logic::Correlation(_) => return Err(ShapeError::Nested(rule.header.title.clone())),
        Logic::Native { .. } => return Err(ShapeError::Native),
    };
    let expr = match condition {
        Some(condition) => sigma::lower_condition(detection, condition),
        None => sigma::lower(detection),
    };
    expr.map_err(ShapeError::Detection)
}

fn correlated<'r>(
    correlation: &'r Correlation,
    set: &'r RuleSet,
) -> Result<(Shape, &'r Logsource), ShapeError> {
    let mut members = Vec::new();
    let mut logsource: Option<&Logsource> = None;
    for name in &correlation.rules {
        let rule = set.find(name).ok_or_else(|| ShapeError::UnknownRule(name.value.clone()))?;
        let own = match &rule.logic {
            Logic::Detection { logsource, .. } => logsource,
            Logic::Correlation(_) => return Err(ShapeError::Nested(name.value.clone())),
            Logic::Native { .. } => return Err(ShapeError::Native),
        };
        if logsource.is_some_and(|first| first.to_string() != own.to_string()) {
            return Err(ShapeError::MixedLogsources);
        }
        logsource = Some(own);
        members.push(set.expr(rule, None)?);
    }
    let logsource = logsource.ok_or_else(|| ShapeError::UnknownRule(String::new()))?;
    Ok((counted(correlation, Expr::any_of(members)), logsource))
}

/// A count with a lower bound is a threshold; everything else stays a correlation.
fn counted(correlation: &Correlation, expr: Expr) -> Shape {
    let other = Shape::Correlation(correlation.kind);
    let Some(condition) = &correlation.condition else { return other };
    let [(order, number)] = condition.bounds.as_slice() else { return other };
    if condition.not_equal.is_some() || !correlation.aliases.is_empty() {
        return other;
    }
    let at_least = match order {
        // "At least none" holds without any event, which no platform can say.
        Order::GreaterOrEqual if number.get() <= 0.0 => return other,
        Order::Greater if number.get() < 0.0 => return other,
        Order::GreaterOrEqual => number.get().ceil(),
        Order::Greater => number.get().floor() + 1.0,
        _ => return other,
    };
    let count = match (correlation.kind, &condition.field) {
        (CorrelationKind::EventCount, _) => Count::Events,
        (CorrelationKind::ValueCount, Some(field)) => Count::Distinct(FieldPath::new(field)),
        _ => return other,
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to a range that both types hold"
    )]
    let at_least = at_least.clamp(1.0, 1e15) as u64;
    let group_by = correlation.group_by.iter().map(|field| FieldPath::new(field.as_str()));
    let window = correlation.timespan.value;
    Shape::Threshold { expr, count, at_least, group_by: group_by.collect(), window }
}

//! Correlations as conditions over several events.

use super::assemble::{Watched, WatchedMember};
use super::compile::{Compiler, in_view, milliseconds, refused};
use super::detector::{Bounds, Logic as Over, Measure, Which};
use super::program::{LeftOut, Sources};
use crate::fields::View;
use crate::language::sigma::{Condition, Quantifier};
use crate::query::FieldPath;
use crate::rule::{Correlation, CorrelationKind, Logic, Rule, ShapeError};

/// What a correlation watches.
pub(super) fn watched(
    compiler: &Compiler<'_>,
    correlation: &Correlation,
) -> Result<Watched, LeftOut> {
    let mut members = Vec::new();
    for name in &correlation.rules {
        let unknown = || refused(&ShapeError::UnknownRule(name.value.clone()));
        let rule = compiler.set.find(name).ok_or_else(unknown)?;
        members.push(member(compiler, correlation, rule, name)?);
    }
    // Some rules may read another log than the others; those of this one still count.
    if members.iter().all(|member| member.sources.are_none()) {
        return Err(LeftOut::LogSource);
    }
    Ok(Watched {
        kind: kind(correlation),
        group: correlation.group_by.iter().map(|field| field.value.clone()).collect(),
        members,
        logic: logic(correlation)?,
        window: milliseconds(correlation.timespan.value.seconds()),
    })
}

fn member(
    compiler: &Compiler<'_>,
    correlation: &Correlation,
    rule: &Rule,
    name: &str,
) -> Result<WatchedMember, LeftOut> {
    let logsource = match &rule.logic {
        Logic::Detection { logsource, .. } => logsource,
        Logic::Correlation(_) => return Err(refused(&ShapeError::Nested(name.to_owned()))),
        Logic::Native { .. } => return Err(refused(&ShapeError::Native)),
    };
    let (view, sources) = match compiler.view(rule, logsource) {
        Err(LeftOut::LogSource) => (View::Raw, Sources::default()),
        other => other?,
    };
    let expr = compiler.set.expr(rule, None).map_err(|error| refused(&error))?;
    // An alias says what each rule calls the field.
    let path = |field: &str| {
        let alias = correlation.aliases.get(field).and_then(|rules| rules.get(name));
        view.path(alias.map_or(field, String::as_str))
    };
    let value = correlation.condition.as_ref().and_then(|condition| condition.field.as_deref());
    let counts = correlation.kind == CorrelationKind::EventCount;
    Ok(WatchedMember {
        view,
        sources,
        expr: in_view(expr, view),
        group: correlation
            .group_by
            .iter()
            .map(|field| path(&field.value))
            .collect::<Vec<FieldPath>>(),
        values: value.filter(|_| !counts).map(path).into_iter().collect(),
        whole: false,
    })
}

/// A count is a threshold in the words of the canonical rule.
fn kind(correlation: &Correlation) -> &'static str {
    match correlation.kind {
        CorrelationKind::EventCount | CorrelationKind::ValueCount => "threshold",
        other => other.word(),
    }
}

fn logic(correlation: &Correlation) -> Result<Over, LeftOut> {
    let measure = match correlation.kind {
        CorrelationKind::Temporal => return together(correlation).map(Over::Together),
        CorrelationKind::TemporalOrdered if correlation.extended.is_some() => {
            let reason = "a condition over rules that have to come in order";
            return Err(LeftOut::Refused(reason.to_owned()));
        }
        CorrelationKind::TemporalOrdered => return Ok(Over::InOrder),
        CorrelationKind::EventCount => Measure::Events,
        CorrelationKind::ValueCount => Measure::Distinct,
        CorrelationKind::ValueSum => Measure::Sum,
        CorrelationKind::ValueAvg => Measure::Mean,
        CorrelationKind::ValueMedian => Measure::Percentile(50.0),
        CorrelationKind::ValuePercentile => {
            let condition = correlation.condition.as_ref();
            let percentile = condition.and_then(|condition| condition.percentile);
            let missing = || LeftOut::Refused("it does not say which percentile".to_owned());
            Measure::Percentile(percentile.ok_or_else(missing)?.get())
        }
    };
    let missing = || LeftOut::Refused("the correlation has no condition".to_owned());
    let condition = correlation.condition.as_ref().ok_or_else(missing)?;
    let bounds = Bounds { bounds: condition.bounds.clone(), not_equal: condition.not_equal };
    Ok(Over::Measure(measure, bounds))
}

/// Every rule, unless the correlation says which.
fn together(correlation: &Correlation) -> Result<Which<usize>, LeftOut> {
    match &correlation.extended {
        Some(condition) => which(&condition.value, correlation),
        None => Ok(Which::All((0..correlation.rules.len()).map(Which::Leaf).collect())),
    }
}

fn which(condition: &Condition, correlation: &Correlation) -> Result<Which<usize>, LeftOut> {
    let members = |members: &[Condition]| {
        members.iter().map(|member| which(member, correlation)).collect::<Result<Vec<_>, _>>()
    };
    Ok(match condition {
        Condition::Name(name) => {
            let place = correlation.rules.iter().position(|rule| rule.value == name.value);
            let unknown = || refused(&ShapeError::UnknownRule(name.value.clone()));
            Which::Leaf(place.ok_or_else(unknown)?)
        }
        Condition::Of(quantifier, pattern) => {
            let named = correlation.rules.iter().enumerate();
            let meant = named.filter(|(_, rule)| pattern.value.accepts(&rule.value));
            let meant = meant.map(|(at, _)| Which::Leaf(at)).collect();
            match quantifier {
                Quantifier::One => Which::Any(meant),
                Quantifier::All => Which::All(meant),
            }
        }
        Condition::Not(inner) => Which::Not(Box::new(which(inner, correlation)?)),
        Condition::And(inner) => Which::All(members(inner)?),
        Condition::Or(inner) => Which::Any(members(inner)?),
    })
}

//! Sigma rules, and canonical ones.

use super::meaning::{Texts, converted, query};
use super::to::view;
use super::{Converted, Refused, To, Unit, document, logsource};
use crate::config::ElasticDefaults;
use crate::fields::{View, Vocabulary};
use crate::language::registry::{Dialect, Reads};
use crate::query::{
    Counted, Effect, Having, JoinKey, Loss, Meaning, Number, Order, Refusal, Sequence, Step,
    Threshold,
};
use crate::rule::{
    Correlation, CorrelationKind, Count, Header, Logic, Logsource, Rule, RuleSet, Shape, ShapeError,
};

/// The rules that raise alerts by themselves.
pub(super) fn alerting(set: &RuleSet) -> Vec<&Rule> {
    set.rules().filter(|rule| set.raises_alerts(rule)).collect()
}

/// Converts one rule.
pub(super) fn unit(set: &RuleSet, rule: &Rule, to: To, elastic: &ElasticDefaults) -> Unit {
    let result = match to {
        To::Query(language) => as_query(set, rule, language),
        document => match set.shape(rule, None) {
            // Other shapes are for the target to judge; what has no meaning is nobody's rule.
            Err(error @ (ShapeError::Detection(_) | ShapeError::UnknownRule(_))) => {
                Err(without_meaning(error))
            }
            _ => document::of_rule(set, rule, document, elastic),
        },
    };
    Unit { source: rule.source.name().to_owned(), title: rule.header.title.clone(), result }
}

fn as_query(set: &RuleSet, rule: &Rule, language: &dyn Dialect) -> Result<Converted, Refused> {
    if let Logic::Correlation(correlation) = &rule.logic
        && correlation.kind == CorrelationKind::TemporalOrdered
    {
        return ordered(set, rule, correlation, language);
    }
    let (shape, logsource) = set.shape(rule, None).map_err(without_meaning)?;
    let vocabulary = vocabulary(&rule.header, logsource);
    let (meaning, loss) = meaning(shape)?;
    let vocabulary = carried(vocabulary, &meaning, view(language));
    let unsaid = logsource::of_rule(logsource, &vocabulary, view(language), &meaning.exprs());
    let done = query(meaning, &vocabulary, language, &Reads::default(), Texts::Untyped)?;
    let losses = done.losses.into_iter().chain(loss).collect();
    Ok(converted(done.texts, losses, done.assumptions.into_iter().chain(unsaid).collect()))
}

/// The names as a platform can have them. A Sigma rule keeps its own where it stays one.
fn carried(vocabulary: Vocabulary, meaning: &Meaning, view: View) -> Vocabulary {
    match view {
        View::Raw => vocabulary,
        _ => vocabulary.or_carried(view, &meaning.exprs()),
    }
}

/// Whose names a rule uses.
pub(super) fn vocabulary(header: &Header, logsource: &Logsource) -> Vocabulary {
    Vocabulary::of_rule(header.taxonomy.as_deref(), logsource.parts())
}

/// What a query can say of a shape, and what it leaves to the rule that runs it.
fn meaning(shape: Shape) -> Result<(Meaning, Option<Loss>), Refused> {
    match shape {
        Shape::Match(expr) => Ok((Meaning::Match(expr), None)),
        Shape::NewValue { expr, history, .. } => {
            let reason =
                format!("a query cannot say \"for the first time in {}\"", history.in_words());
            Ok((Meaning::Match(expr), Some(wider("new-value", reason))))
        }
        Shape::Threshold { expr, count, at_least, group_by, window } => {
            let count = match count {
                Count::Events => Counted::Events,
                Count::Distinct(field) => Counted::Distinct(field),
            };
            #[expect(clippy::cast_precision_loss, reason = "shapes count to 1e15, which is exact")]
            let number = Number::new(at_least as f64);
            let number =
                number.ok_or_else(|| Refused::because("threshold", "it counts too far"))?;
            let having = vec![Having { count, order: Order::GreaterOrEqual, number }];
            let reason = format!(
                "a query counts over the time that it is run for, not over {}",
                window.in_words()
            );
            let loss = Loss { code: "window", effect: Effect::Overlapping, field: None, reason };
            Ok((Meaning::Threshold(Threshold { expr, group_by, having }), Some(loss)))
        }
        Shape::Correlation(kind) => {
            Err(Refused::because("correlation", format!("a query has no `{kind}` correlation")))
        }
    }
}

/// Rules that must match one after another.
fn ordered(
    set: &RuleSet,
    rule: &Rule,
    correlation: &Correlation,
    language: &dyn Dialect,
) -> Result<Converted, Refused> {
    if correlation.extended.is_some() || correlation.condition.is_some() {
        return Err(Refused::because("correlation", "its condition asks for more than an order"));
    }
    let mut steps = Vec::new();
    let (mut words, mut logsources) = (None, Vec::new());
    for name in &correlation.rules {
        let missing =
            || Refused::because("correlation", format!("the rule `{}` is not there", name.value));
        let member = set.find(name).ok_or_else(missing)?;
        let expr = set.expr(member, None).map_err(without_meaning)?;
        let key = |field: &str| {
            let own = correlation.aliases.get(field).and_then(|rules| rules.get(&name.value));
            JoinKey { field: own.map_or(field, String::as_str).into(), optional: false }
        };
        let by = correlation.group_by.iter().map(|field| key(field)).collect();
        let logsource = member.logic.logsource().ok_or_else(missing)?;
        words.get_or_insert_with(|| vocabulary(&rule.header, logsource));
        logsources.push(logsource);
        steps.push(Step { expr, by, missing: false, runs: 1 });
    }
    let vocabulary = words.ok_or_else(|| Refused::because("correlation", "it names no rule"))?;
    let max_span_ms = Some(correlation.timespan.value.seconds().saturating_mul(1000));
    let sequence = Sequence { ordered: true, steps, max_span_ms, until: None };
    let meaning = Meaning::Sequence(sequence);
    let vocabulary = carried(vocabulary, &meaning, view(language));
    let unsaid = |logsource: &&Logsource| {
        logsource::of_rule(logsource, &vocabulary, view(language), &meaning.exprs())
    };
    let unsaid: Vec<_> = logsources.iter().filter_map(unsaid).collect();
    let done = query(meaning, &vocabulary, language, &Reads::default(), Texts::Untyped)?;
    Ok(converted(done.texts, done.losses, [done.assumptions, unsaid].concat()))
}

fn wider(code: &'static str, reason: String) -> Loss {
    Loss { code, effect: Effect::Wider, field: None, reason }
}

fn without_meaning(error: ShapeError) -> Refused {
    let refusal = |code, reason: String| Refused::from(vec![Refusal { code, field: None, reason }]);
    match error {
        ShapeError::Detection(errors) => {
            let first = errors.first().map_or("it has no meaning", |error| &error.message);
            refusal("detection", first.to_owned())
        }
        ShapeError::UnknownRule(name) => {
            refusal("correlation", format!("the rule `{name}` is not there"))
        }
        ShapeError::Nested(name) => {
            refusal("correlation", format!("`{name}` is a correlation over correlations"))
        }
        ShapeError::MixedLogsources => {
            refusal("correlation", "its rules read different log sources".to_owned())
        }
        ShapeError::Native => {
            refusal("native", "the rule stands only in the language of a platform".to_owned())
        }
    }
}

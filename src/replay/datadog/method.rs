//! Detection methods: what raises a signal.

use serde_json::Value as Json;

use super::cases::{self, over};
use super::list;
use super::query::Queries;
use crate::language::datadog::parse_case;
use crate::query::{Number, Order};
use crate::replay::compile::milliseconds;
use crate::replay::detector::Which;
use crate::replay::signal::{Comparison, Learning, Step, Trigger, Until};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Methods that are followed. The others go by models of Datadog's own, by places of addresses or by
/// alerts of others.
const METHODS: &[&str] = &["threshold", "new_value", "sequence_detection"];

fn method(options: &Json) -> &str {
    options["detectionMethod"].as_str().unwrap_or("threshold")
}

/// Whether the method is.
pub(super) fn is_followed(options: &Json) -> Result<(), String> {
    match method(options) {
        known if METHODS.contains(&known) => Ok(()),
        other => Err(format!("the detection method `{other}` is not followed")),
    }
}

/// What raises the signals of a body, and what results call that.
pub(super) fn trigger(body: &Json, queries: &Queries) -> Result<(Trigger, &'static str), String> {
    match (method(&body["options"]), queries.learner()) {
        ("new_value", _) => new_value(body, queries).map(|trigger| (trigger, "new_value")),
        (_, Some(name)) => {
            Err(format!("the query `{name}` looks for new values, the rule does not"))
        }
        ("sequence_detection", None) => {
            sequence(body, queries).map(|trigger| (trigger, "sequence"))
        }
        _ => threshold(body, queries),
    }
}

fn seconds(value: &Json) -> i64 {
    milliseconds(value.as_u64().unwrap_or_default())
}

fn threshold(body: &Json, queries: &Queries) -> Result<(Trigger, &'static str), String> {
    let window = seconds(&body["options"]["evaluationWindow"]);
    let all = list(&body["cases"]).iter().map(cases::condition);
    let all = all.collect::<Result<Vec<_>, String>>()?;
    let leaf = counted(queries);
    match all.as_slice() {
        [] => Err("it has no case".to_owned()),
        [stages] if stages.len() > 1 => {
            let steps = stages.iter().enumerate().map(|(at, stage)| {
                let after = at.checked_sub(1).map(|before| (before, window));
                Ok(Step {
                    window,
                    condition: over(stage, &leaf)?,
                    after: after.into_iter().collect(),
                })
            });
            let steps = steps.collect::<Result<Vec<_>, String>>()?;
            let conditions = vec![Which::Leaf(stages.len() - 1)];
            Ok((Trigger::Steps { steps, conditions }, "sequence"))
        }
        all => {
            let single = |stages: &Vec<_>| match stages.as_slice() {
                [condition] => over(condition, &leaf),
                _ => Err("`THEN` stands in one of several cases".to_owned()),
            };
            let conditions = all.iter().map(single).collect::<Result<Vec<_>, String>>()?;
            Ok((Trigger::Counts { window, conditions }, "threshold"))
        }
    }
}

/// A comparison of the count of a query.
fn counted(queries: &Queries) -> impl Fn(&str, Order, Number) -> Result<Comparison, String> {
    |name, order, number| {
        let of = queries.of_name(name);
        let of =
            of.ok_or_else(|| format!("a case names the query `{name}`, which is not there"))?;
        Ok(Comparison { of, order, number })
    }
}

fn new_value(body: &Json, queries: &Queries) -> Result<Trigger, String> {
    if !queries.learn() {
        return Err("it looks for new values with other than one query for them".to_owned());
    }
    if list(&body["cases"]).len() != 1 {
        return Err("it looks for new values and has not one case".to_owned());
    }
    let options = &body["options"]["newValueOptions"];
    let days = |key: &str| options[key].as_i64().map(|days| days.saturating_mul(DAY));
    let forget = days("forgetAfter").ok_or("it does not say how long it remembers values")?;
    let until = match options["learningMethod"].as_str().unwrap_or("duration") {
        "duration" => Until::Time(days("learningDuration").unwrap_or_default()),
        "threshold" => Until::Events(options["learningThreshold"].as_u64().unwrap_or_default()),
        other => return Err(format!("it learns by `{other}`")),
    };
    Ok(Trigger::Fresh(Learning { until, forget }))
}

fn sequence(body: &Json, queries: &Queries) -> Result<Trigger, String> {
    let options = &body["options"]["sequenceDetectionOptions"];
    let listed = list(&options["steps"]);
    let named = |name: &Json| {
        let found =
            listed.iter().position(|step| step["name"].is_string() && step["name"] == *name);
        found.ok_or_else(|| format!("the sequence has no step {name}"))
    };
    let mut steps = Vec::new();
    for step in listed {
        let text = step["condition"].as_str().unwrap_or_default();
        let condition =
            match parse_case(text).map_err(|e| format!("`{text}`: {}", e.message))?.as_slice() {
                [one] => over(one, &counted(queries))?,
                _ => return Err("`THEN` stands in a step".to_owned()),
            };
        steps.push(Step {
            window: seconds(&step["evaluationWindow"]),
            condition,
            after: Vec::new(),
        });
    }
    for transition in list(&options["stepTransitions"]) {
        let (child, parent) = (named(&transition["child"])?, named(&transition["parent"])?);
        let step = steps.get_mut(child).ok_or("the sequence has no such step")?;
        step.after.push((parent, seconds(&transition["evaluationWindow"])));
    }
    if steps.is_empty() || steps.iter().all(|step| !step.after.is_empty()) {
        return Err("the sequence has no first step".to_owned());
    }
    let taken = |name: &str, order: Order, number: Number| {
        let step = named(&Json::from(name))?;
        // A step is taken or not: how often is not told.
        let asks_once = matches!((order, number.get()), (Order::Greater, n) if n == 0.0)
            || matches!((order, number.get()), (Order::GreaterOrEqual, n) if n == 1.0);
        if asks_once { Ok(step) } else { Err(format!("a case counts the step `{name}`")) }
    };
    let conditions =
        list(&body["cases"]).iter().map(|case| match cases::condition(case)?.as_slice() {
            [one] => over(one, &taken),
            _ => Err("`THEN` stands in a case over steps".to_owned()),
        });
    let conditions = conditions.collect::<Result<Vec<_>, String>>()?;
    if conditions.is_empty() {
        return Err("it has no case".to_owned());
    }
    Ok(Trigger::Steps { steps, conditions })
}

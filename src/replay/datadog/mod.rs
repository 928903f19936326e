//! Rules as Datadog gets them: the body of a rule as a condition over several events.
//!
//! Whoever asks for it, or has a rule that stands only in Datadog's words, gets what Datadog would
//! do with the body that `build` writes: its queries, read again, on the logs that Datadog makes of
//! the records; its cases and windows; and the [signals](super::signal) that come of them. Keys are
//! those of API v2 (`SecurityMonitoringStandardRuleCreatePayload`).

mod cases;
mod method;
mod query;

use serde_json::Value as Json;

use super::assemble::Watched;
use super::compile::{Compiler, milliseconds};
use super::detector::Logic as Over;
use super::program::LeftOut;
use super::signal::Signals;
use crate::config::ElasticDefaults;
use crate::fields::View;
use crate::rule::{Logic, Logsource, Rule};
use crate::target::{self, Request, Unknown};
use query::Queries;

/// Keys of a body that change what raises a signal and are not followed here.
const BEYOND: &[(&str, &str)] = &[
    ("referenceTables", "it selects logs by reference tables, which are not here"),
    ("calculatedFields", "it calculates fields"),
    ("schedulingOptions", "it runs on a schedule and not on every log"),
    ("groupSignalsBy", "it groups its signals once more"),
];

/// What the rule watches that Datadog gets.
pub(super) fn watched(
    compiler: &Compiler<'_>,
    rule: &Rule,
    name: &str,
) -> Result<Watched, LeftOut> {
    let logsource = logsource(compiler, rule)?;
    let sources = compiler.sources_in(View::Datadog, logsource)?;
    let body = body(compiler, rule, name)?;
    let read = || -> Result<(Queries, Signals, &'static str), String> {
        is_followed(&body)?;
        let queries = query::read(&body, logsource.catalog())?;
        let (trigger, kind) = method::trigger(&body, &queries)?;
        let seconds = |key: &str| milliseconds(body["options"][key].as_u64().unwrap_or_default());
        let signals = Signals {
            trigger,
            cases: cases::all(&body)?,
            counters: queries.counters(),
            fields: queries.learnt(),
            keep_alive: seconds("keepAlive"),
            max_duration: seconds("maxSignalDuration"),
        };
        Ok((queries, signals, kind))
    };
    let (queries, signals, kind) = read().map_err(LeftOut::Refused)?;
    Ok(Watched {
        kind,
        group: queries.group(),
        members: queries.members(sources),
        window: signals.memory(),
        logic: Over::Signals(signals),
    })
}

/// Where the events of a rule come from, or those of the rules of a correlation.
fn logsource<'r>(compiler: &Compiler<'r>, rule: &'r Rule) -> Result<&'r Logsource, LeftOut> {
    match &rule.logic {
        Logic::Detection { logsource, .. } | Logic::Native { logsource } => Ok(logsource),
        Logic::Correlation(_) => {
            let shaped = compiler.set.shape(rule, None);
            shaped.map(|(_, logsource)| logsource).map_err(|e| super::compile::refused(&e))
        }
    }
}

/// The body that `build` writes.
fn body(compiler: &Compiler<'_>, rule: &Rule, name: &str) -> Result<Json, LeftOut> {
    let native = matches!(rule.logic, Logic::Native { .. });
    if native && rule.sections.datadog.patch.is_none() {
        return Err(super::compile::refused(&crate::rule::ShapeError::Native));
    }
    let elastic = ElasticDefaults::default();
    let request =
        Request { rule, set: compiler.set, name, elastic: &elastic, unknown: Unknown::Refuse };
    let emission = target::datadog::emit(&request);
    emission.output.map(|output| output.payload).ok_or_else(|| {
        let refused = emission.refused.iter().map(|refusal| refusal.reason.clone());
        let found = emission.findings.iter().map(|finding| finding.message.clone());
        let reason = refused.chain(found).next();
        LeftOut::Refused(reason.unwrap_or_else(|| "Datadog gets no rule of it".to_owned()))
    })
}

/// Rules over logs of which everything is followed that raises a signal.
fn is_followed(body: &Json) -> Result<(), String> {
    match body["type"].as_str() {
        None | Some("log_detection") => {}
        Some(kind) => return Err(format!("a rule of type `{kind}` reads no logs")),
    }
    method::is_followed(&body["options"])?;
    let says = |value: &Json| !value.is_null() && *value != Json::Array(Vec::new());
    match BEYOND.iter().find(|(key, _)| says(&body[*key])) {
        Some((_, reason)) => Err((*reason).to_owned()),
        None => Ok(()),
    }
}

/// The members of a list, none if it is not there.
fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The texts of a list.
fn texts(value: &Json) -> Vec<&str> {
    list(value).iter().filter_map(Json::as_str).collect()
}

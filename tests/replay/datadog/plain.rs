//! A plain reading of Datadog's payloads: every count is taken anew from all events so far.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::language::datadog::{CaseCondition, parse_case};
use crosswalk::query::Number;
use crosswalk::replay::Moment;
use serde_json::Value;

/// One event as a query sees it.
pub(super) struct Seen {
    pub(super) time: Moment,
    pub(super) line: u64,
    pub(super) document: Value,
}

/// A signal: line of the event, level, and whether it was open before.
pub(super) type Signal = (u64, String, bool);

/// What a group has so far.
#[derive(Default)]
struct Group {
    /// Time, query, event, value.
    history: Vec<(Moment, usize, u64, Option<String>)>,
    /// The signal that was raised last: since when, with a case until when, the highest status.
    open: Option<(Moment, Moment, usize)>,
}

/// The signals of a payload that counts: every count is taken anew from all events. `None` if some
/// query has no verdict, or the rule does not count.
pub(super) fn plainly(
    payload: &Value,
    seen: &[(String, Seen)],
    verdicts: &BTreeMap<String, BTreeSet<String>>,
) -> Option<Vec<Signal>> {
    let options = &payload["options"];
    if options["detectionMethod"].as_str().is_some_and(|method| method != "threshold") {
        return None;
    }
    let queries = payload["queries"].as_array()?;
    let hits: Option<Vec<&BTreeSet<String>>> =
        queries.iter().map(|query| verdicts.get(query["query"].as_str()?)).collect();
    let hits = hits?;
    let seconds = |key: &str| options[key].as_i64().unwrap_or(0) * 1000;
    let (window, keep, max) =
        (seconds("evaluationWindow"), seconds("keepAlive"), seconds("maxSignalDuration"));
    let name = |at: usize| {
        let own = queries[at]["name"].as_str().filter(|name| !name.is_empty());
        own.map_or_else(|| char::from(b'a' + at as u8).to_string(), str::to_owned)
    };
    let mut groups: BTreeMap<Vec<Option<String>>, Group> = BTreeMap::new();
    let mut signals = Vec::new();
    for (id, event) in seen {
        let mut touched: BTreeSet<Vec<Option<String>>> = BTreeSet::new();
        for (at, query) in queries.iter().enumerate().filter(|(at, _)| hits[*at].contains(id)) {
            let optional = query["hasOptionalGroupByFields"].as_bool().unwrap_or(false);
            let mut own: Vec<Vec<Option<String>>> = vec![Vec::new()];
            for field in query["groupByFields"].as_array().into_iter().flatten() {
                let mut values: Vec<Option<String>> =
                    values(&event.document, field.as_str()?).into_iter().map(Some).collect();
                if values.is_empty() && optional {
                    values.push(None);
                }
                own = own
                    .iter()
                    .flat_map(|group| {
                        values.iter().map(|v| group.iter().chain([v]).cloned().collect())
                    })
                    .collect();
            }
            let counted: Vec<Option<String>> = match query["aggregation"].as_str() {
                Some("cardinality") => {
                    let field = query["distinctFields"][0].as_str()?;
                    values(&event.document, field).into_iter().map(Some).collect()
                }
                _ => vec![None],
            };
            for group in own {
                let entry = groups.entry(group.clone()).or_default();
                let of_value = |v: &Option<String>| (event.time, at, event.line, v.clone());
                entry.history.extend(counted.iter().map(of_value));
                if !counted.is_empty() {
                    touched.insert(group);
                }
            }
        }
        let mut new: Vec<Signal> = Vec::new();
        for group in touched {
            let Group { history, open } = groups.get_mut(&group)?;
            let counts = |query: usize| {
                let inside = history.iter().filter(|(time, at, line, _)| {
                    let in_window = match window {
                        0 => *line == event.line,
                        _ => event.time.since(*time) <= window,
                    };
                    *at == query && in_window
                });
                match queries[query]["aggregation"].as_str() {
                    Some("cardinality") => inside.map(|one| &one.3).collect::<BTreeSet<_>>().len(),
                    _ => inside.count(),
                }
            };
            let by_name =
                |wanted: &str| (0..queries.len()).find(|at| name(*at) == wanted).map_or(0, &counts);
            let cases = payload["cases"].as_array()?;
            let holds = |case: &Value| {
                let stages = parse_case(case["condition"].as_str().unwrap_or_default()).ok()?;
                let [condition] = stages.as_slice() else { return None };
                Some(met(condition, &by_name))
            };
            let holding: Option<Vec<bool>> = cases.iter().map(holds).collect();
            let Some(case) = holding?.iter().position(|holds| *holds) else { continue };
            let status = cases[case]["status"].as_str()?;
            let rank =
                ["info", "low", "medium", "high", "critical"].iter().position(|s| *s == status)?;
            let level = if status == "info" { "informational" } else { status }.to_owned();
            match open {
                Some((since, last, highest))
                    if event.time.since(*last) <= keep
                        && event.time.since(*since) <= max
                        && keep > 0
                        && max > 0 =>
                {
                    *last = event.time;
                    if rank > *highest {
                        *highest = rank;
                        new.push((event.line, level, true));
                    }
                }
                _ => {
                    *open = Some((event.time, event.time, rank));
                    new.push((event.line, level, false));
                }
            }
        }
        signals.extend(new);
    }
    Some(signals)
}

fn met(condition: &CaseCondition, count: &dyn Fn(&str) -> usize) -> bool {
    match condition {
        CaseCondition::Compare { name, order, number } => {
            order.holds(Number::new(count(name) as f64).expect("finite").cmp(number))
        }
        CaseCondition::Not(inner) => !met(inner, count),
        CaseCondition::All(all) => all.iter().all(|one| met(one, count)),
        CaseCondition::Any(any) => any.iter().any(|one| met(one, count)),
    }
}

/// The distinct scalars of a facet of a log.
fn values(document: &Value, facet: &str) -> BTreeSet<String> {
    let path =
        facet.strip_prefix('@').map_or(facet.to_owned(), |name| format!("attributes.{name}"));
    let mut here = vec![document];
    for key in path.split('.') {
        here = here.into_iter().flat_map(flat).filter_map(|value| value.get(key)).collect();
    }
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    here.into_iter().flat_map(flat).filter_map(text).collect()
}

fn flat(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        other => vec![other],
    }
}

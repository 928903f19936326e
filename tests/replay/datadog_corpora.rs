//! Datadog's own rules over recorded events: how many are followed, why the others are not, and that
//! their signals are those which a plain reading of the payloads gives, from independent verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use crosswalk::event::inputs;
use crosswalk::import::import;
use crosswalk::language::datadog::{CaseCondition, parse_case};
use crosswalk::query::Number;
use crosswalk::replay::{Form, Happening, LeftOut, Moment, Options, Program, Run};
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;
use serde_json::Value;

use super::common::{corpus, files, rows, text};

/// The payloads below a folder, by path.
fn payloads(root: &PathBuf) -> BTreeMap<String, Value> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("readable");
        (path.display().to_string(), serde_json::from_str(&text).expect("JSON"))
    };
    files(root, "json").into_iter().map(read).collect()
}

/// All payloads as canonical rules; a rule's file has the path of its payload.
fn imported(payloads: &BTreeMap<String, Value>) -> RuleSet {
    let canonical = |(path, payload): (&String, &Value)| {
        let source = SourceFile::new(path.as_str(), payload.to_string());
        let rules = import(&source, None).rules;
        let [rule] = rules.as_slice() else { panic!("{path}: {} rules", rules.len()) };
        SourceFile::new(path.as_str(), rule.text.as_str())
    };
    let sources: Vec<Arc<SourceFile>> = payloads.iter().map(canonical).collect();
    RuleSet::parse(&sources).0
}

fn options(all_rules: bool) -> Options {
    Options { form: Form::Datadog, all_rules, ..Options::default() }
}

/// Why rules of Datadog's are not followed: what they are about is not in the logs.
const REASONS: &[&str] = &[
    "the detection method `anomaly_detection`",
    "the detection method `impossible_travel`",
    "the detection method `third_party`",
    "reads no logs",
    "reads `",
    "runs on a schedule",
    "reference tables",
    "groups of different sizes",
];

#[test]
fn public_rules_are_followed_or_left_out_for_a_reason() {
    let Some(root) = corpus("datadog", "Datadog's rules over time") else { return };
    let payloads = payloads(&root);
    let program = Program::new(&imported(&payloads), options(true));
    let logs = |payload: &Value| payload["type"].as_str().is_none_or(|t| t == "log_detection");
    let all = payloads.values().filter(|payload| logs(payload)).count();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (rule, why) in &program.left_out {
        let LeftOut::Refused(why) = why else { panic!("{}: no log source", rule.file) };
        *reasons.entry(why.clone()).or_default() += 1;
        if !REASONS.iter().any(|reason| why.contains(reason)) {
            unexplained.push(format!("{}: {why}", rule.file));
        }
    }
    let followed = program.rules.len();
    eprintln!("{followed} of {} rules ({all} over logs) are followed; left out:", payloads.len());
    reasons.iter().for_each(|(why, number)| eprintln!("  {number:>4} {why}"));
    assert_eq!(unexplained, [""; 0]);
    assert_eq!(followed + program.left_out.len(), payloads.len());
    assert!(followed * 10 >= all * 8, "{followed} of {all}");
}

/// One event as a query sees it.
struct Seen {
    time: Moment,
    line: u64,
    document: Value,
}

/// A signal: line of the event, level, and whether it was open before.
type Signal = (u64, String, bool);

#[test]
fn signals_are_those_of_a_plain_reading() {
    let Some(root) = corpus("datadog", "Datadog's signals over recorded events") else { return };
    let Some(trail) = corpus("cloudtrail", "Datadog's signals over recorded events") else {
        return;
    };
    let documents: BTreeMap<String, Value> = rows(&trail.join("datadog_docs.jsonl"))
        .into_iter()
        .map(|row| (text(&row, "id").to_owned(), row))
        .collect();
    let events = rows(&trail.join("events.jsonl"));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.ndjson");
    let lines: String = events.iter().map(|row| format!("{}\n", row["event"])).collect();
    std::fs::write(&log, lines).expect("written");
    let mut seen: Vec<(String, Seen)> = Vec::new();
    for (line, row) in (1..).zip(&events) {
        let Some(time) = row["event"]["eventTime"].as_str().and_then(Moment::parse) else {
            continue;
        };
        let id = text(row, "id");
        seen.push((id.to_owned(), Seen { time, line, document: documents[id].clone() }));
    }
    seen.sort_by_key(|(_, seen)| seen.time);
    let verdicts: BTreeMap<String, BTreeSet<String>> = rows(&trail.join("verdicts/datadog.jsonl"))
        .into_iter()
        .filter(|row| row["matches"].is_array())
        .map(|row| {
            let ids = row["matches"].as_array().into_iter().flatten().filter_map(Value::as_str);
            (text(&row, "query").to_owned(), ids.map(str::to_owned).collect())
        })
        .collect();

    let payloads = payloads(&root);
    let program = Program::new(&imported(&payloads), options(false));
    let mut found: BTreeMap<&str, Vec<Signal>> = BTreeMap::new();
    Run::default().over(&program, &inputs(&[log]).0, &mut |happening| {
        if let Happening::Found(one) = happening {
            let rule = &program.rules[one.rule as usize];
            let signal = one.over_time.as_ref().and_then(|over| over.signal.as_ref());
            let was_open =
                signal.is_some_and(|s| s.signal == crosswalk::replay::SignalChange::Raised);
            let level = one.level(rule).expect("a level").word().to_owned();
            let line = one.event.place.line.unwrap_or_default();
            found.entry(rule.file.as_str()).or_default().push((line, level, was_open));
        }
        ControlFlow::Continue(())
    });

    let (mut compared, mut signals) = (0, 0);
    for rule in &program.rules {
        let payload = &payloads[&rule.file];
        let Some(expected) = plainly(payload, &seen, &verdicts) else { continue };
        let own = found.remove(rule.file.as_str()).unwrap_or_default();
        assert_eq!(own, expected, "{}", rule.file);
        compared += 1;
        signals += expected.len();
    }
    eprintln!("{signals} signals of {compared} rules are those of a plain reading");
    assert!(compared > 60 && signals > 40, "{compared} rules, {signals} signals");
}

/// The signals of a payload that counts: every count is taken anew from all events. `None` if some
/// query has no verdict, or the rule does not count.
fn plainly(
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
    // What each group has so far: time, query, event, value.
    type Counted = (Moment, usize, u64, Option<String>);
    let mut groups: BTreeMap<Vec<Option<String>>, (Vec<Counted>, Option<(Moment, Moment, usize)>)> =
        BTreeMap::new();
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
                entry.0.extend(counted.iter().map(|v| (event.time, at, event.line, v.clone())));
                if !counted.is_empty() {
                    touched.insert(group);
                }
            }
        }
        let mut new: Vec<Signal> = Vec::new();
        for group in touched {
            let (history, open) = groups.get_mut(&group)?;
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

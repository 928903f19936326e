//! Rules as Datadog gets them: cases over counts, signals that stay open, new values, sequences.

mod cases;
mod corpora;
mod form;
mod learning;
mod plain;
mod random;
mod shapes;
mod sifted;
mod steps;

use crosswalk::replay::{Form, Options, Program};
use serde_json::{Value, json};

use super::{Replayed, record, rule, rules};

/// A rule that stands only in Datadog's words.
fn native(body: &Value) -> String {
    rule("r", &format!("level: low\ndatadog:\n  patch: {body}"))
}

/// A body with queries by name and event name, grouped by who did it.
fn body(queries: &[(&str, &str)], cases: Value, options: Value) -> Value {
    let query = |(name, event): &(&str, &str)| {
        json!({
            "name": name, "query": format!("source:cloudtrail @evt.name:{event}"),
            "aggregation": "count", "groupByFields": ["@userIdentity.arn"], "distinctFields": [],
        })
    };
    let queries: Vec<Value> = queries.iter().map(query).collect();
    let mut all = json!({
        "detectionMethod": "threshold", "evaluationWindow": 600, "keepAlive": 3600,
        "maxSignalDuration": 21_600,
    });
    all.as_object_mut()
        .expect("an object")
        .extend(options.as_object().cloned().unwrap_or_default());
    json!({
        "name": "r", "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "queries": queries, "cases": cases, "options": all,
    })
}

fn case(name: &str, condition: &str, status: &str) -> Value {
    json!({"name": name, "condition": condition, "status": status, "notifications": []})
}

/// A record of a minute with who did it and further fields.
fn at(minute: u32, event: &str, who: &str, more: Value) -> (u32, String, Value) {
    let mut fields = json!({"userIdentity": {"type": "IAMUser", "arn": who}});
    fields
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    (minute, event.to_owned(), fields)
}

fn by(minute: u32, event: &str, who: &str) -> (u32, String, Value) {
    at(minute, event, who, json!({}))
}

fn program(texts: &[&str], form: Form) -> Program {
    Program::new(&rules(texts), Options { form, ..Options::default() })
}

/// What signals a program raises over records with their numbers as ids: id and what is said of it.
/// The order of the log makes no difference.
fn signals(program: &Program, records: &[(u32, String, Value)]) -> Vec<(String, Value)> {
    assert!(program.left_out.is_empty(), "{:?}", program.left_out);
    let numbered = records.iter().enumerate();
    let records: Vec<Value> = numbered
        .map(|(n, (minute, name, more))| record(&n.to_string(), *minute, name, more.clone()))
        .collect();
    let run = |records: &[&Value]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.ndjson");
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        std::fs::write(&path, lines).expect("written");
        let replayed = Replayed::of(program, &[path]);
        assert!(replayed.faults.is_empty(), "{:?}", replayed.faults);
        replayed.found.into_iter().map(|(_, id, over)| (id, over)).collect::<Vec<_>>()
    };
    let forwards = run(&records.iter().collect::<Vec<_>>());
    assert_eq!(forwards, run(&records.iter().rev().collect::<Vec<_>>()), "in reverse");
    forwards
}

fn ids(found: &[(String, Value)]) -> Vec<&str> {
    found.iter().map(|(id, _)| id.as_str()).collect()
}

/// Id, case, level and what became of the signal.
fn told(found: &[(String, Value)]) -> Vec<(&str, &str, &str, &str)> {
    let text = |value: &'_ Value, key: &str| -> &'static str {
        value[key].as_str().unwrap_or_default().to_owned().leak()
    };
    found
        .iter()
        .map(|(id, over)| {
            (id.as_str(), text(over, "case"), text(over, "level"), text(over, "signal"))
        })
        .collect()
}

fn raised(body: &Value, records: &[(u32, String, Value)]) -> Vec<(String, Value)> {
    signals(&program(&[&native(body)], Form::Canonical), records)
}

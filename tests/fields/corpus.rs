//! The recorded events in the three views.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use crosswalk::fields::View;
use crosswalk::query::{FieldPath, Found, text_of};
use serde_json::Value;

/// ECS fields that the corpus does not produce although recent pipelines do, as its README says.
pub(super) const NOT_PRODUCED: [&str; 1] = ["aws.cloudtrail.session_credential_from_console"];

/// One event in every view.
pub(super) struct Event {
    /// Name in the corpus.
    pub(super) id: String,
    /// The record.
    pub(super) raw: Value,
    /// The ECS document.
    pub(super) ecs: Value,
    /// The Datadog log.
    pub(super) datadog: Value,
}

impl Event {
    /// The event as one view has it.
    pub(super) fn seen(&self, view: View) -> &Value {
        match view {
            View::Raw => &self.raw,
            View::Ecs => &self.ecs,
            View::Datadog => &self.datadog,
        }
    }
}

/// All events; `None` (said on standard error) if no corpus is at hand.
pub(super) fn events(what: &str) -> Option<&'static [Event]> {
    static EVENTS: OnceLock<Option<Vec<Event>>> = OnceLock::new();
    let events = EVENTS.get_or_init(|| {
        let folder = folder()?;
        let read = |name: &str| -> Vec<Value> {
            let text = std::fs::read_to_string(folder.join(name)).expect("the corpus is readable");
            text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
        };
        let raw = read("events.jsonl");
        let (ecs, datadog) = (read("ecs_docs.jsonl"), read("datadog_docs.jsonl"));
        let rows = raw.into_iter().zip(ecs).zip(datadog);
        Some(rows.map(|((raw, ecs), datadog)| joined(raw, ecs, datadog)).collect())
    });
    if events.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set ({what})");
    }
    events.as_deref()
}

/// Which events the published rules match, by independent judges.
pub(super) fn seed_truth() -> Value {
    let path = folder().expect("events were read").join("seed_truth.json");
    let text = std::fs::read_to_string(path).expect("the corpus is readable");
    serde_json::from_str(&text).expect("the file is JSON")
}

/// A file of the corpus.
pub(super) fn file(name: &str) -> Option<PathBuf> {
    let folder = folder();
    if folder.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set ({name})");
    }
    Some(folder?.join(name))
}

fn folder() -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("CROSSWALK_CORPORA")?).join("cloudtrail"))
}

fn joined(mut raw: Value, mut ecs: Value, datadog: Value) -> Event {
    let id = raw["id"].as_str().expect("an event has an id").to_owned();
    assert!(ecs["id"] == *id && datadog["id"] == *id, "the files list the same events");
    Event { id, raw: raw["event"].take(), ecs: ecs["ecs"].take(), datadog }
}

/// Everything that a path denotes: texts of scalars, and `None` for nulls and composites.
pub(super) fn found(event: &Value, path: &FieldPath) -> BTreeSet<Option<String>> {
    let mut found = BTreeSet::new();
    path.any(event, &mut |value| {
        found.insert(match value {
            Found::Scalar(scalar) => text_of(scalar).map(|text| text.into_owned()),
            Found::Null | Found::Composite => None,
        });
        false
    });
    found
}

/// The texts that a path denotes, without empty ones.
pub(super) fn texts(event: &Value, path: &FieldPath) -> BTreeSet<String> {
    found(event, path).into_iter().flatten().filter(|text| !text.is_empty()).collect()
}

/// The dotted paths of all scalars below a node.
pub(super) fn leaves(node: &Value, path: &str, into: &mut BTreeSet<String>) {
    match node {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            leaves(value, &path, into);
        }),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, path, into)),
        _ => {
            into.insert(path.to_owned());
        }
    }
}

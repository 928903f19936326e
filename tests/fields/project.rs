//! What the platforms make of recorded events, against the documents of the corpus.

use crosswalk::fields::View;
use serde_json::{Map, Value};

use super::build::cloudtrail;
use super::corpus::events;

/// Where two values differ, as `path: ours, theirs`.
pub(super) fn differences(ours: &Value, theirs: &Value, path: &str, into: &mut Vec<String>) {
    let empty = Map::new();
    match (ours, theirs) {
        (Value::Object(_), Value::Object(_)) => {
            let members = |value: &Value| value.as_object().unwrap_or(&empty).clone();
            let (own, other) = (members(ours), members(theirs));
            for key in own.keys().chain(other.keys().filter(|key| !own.contains_key(*key))) {
                let below = format!("{path}.{key}");
                let at =
                    |members: &Map<String, Value>| members.get(key).cloned().unwrap_or_default();
                differences(&at(&own), &at(&other), &below, into);
            }
        }
        _ if ours == theirs => {}
        _ => into.push(format!("{path}: {ours} instead of {theirs}")),
    }
}

/// What is left out of both sides of a pair: the fields that no table can give, and those that the
/// pair's own list says were left out of it.
const NOT_COMPARED: [&str; 8] = [
    "data_stream",
    "tags",
    "user_agent.name",
    "user_agent.version",
    "user_agent.device",
    "event.original",
    "event.created",
    "event.ingested",
];

/// Fields in which the fixtures of other versions of the pipeline differ from the version that the
/// table describes.
const OTHER_VERSIONS: [&str; 10] = [
    ".ecs.version",
    ".event.category",
    ".event.type",
    ".related",
    ".user.email",
    ".aws.cloudtrail.request_id",
    ".cloud.provider",
    ".cloud.service",
    ".cloud.account",
    ".service",
];

fn remove(document: &mut Value, path: &str) {
    let Some(members) = document.as_object_mut() else { return };
    match path.split_once('.') {
        None => drop(members.remove(path)),
        Some((step, rest)) => members.get_mut(step).into_iter().for_each(|v| remove(v, rest)),
    }
}

#[test]
fn elastics_own_fixtures_are_made_up_to_their_versions() {
    let Some(path) = super::corpus::file("ecs_pairs.jsonl") else { return };
    let text = std::fs::read_to_string(path).expect("readable");
    let (mut pairs, mut skewed) = (0, Vec::new());
    for line in text.lines() {
        let mut pair: Value = serde_json::from_str(line).expect("JSON");
        let mut made = cloudtrail().project(&pair["raw"], View::Ecs);
        // What the mapping, not the pipeline, gives.
        let omitted = pair["omitted_from_expected"].as_array().expect("a list").clone();
        let omitted = omitted.iter().filter_map(Value::as_str);
        let mapped = ["event.dataset", "event.module"];
        for path in omitted.chain(NOT_COMPARED).chain(mapped) {
            remove(&mut made, path);
            remove(&mut pair["expected"], path);
        }
        let mut differ = Vec::new();
        differences(&made, &pair["expected"], "", &mut differ);
        let (known, unknown): (Vec<_>, Vec<_>) = differ
            .into_iter()
            .partition(|d| OTHER_VERSIONS.iter().any(|field| d.starts_with(field)));
        assert!(unknown.is_empty(), "{}: {unknown:#?}", pair["source"]);
        skewed.extend(known);
        pairs += 1;
    }
    eprintln!("{pairs} pairs, {} differences of version: {skewed:#?}", skewed.len());
    assert_eq!(pairs, 7);
    for field in OTHER_VERSIONS {
        assert!(skewed.iter().any(|d| d.starts_with(field)), "no fixture differs in {field}");
    }
}

/// The document with large fractions in texts as JSON has them. The documents of the corpus were
/// not written in Java, which writes 1688992107.857 as 1.688992107857E9.
fn plain_fractions(document: &Value) -> Value {
    let fraction = regex::Regex::new(r"=(\d\.\d+E\d+)").expect("an expression");
    let plain =
        |found: &regex::Captures<'_>| format!("={}", found[1].parse::<f64>().expect("a number"));
    match document {
        Value::String(text) => fraction.replace_all(text, plain).into(),
        Value::Array(items) => items.iter().map(plain_fractions).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), plain_fractions(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn every_document_of_the_corpus_is_made_as_a_whole() {
    let Some(events) = events("projections against the documents of the corpus") else { return };
    let (mut wrong, mut fractions) = (Vec::new(), 0);
    for event in events {
        let mut log = event.datadog.clone();
        log.as_object_mut().expect("an object").remove("id");
        for (view, expected) in [(View::Ecs, &event.ecs), (View::Datadog, &log)] {
            let made = cloudtrail().project(&event.raw, view);
            let mut differ = Vec::new();
            differences(&made, expected, "", &mut differ);
            if view == View::Ecs && !differ.is_empty() && plain_fractions(&made) == *expected {
                fractions += 1;
            } else {
                wrong.extend(differ.into_iter().map(|d| format!("{} {view} {d}", event.id)));
            }
        }
    }
    eprintln!(
        "{} events in two views, {fractions} of them up to the form of fractions",
        events.len()
    );
    assert!(wrong.is_empty(), "{:#?}", wrong.iter().take(20).collect::<Vec<_>>());
}

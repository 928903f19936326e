//! What a foreign rule says is in the body that its canonical rule builds to.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::rule::attack::active_technique;
use serde_json::{Map, Value};

use super::round::{Round, rounds};

/// Texts without blanks around them; without what says nothing (nulls, empty lists and texts).
fn plain(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.trim()).filter(|t| !t.is_empty()).map(Value::from),
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(plain).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(map) => {
            let members = map.iter().filter_map(|(key, value)| Some((key.clone(), plain(value)?)));
            let map: Map<String, Value> = members.collect();
            (!map.is_empty()).then_some(Value::Object(map))
        }
        other => Some(other.clone()),
    }
}

/// Every place at which two values differ, as `- place`, `+ place` or `~ place`.
fn differences(at: &str, own: Option<&Value>, made: Option<&Value>, out: &mut Vec<String>) {
    match (own, made) {
        (Some(Value::Object(own)), Some(Value::Object(made))) => {
            let new = made.keys().filter(|key| !own.contains_key(*key));
            for key in own.keys().chain(new) {
                differences(&format!("{at}/{key}"), own.get(key), made.get(key), out);
            }
        }
        (Some(Value::Array(own)), Some(Value::Array(made))) if own.len() == made.len() => {
            for (own, made) in own.iter().zip(made) {
                differences(&format!("{at}/*"), Some(own), Some(made), out);
            }
        }
        (own, made) if own == made => {}
        (Some(_), None) => out.push(format!("- {at}")),
        (None, Some(_)) => out.push(format!("+ {at}")),
        _ => out.push(format!("~ {at}")),
    }
}

/// Differences that a rebuilt body may have, and why nothing is lost by them.
const ALLOWED: &[(&str, &str)] = &[
    ("+ /version", "Kibana counts from 1"),
    ("+ /rule_id", "a page shows none: it is derived from the name"),
    ("~ /query", "the target words the query; `meaning` holds that it finds the same"),
    ("+ /isEnabled", "a page does not say it"),
    ("+ /hasExtendedTitle", "likewise"),
    ("+ /cases/*/name", "a case without a name is named after its query, or after the rule"),
    ("+ /cases/*/notifications", "nobody is told"),
    ("~ /cases/*/condition", "it names the query, which is named after the case"),
    ("+ /queries/*/name", "likewise"),
    ("~ /queries/*/name", "likewise"),
    ("~ /queries/*/query", "the target words the query; `meaning` holds that it finds the same"),
    ("~ /queries", "several queries of one case are one query; `meaning` holds likewise"),
    ("+ /queries/*/dataSource", "`logs`, as by default"),
    ("- /queries/*/hasOptionalGroupByFields", "`false`, as by default"),
    ("- /queries/*/metric", "the older key; `metrics` says the same"),
    ("+ /options/decreaseCriticalityBasedOnEnv", "`false`, as by default"),
    ("+ /tags", "tags that the rule itself gives"),
];

/// The words of a text in one case: headings may be spelt in another way, blanks may go.
fn words(value: &Value) -> Vec<String> {
    let text = value.as_str().unwrap_or_default().replace('&', "and").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Removes texts that have the same words in both.
fn drop_same_words(own: &mut Value, made: &mut Value) {
    for key in ["message", "note", "setup", "description"] {
        if own[key].is_string() && words(&own[key]) == words(&made[key]) {
            own[key].take();
            made[key].take();
        }
    }
    let key = "false_positives";
    let list = |value: &Value| {
        let items = value[key].as_array().cloned().unwrap_or_default();
        items.iter().map(words).collect::<Vec<_>>()
    };
    if own[key].is_array() && list(own) == list(made) {
        own[key].take();
        made[key].take();
    }
}

/// The techniques of a `threat` list or of tags, as the shipped version of ATT&CK has them.
fn techniques(value: &Value, ids: &mut BTreeSet<&'static str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| techniques(item, ids)),
        Value::Object(map) => map.values().for_each(|item| techniques(item, ids)),
        Value::String(text) => {
            let id = text.strip_prefix("technique:").unwrap_or(text);
            let id = id.split('-').next().unwrap_or_default();
            ids.extend(active_technique(id).map(|technique| technique.id));
        }
        _ => {}
    }
}

/// Removes references to ATT&CK, after checking that no technique is missing.
fn drop_attack(name: &str, own: &mut Value, made: &mut Value) {
    for key in ["threat", "tags"] {
        let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
        techniques(&own[key], &mut before);
        techniques(&made[key], &mut after);
        let lost: Vec<_> = before.difference(&after).collect();
        assert!(lost.is_empty(), "{name}: {lost:?}");
    }
    let frameworks = own["threat"].as_array().into_iter().flatten();
    if frameworks.clone().all(|entry| entry["framework"] == "MITRE ATT&CK") {
        own["threat"].take();
        made["threat"].take();
    }
    let tags = |body: &Value| {
        let tags = body["tags"].as_array().cloned().unwrap_or_default();
        let tags = tags.iter().filter_map(Value::as_str).map(str::to_owned);
        tags.filter(|tag| !tag.starts_with("technique:") && !tag.starts_with("tactic:"))
            .collect::<BTreeSet<_>>()
    };
    if own["tags"].is_array() && tags(own).is_subset(&tags(made)) {
        own["tags"].take();
        made["tags"].take();
    }
}

#[test]
fn every_field_of_a_public_rule_is_built_again() {
    let Some(rounds) = rounds("the bodies of public rules") else { return };
    let mut seen: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for Round { name, kind, foreign, output, .. } in rounds {
        let (mut own, mut made) = (Value::Object(foreign.body.clone()), output.payload.clone());
        drop_same_words(&mut own, &mut made);
        drop_attack(name, &mut own, &mut made);
        let mut places = Vec::new();
        differences("", plain(&own).as_ref(), plain(&made).as_ref(), &mut places);
        places.sort();
        places.dedup();
        for place in places {
            seen.entry(format!("{} {place}", kind.name())).or_insert((0, name)).0 += 1;
        }
    }
    println!("{} bodies; differences: {seen:#?}", rounds.len());
    let allowed = |place: &str| ALLOWED.iter().any(|(known, _)| place.ends_with(known));
    seen.retain(|place, _| !allowed(place));
    assert!(seen.is_empty(), "{seen:#?}");
}

//! What a foreign rule says is in the body that its canonical rule builds to.

use std::collections::BTreeMap;

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

#[test]
fn every_field_of_a_public_rule_is_built_again() {
    let Some(rounds) = rounds("the bodies of public rules") else { return };
    let mut seen: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    for Round { name, kind, foreign, output, .. } in rounds {
        let mut places = Vec::new();
        let own = plain(&Value::Object(foreign.body.clone()));
        differences("", own.as_ref(), plain(&output.payload).as_ref(), &mut places);
        places.sort();
        places.dedup();
        for place in places {
            seen.entry(format!("{} {place}", kind.name())).or_insert((0, name)).0 += 1;
        }
    }
    println!("{seen:#?}");
}

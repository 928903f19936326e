//! Every public rule reads without a finding, and nothing of it gets lost.

use std::collections::BTreeMap;

use crosswalk::import::{Foreign, datadog};
use serde_json::Value;

use super::common::{corpus, files};
use super::only;

/// The scalars of a value, counted; booleans as the numbers that state files have for them.
fn leaves(value: &Value, counts: &mut BTreeMap<String, isize>, by: isize) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| leaves(item, counts, by)),
        Value::Object(map) => map.values().for_each(|item| leaves(item, counts, by)),
        Value::Bool(value) => *counts.entry(u8::from(*value).to_string()).or_default() += by,
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        scalar => *counts.entry(scalar.to_string()).or_default() += by,
    }
}

/// What the source has and the rule has not, fields that are dropped on purpose apart.
fn lost(source: &Value, rule: &Foreign) -> Vec<String> {
    let mut counts = BTreeMap::new();
    let members = source.as_object().expect("an object");
    for (key, value) in members {
        let moved = match key.as_str() {
            "createdAt" => rule.beside.date.is_some(),
            "updatedAt" => rule.beside.modified.is_some(),
            "defaultTags" => {
                let tags = rule.body["tags"].as_array().expect("tags");
                value.as_array().expect("tags").iter().all(|tag| tags.contains(tag))
            }
            "defaultRuleId" => value.as_str() == rule.beside.default_id.as_deref(),
            "isBeta" | "isDeprecated" => {
                value.as_bool() == Some(rule.beside.maturity.is_some()) || value == false
            }
            key => datadog::is_dropped(key),
        };
        if !moved {
            leaves(value, &mut counts, 1);
        }
    }
    leaves(&Value::Object(rule.body.clone()), &mut counts, -1);
    leaves(&Value::Object(rule.beside.other.clone()), &mut counts, -1);
    // `false` that says nothing is left out beside the body.
    counts.remove("0");
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(leaf, _)| leaf).collect()
}

#[test]
fn nothing_of_a_public_rule_gets_lost() {
    let Some(root) = corpus("datadog", "Datadog's rules") else { return };
    let (mut rules, mut placed) = (0, 0);
    for path in files(&root, "json") {
        let text = std::fs::read_to_string(&path).expect("readable");
        let source: Value = serde_json::from_str(&text).expect("JSON");
        let rule = only(&text);
        let lost = lost(&source, &rule);
        assert!(lost.is_empty(), "{}: {lost:#?}", path.display());
        assert!(rule.beside.default_id.is_some(), "{}", path.display());
        rules += 1;
        placed += usize::from(rule.query_start.is_some());
    }
    println!("{rules} rules, {placed} with the place of their query");
    assert!(rules > 300);
}

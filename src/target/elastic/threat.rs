//! ATT&CK tags as Kibana's `threat` list.

use serde_json::{Value as Json, json};

use crate::rule::Header;
use crate::rule::attack::{Tactic, Technique, tactic, tactics, technique};

/// One entry per tactic in the order of the matrix, with the rule's techniques that belong to it.
/// Every tag finds a place: a technique of which the rule names no tactic comes under the first
/// one that ATT&CK gives it. (pySigma pairs tactics and techniques by position and loses tags.)
pub fn threat(header: &Header) -> Vec<Json> {
    let tags: Vec<&str> = header.tags_of("attack").collect();
    let techniques: Vec<&Technique> = tags.iter().filter_map(|tag| technique(tag)).collect();
    let mut named: Vec<&Tactic> = tags.iter().filter_map(|tag| tactic(tag)).collect();
    for technique in &techniques {
        let placed = named.iter().any(|tactic| technique.tactics.contains(&tactic.short_name));
        if !placed {
            named.extend(technique.tactics.first().and_then(|name| tactic(name)));
        }
    }
    tactics()
        .iter()
        .filter(|tactic| named.contains(tactic))
        .map(|tactic| {
            let mine =
                techniques.iter().copied().filter(|t| t.tactics.contains(&tactic.short_name));
            entry(tactic, &mine.collect::<Vec<_>>())
        })
        .collect()
}

fn entry(tactic: &Tactic, techniques: &[&Technique]) -> Json {
    let mut parents: Vec<&Technique> = Vec::new();
    for one in techniques {
        let parent = one.parent.and_then(technique).unwrap_or(one);
        if !parents.iter().any(|known| known.id == parent.id) {
            parents.push(parent);
        }
    }
    let nested: Vec<Json> = parents
        .into_iter()
        .map(|parent| {
            let mut object = reference(parent.id, parent.name, &parent.url());
            let subs: Vec<Json> = techniques
                .iter()
                .filter(|one| one.parent == Some(parent.id))
                .map(|sub| reference(sub.id, sub.name, &sub.url()))
                .collect();
            if !subs.is_empty() {
                object["subtechnique"] = Json::Array(subs);
            }
            object
        })
        .collect();
    let mut entry = json!({
        "framework": "MITRE ATT&CK",
        "tactic": reference(tactic.id, tactic.name, &tactic.url()),
    });
    if !nested.is_empty() {
        entry["technique"] = Json::Array(nested);
    }
    entry
}

fn reference(id: &str, name: &str, url: &str) -> Json {
    json!({"id": id, "name": name, "reference": url})
}

//! ATT&CK references of the platforms as Sigma tags.

use serde_json::Value as Json;

use crate::rule::attack;

/// The tags of Kibana's `threat` list, in its order; `None` if it holds something that no tag can
/// say (another framework, an id that ATT&CK never had).
pub(super) fn tags(threat: &Json) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    for entry in threat.as_array()? {
        if entry["framework"] != "MITRE ATT&CK" {
            return None;
        }
        push(&mut tags, tactic(&entry["tactic"])?);
        for technique in list(&entry["technique"]) {
            push(&mut tags, self::technique(technique)?);
            for sub in list(&technique["subtechnique"]) {
                push(&mut tags, self::technique(sub)?);
            }
        }
    }
    Some(tags)
}

fn push(tags: &mut Vec<String>, name: String) {
    let tag = format!("attack.{name}");
    if !tags.contains(&tag) {
        tags.push(tag);
    }
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A tactic by its name and id: v19 split "Defense Evasion", and one of the halves kept the id.
fn tactic(reference: &Json) -> Option<String> {
    let (id, name) = (reference["id"].as_str()?, reference["name"].as_str().unwrap_or_default());
    tactic_name(id, name)
}

/// The word behind `attack.` for a tactic.
pub(super) fn tactic_name(id: &str, name: &str) -> Option<String> {
    let slug = name.to_lowercase().replace([' ', '_'], "-");
    if slug == "defense-evasion" {
        return Some(slug);
    }
    attack::tactic(id).map(|tactic| tactic.short_name.to_owned())
}

fn technique(reference: &Json) -> Option<String> {
    technique_name(reference["id"].as_str()?)
}

/// The word behind `attack.` for a technique.
pub(super) fn technique_name(id: &str) -> Option<String> {
    attack::technique(id).map(|technique| technique.id.to_lowercase())
}

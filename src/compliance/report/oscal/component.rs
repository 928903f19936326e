//! The component definition: one component for each rule, with the controls that it covers.

use serde_json::{Map, Value, json};

use super::{NAMESPACE, Stamp, catalog, component, id, metadata, prop, token, words};
use crate::compliance::{Audit, PlaceAudit, RuleRelation, SetRelation, VersionAudit};

/// The rules as components. A rule that covers nothing is a component without controls.
pub fn component_definition(audit: &Audit, stamp: &Stamp) -> Value {
    let components: Vec<Value> =
        (0..audit.rules.len()).filter_map(|rule| of_rule(audit, rule)).collect();
    let mut definition = Map::new();
    definition.insert(
        "uuid".to_owned(),
        json!(id(&["component-definition", &audit.framework, &stamp.0])),
    );
    let title = format!("Detection rules and {}", audit.title);
    definition.insert("metadata".to_owned(), metadata(&title, stamp));
    if !components.is_empty() {
        definition.insert("components".to_owned(), Value::Array(components));
    }
    json!({"component-definition": definition})
}

fn of_rule(audit: &Audit, rule: usize) -> Option<Value> {
    let row = audit.rules.get(rule)?;
    let implementations: Vec<Value> =
        audit.versions.iter().filter_map(|version| implementation(audit, version, rule)).collect();
    let digests = row.digests.iter();
    let props = digests.map(|(place, digest)| {
        let mut prop = prop("meaning-sha256", digest);
        prop["class"] = json!(place.name());
        prop
    });
    let props = row.id.iter().map(|id| prop("rule-id", id)).chain(props);
    let props: Vec<Value> = props.chain([prop("file", &row.file)]).collect();
    let mut value = json!({
        "uuid": component(audit, rule),
        "type": "validation",
        "title": words(&row.title),
        "description": format!("The detection rule \"{}\"", words(&row.title)),
        "props": props,
    });
    if !implementations.is_empty() {
        value["control-implementations"] = Value::Array(implementations);
    }
    Some(value)
}

fn implementation(audit: &Audit, version: &VersionAudit, rule: usize) -> Option<Value> {
    let mut requirements = Vec::new();
    for control in &version.controls {
        let found: Vec<(&PlaceAudit, &RuleRelation)> = control
            .places
            .iter()
            .filter_map(|place| Some((place, place.relations.iter().find(|r| r.rule == rule)?)))
            .collect();
        if found.is_empty() {
            continue;
        }
        let mut props = Vec::new();
        for (place, relation) in &found {
            props.extend(facts(place, relation));
        }
        let cells: Vec<String> = found
            .iter()
            .map(|(place, r)| format!("{}: {} of {} parts", place.place.name(), r.covered, r.of))
            .collect();
        requirements.push(json!({
            "uuid": id(&["requirement", &component(audit, rule), &control.control.to_string()]),
            "control-id": token(&control.control),
            "description": format!("{}; covered in full: {}", control.title, cells.join(", ")),
            "props": props,
        }));
    }
    (!requirements.is_empty()).then(|| {
        json!({
            "uuid": id(&["implementation", &component(audit, rule), &version.version]),
            "source": catalog(&audit.framework, &version.version),
            "description": format!("{} {}", audit.title, version.version),
            "implemented-requirements": requirements,
        })
    })
}

fn facts(place: &PlaceAudit, relation: &RuleRelation) -> Vec<Value> {
    let missing: Vec<&str> = place
        .parts
        .iter()
        .filter(|part| {
            let own = part.rules.iter().find(|(rule, _)| *rule == relation.rule);
            !own.is_some_and(|(_, verdict)| verdict.is_covered())
        })
        .map(|part| part.name.as_str())
        .collect();
    let covered = relation.covered.to_string();
    let of = relation.of.to_string();
    let mut facts = vec![("required", of), ("covered", covered)];
    if relation.relation != SetRelation::Undecided {
        facts.push(("relation", relation.relation.name().to_owned()));
    }
    facts.extend(missing.into_iter().map(|name| ("missing", name.to_owned())));
    let class = place.place.name();
    facts
        .into_iter()
        .map(|(name, value)| {
            let mut prop = prop(name, &value);
            prop["class"] = json!(class);
            debug_assert_eq!(prop["ns"], NAMESPACE);
            prop
        })
        .collect()
}

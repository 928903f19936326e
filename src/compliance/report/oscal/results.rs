//! The assessment results: an observation for each part, a finding for each control, and every
//! witness event in the back matter.

use serde_json::{Map, Value, json};

use super::{Stamp, component, id, metadata, prop, token, words};
use crate::compliance::{Audit, ControlAudit, Grade, PartAudit, PlaceAudit, VersionAudit};

/// What the audit saw, one result for each version.
pub fn assessment_results(audit: &Audit, stamp: &Stamp) -> Value {
    let plan = id(&["assessment-plan", &audit.framework]);
    let mut resources = vec![json!({
        "uuid": plan,
        "title": "Assessment plan",
        "description": "Each rule's query is decided against every part of what the control demands.",
    })];
    let results: Vec<Value> = audit
        .versions
        .iter()
        .filter(|version| !version.controls.is_empty())
        .map(|version| result(audit, version, stamp, &mut resources))
        .collect();
    json!({"assessment-results": {
        "uuid": id(&["assessment-results", &audit.framework, &stamp.0]),
        "metadata": metadata(&format!("Coverage of {}", audit.title), stamp),
        "import-ap": {"href": format!("#{plan}")},
        "results": results,
        "back-matter": {"resources": resources},
    }})
}

fn result(
    audit: &Audit,
    version: &VersionAudit,
    stamp: &Stamp,
    resources: &mut Vec<Value>,
) -> Value {
    let (mut observations, mut findings) = (Vec::new(), Vec::new());
    for control in &version.controls {
        for place in &control.places {
            let first = observations.len();
            for part in &place.parts {
                let seen = observation(audit, control, place, part, stamp, resources);
                observations.push(seen);
            }
            let related = observations.iter().skip(first);
            let related = related.map(|one| json!({"observation-uuid": one["uuid"]}));
            findings.push(finding(control, place, related.collect()));
        }
    }
    let controls = version.controls.iter();
    let controls = controls.map(|control| json!({"control-id": token(&control.control)}));
    let mut result = Map::new();
    let mut set = |key: &str, value: Value| result.insert(key.to_owned(), value);
    set("uuid", json!(id(&["result", &audit.framework, &version.version])));
    set("title", json!(format!("{} {}", audit.title, version.version)));
    set("description", json!("Every part of every demand, decided on what the rules match"));
    set("start", json!(stamp.0));
    set("end", json!(stamp.0));
    let controls: Value = controls.collect();
    set("reviewed-controls", json!({"control-selections": [{"include-controls": controls}]}));
    if !observations.is_empty() {
        set("observations", Value::Array(observations));
    }
    if !findings.is_empty() {
        set("findings", Value::Array(findings));
    }
    Value::Object(result)
}

fn observation(
    audit: &Audit,
    control: &ControlAudit,
    place: &PlaceAudit,
    part: &PartAudit,
    stamp: &Stamp,
    resources: &mut Vec<Value>,
) -> Value {
    let name = control.control.to_string();
    let key = [name.as_str(), place.place.name(), part.name.as_str()];
    let mut props = vec![
        prop("part", &part.name),
        prop("place", place.place.name()),
        prop("state", part.state.name()),
    ];
    props.extend(part.grade.map(|grade| prop("evidence", grade.name())));
    let method = match part.grade {
        Some(Grade::Tested | Grade::Seen) => json!(["EXAMINE", "TEST"]),
        _ => json!(["EXAMINE"]),
    };
    let mut seen = json!({
        "uuid": id(&[&["observation"], key.as_slice()].concat()),
        "title": format!("{} is {}", words(&part.name), part.state.name()),
        "description": format!("{} on {}", words(&part.name), place.place.name()),
        "props": props,
        "methods": method,
        "types": ["control-objective"],
        "collected": stamp.0,
    });
    let subjects: Vec<Value> = part
        .rules
        .iter()
        .map(|(rule, _)| json!({"subject-uuid": component(audit, *rule), "type": "component"}))
        .collect();
    if !subjects.is_empty() {
        seen["subjects"] = Value::Array(subjects);
    }
    if let Some(witness) = &part.witness {
        let resource = id(&[&["witness"], key.as_slice()].concat());
        let evidence = json!([{
            "href": format!("#{resource}"),
            "description": "A demanded event that no rule finds",
        }]);
        seen["relevant-evidence"] = evidence;
        resources.push(json!({
            "uuid": resource,
            "title": format!("Witness: {}", words(&part.name)),
            "remarks": witness.to_string(),
        }));
    }
    seen
}

fn finding(control: &ControlAudit, place: &PlaceAudit, related: Vec<Value>) -> Value {
    let satisfied = place.covered() == place.parts.len();
    let state = if satisfied { "satisfied" } else { "not-satisfied" };
    let reason = if satisfied { "pass" } else { "fail" };
    let name = control.control.to_string();
    let mut finding = json!({
        "uuid": id(&["finding", &name, place.place.name()]),
        "title": format!("{} on {}", name, place.place.name()),
        "description": format!("{}: {}", words(&control.title), place.fraction()),
        "props": [prop("place", place.place.name()), prop("coverage", &place.fraction())],
        "target": {
            "type": "objective-id",
            "target-id": token(&control.control),
            "status": {"state": state, "reason": reason},
        },
    });
    if !related.is_empty() {
        finding["related-observations"] = Value::Array(related);
    }
    finding
}

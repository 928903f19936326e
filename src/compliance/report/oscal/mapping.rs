//! Mapping collections: relations of sets that are computed, beside those that others state.

use serde_json::{Value, json};

use super::{Stamp, catalog, id, metadata, prop, token};
use crate::compliance::decide::Found;
use crate::compliance::detector::log_of;
use crate::compliance::ground::Ground;
use crate::compliance::{Audit, SetRelation};
use crate::fields::{Catalog, View};
use crate::query::Expr;
use crate::rule::ControlRef;
use crate::rule::controls::{Crosswalk, Framework, Subject};

/// How the rules' sets of events stand to those of the controls, as decided by the audit; `None` if
/// no rule has anything to do with any control, for OSCAL knows no empty collection.
pub fn mapping_collection(audit: &Audit, stamp: &Stamp) -> Option<Value> {
    let mut mappings = Vec::new();
    for version in &audit.versions {
        for place in &audit.places {
            let mut maps = Vec::new();
            for control in &version.controls {
                let Some(found) = control.place(*place) else { continue };
                let known = found.relations.iter().filter(|r| r.relation != SetRelation::Undecided);
                for relation in known {
                    let Some(rule) = audit.rules.get(relation.rule) else { continue };
                    let source = rule.id.as_deref().unwrap_or(&rule.file);
                    let control = &control.control;
                    maps.push(json!({
                        "uuid": id(&["map", source, place.name(), &control.to_string()]),
                        "relationship": relation.relation.name(),
                        "sources": [{"type": "statement", "id-ref": source}],
                        "targets": [{"type": "control", "id-ref": token(control)}],
                        "coverage": coverage(relation.covered, relation.of),
                    }));
                }
            }
            if !maps.is_empty() {
                let key = ["mapping", &audit.framework, &version.version, place.name()];
                mappings.push(json!({
                    "uuid": id(&key),
                    "source-resource": {
                        "type": "component-definition",
                        "href": format!("#{}", id(&["component-definition", &audit.framework, &stamp.0])),
                        "props": [prop("place", place.name())],
                    },
                    "target-resource": resource(&audit.framework, &version.version),
                    "maps": maps,
                }));
            }
        }
    }
    let title = format!("Detection rules mapped to {}", audit.title);
    let words = "Relations between the events that a rule finds and those that a control demands, \
                 decided on the expressions of both. `target-coverage` is the share of the control's \
                 parts that the rule covers in full.";
    let key = ["mapping-collection", audit.framework.as_str()];
    (!mappings.is_empty()).then(|| collection(&title, &key, words, "automation", mappings, stamp))
}

/// How the versions of a framework stand to one another, decided on their demands, and what others
/// say about other frameworks, entry by entry with its source.
pub fn framework_mapping(
    framework: &Framework,
    crosswalk: Option<&Crosswalk>,
    stamp: &Stamp,
) -> Value {
    let mut mappings = Vec::new();
    for (from, to) in framework.versions.iter().zip(framework.versions.iter().skip(1)) {
        let maps: Vec<Value> = framework
            .subjects
            .iter()
            .filter_map(|subject| between(framework, subject, from, to))
            .collect();
        if !maps.is_empty() {
            mappings.push(json!({
                "uuid": id(&["mapping", &framework.framework, from, to]),
                "method": "automation",
                "matching-rationale": "semantic",
                "source-resource": resource(&framework.framework, from),
                "target-resource": resource(&framework.framework, to),
                "maps": maps,
            }));
        }
    }
    if let (Some(crosswalk), Some(version)) = (crosswalk, framework.newest()) {
        mappings.extend(stated(framework, crosswalk, version));
    }
    let title = format!("Versions of {} and what others map them to", framework.title);
    let words = "Relations between versions are decided on what their controls demand. Relations to other \
                 frameworks are those that the named source states, without a reason of its own.";
    collection(
        &title,
        &["framework-mapping", &framework.framework],
        words,
        "hybrid",
        mappings,
        stamp,
    )
}

fn collection(
    title: &str,
    key: &[&str],
    words: &str,
    method: &str,
    mappings: Vec<Value>,
    stamp: &Stamp,
) -> Value {
    json!({"mapping-collection": {
        "uuid": id(&[key, &[stamp.0.as_str()]].concat()),
        "metadata": metadata(title, stamp),
        "provenance": {
            "method": method,
            "matching-rationale": "semantic",
            "status": "complete",
            "mapping-description": words,
        },
        "mappings": mappings,
    }})
}

fn resource(framework: &str, version: &str) -> Value {
    json!({"type": "catalog", "href": catalog(framework, version)})
}

fn coverage(covered: usize, of: usize) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "parts are few")]
    let share = if of == 0 { 0.0 } else { covered as f64 / of as f64 };
    // Three digits: more would be noise, and would differ between machines' divisions never.
    json!({"generation-method": "arbitrary", "target-coverage": (share * 1000.0).round() / 1000.0})
}

fn control(framework: &Framework, subject: &Subject, version: &str) -> Option<ControlRef> {
    let number = subject.control.get(version)?.number.clone();
    let framework = framework.framework.clone();
    Some(ControlRef { framework, version: version.to_owned(), number })
}

/// The relation of one subject's demands in two versions.
fn between(framework: &Framework, subject: &Subject, from: &str, to: &str) -> Option<Value> {
    let (old, new) = (framework.demand(subject, from)?, framework.demand(subject, to)?);
    let log = old.expects.log.to_string();
    let catalog = Catalog::all().find(|catalog| log_of(catalog) == log);
    let ground = Ground::new(catalog, View::Raw);
    let relation = relation(&ground, &old.intent, &new.intent)?;
    let (source, target) = (control(framework, subject, from)?, control(framework, subject, to)?);
    Some(json!({
        "uuid": id(&["map", &source.to_string(), &target.to_string()]),
        "relationship": relation.name(),
        "sources": [{"type": "control", "id-ref": token(&source)}],
        "targets": [{"type": "control", "id-ref": token(&target)}],
    }))
}

fn relation(ground: &Ground, a: &Expr, b: &Expr) -> Option<SetRelation> {
    if a == b {
        return Some(SetRelation::EqualTo);
    }
    Some(match (ground.overreach(a, b), ground.overreach(b, a)) {
        (Found::Undecided(_), _) | (_, Found::Undecided(_)) => return None,
        (Found::Never(_), Found::Never(_)) => SetRelation::EqualTo,
        (Found::Never(_), Found::Event(_)) => SetRelation::SubsetOf,
        (Found::Event(_), Found::Never(_)) => SetRelation::SupersetOf,
        (Found::Event(_), Found::Event(_)) => {
            match ground.example(&Expr::all([a.clone(), b.clone()])) {
                Some(_) => SetRelation::IntersectsWith,
                None => SetRelation::NoRelationship,
            }
        }
    })
}

/// What sources state, one mapping for each source and framework.
fn stated(framework: &Framework, crosswalk: &Crosswalk, version: &str) -> Vec<Value> {
    let mut mappings: Vec<Value> = Vec::new();
    for (by, source) in &crosswalk.sources {
        for (target, title) in &crosswalk.targets {
            let maps: Vec<Value> = crosswalk
                .entries
                .iter()
                .filter(|entry| entry.by == *by)
                .filter_map(|entry| {
                    let ids = entry.maps.get(target)?;
                    let subject = framework.subjects.iter().find(|s| s.slug == entry.subject)?;
                    let control = control(framework, subject, version)?;
                    let item = |id: &String| json!({"type": "control", "id-ref": id});
                    Some(json!({
                        "uuid": id(&["map", by, target, &entry.subject]),
                        "relationship": SetRelation::IntersectsWith.name(),
                        "sources": [{"type": "control", "id-ref": token(&control)}],
                        "targets": ids.iter().map(item).collect::<Value>(),
                        "remarks": "The source says that the two have to do with each other, and no more.",
                    }))
                })
                .collect();
            if maps.is_empty() {
                continue;
            }
            let said = format!("{} {}", source.name, source.revision);
            mappings.push(json!({
                "uuid": id(&["mapping", by, target, version]),
                "method": "human",
                "matching-rationale": "functional",
                "status": "not-complete",
                "source-resource": resource(&framework.framework, version),
                "target-resource": {
                    "type": "catalog",
                    "href": format!("https://crosswalk.invalid/catalogs/{target}.json"),
                    "props": [prop("title", title)],
                },
                "maps": maps,
                "props": [prop("said-by", &said)],
            }));
        }
    }
    mappings
}

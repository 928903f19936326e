//! For programs: everything that the audit knows, and a comparison with an earlier one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::compliance::Audit;

/// The version of the format.
pub const FORMAT: u32 = 1;

/// The audit as JSON; also what [`Baseline::read`] takes.
pub fn json(audit: &Audit) -> Json {
    json!({"format": FORMAT, "crosswalk": env!("CARGO_PKG_VERSION"), "audit": audit})
}

/// What an earlier audit covered.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// Control and place → the parts, with whether each was covered.
    parts: BTreeMap<(String, String), BTreeMap<String, bool>>,
}

#[derive(Deserialize)]
struct File {
    audit: OldAudit,
}

#[derive(Deserialize)]
struct OldAudit {
    versions: Vec<OldVersion>,
}

#[derive(Deserialize)]
struct OldVersion {
    controls: Vec<OldControl>,
}

#[derive(Deserialize)]
struct OldControl {
    control: String,
    places: Vec<OldPlace>,
}

#[derive(Deserialize)]
struct OldPlace {
    place: String,
    parts: Vec<OldPart>,
}

#[derive(Deserialize)]
struct OldPart {
    name: String,
    state: String,
}

impl Baseline {
    /// Reads what [`json`] wrote.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        let file: File = serde_json::from_str(text)?;
        let mut parts = BTreeMap::new();
        for control in file.audit.versions.into_iter().flat_map(|version| version.controls) {
            for place in control.places {
                let covered = |part: OldPart| {
                    let covered = matches!(part.state.as_str(), "covered" | "together");
                    (part.name, covered)
                };
                let names = place.parts.into_iter().map(covered).collect();
                parts.insert((control.control.clone(), place.place), names);
            }
        }
        Ok(Self { parts })
    }

    /// What an audit covers less: one line for each control and place.
    pub fn fallen(&self, audit: &Audit) -> Vec<String> {
        let mut fallen = Vec::new();
        for control in audit.versions.iter().flat_map(|version| &version.controls) {
            for place in &control.places {
                let name = place.place.name();
                let key = (control.control.to_string(), name.to_owned());
                let Some(old) = self.parts.get(&key) else { continue };
                let lost = place.parts.iter().filter(|part| {
                    !part.state.is_covered() && old.get(&part.name).copied().unwrap_or_default()
                });
                let lost: Vec<&str> = lost.map(|part| part.name.as_str()).collect();
                if !lost.is_empty() {
                    let before = old.values().filter(|covered| **covered).count();
                    fallen.push(format!(
                        "{} on {name} fell from {before}/{} to {}/{}: {} is no longer covered",
                        control.control,
                        old.len(),
                        place.covered(),
                        place.parts.len(),
                        lost.join(", ")
                    ));
                }
            }
        }
        fallen
    }
}

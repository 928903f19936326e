//! What an earlier audit covered, and what a later one covers less.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::json::FORMAT;
use crate::compliance::Audit;

/// Control → place → part → whether it was covered.
type Parts = BTreeMap<String, BTreeMap<String, BTreeMap<String, bool>>>;

/// What an earlier audit covered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    parts: Parts,
}

/// What was covered and is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fallen {
    /// `framework@version/number`.
    pub control: String,
    /// Where.
    pub place: String,
    /// The part.
    pub part: String,
    /// How many parts of the control were covered there, and of how many.
    pub before: (usize, usize),
    /// How many are now.
    pub now: (usize, usize),
    /// What it is now, such as `narrowed`.
    pub state: &'static str,
}

impl std::fmt::Display for Fallen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { control, place, part, before, now, state } = self;
        let state = state.replace('-', " ");
        write!(
            f,
            "{control} on {place}: {part} was covered and is {state} now ({}/{} before, {}/{} now)",
            before.0, before.1, now.0, now.1
        )
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Baseline { baseline: Parts },
    Audit { audit: OldAudit },
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
    /// What audits cover now.
    pub fn of(audits: &[Audit]) -> Self {
        let mut parts = Parts::new();
        for control in controls(audits) {
            let places = parts.entry(control.control.to_string()).or_default();
            for place in &control.places {
                let own =
                    place.parts.iter().map(|part| (part.name.clone(), part.state.is_covered()));
                places.insert(place.place.name().to_owned(), own.collect());
            }
        }
        Self { parts }
    }

    /// The baseline as a file, sorted, so that a change of it can be read in a review.
    pub fn json(&self) -> Json {
        json!({"format": FORMAT, "baseline": self.parts})
    }

    /// Reads what [`Self::json`] or the JSON report wrote.
    pub fn read(text: &str) -> Result<Self, String> {
        let value: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let format = value.get("format").and_then(Json::as_u64);
        if format != Some(u64::from(FORMAT)) {
            return Err(format!("this is no coverage of format {FORMAT}"));
        }
        let file = serde_json::from_value(value).map_err(|_| "this is no coverage".to_owned())?;
        let audit = match file {
            File::Baseline { baseline } => return Ok(Self { parts: baseline }),
            File::Audit { audit } => audit,
        };
        let mut parts = Parts::new();
        for control in audit.versions.into_iter().flat_map(|version| version.controls) {
            let places = parts.entry(control.control).or_default();
            for place in control.places {
                let covered = |part: OldPart| {
                    (part.name, matches!(part.state.as_str(), "covered" | "together"))
                };
                places.insert(place.place, place.parts.into_iter().map(covered).collect());
            }
        }
        Ok(Self { parts })
    }

    /// The parts that were covered and are no more.
    pub fn fallen(&self, audits: &[Audit]) -> Vec<Fallen> {
        let mut fallen = Vec::new();
        for control in controls(audits) {
            let name = control.control.to_string();
            for place in &control.places {
                let old = self.parts.get(&name).and_then(|places| places.get(place.place.name()));
                let Some(old) = old else { continue };
                let before = (old.values().filter(|covered| **covered).count(), old.len());
                for (part, _) in old.iter().filter(|(_, covered)| **covered) {
                    let now = place.parts.iter().find(|own| own.name == *part);
                    if now.is_some_and(|now| now.state.is_covered()) {
                        continue;
                    }
                    fallen.push(Fallen {
                        control: name.clone(),
                        place: place.place.name().to_owned(),
                        part: part.clone(),
                        before,
                        now: (place.covered(), place.parts.len()),
                        state: now.map_or("not demanded", |now| now.state.name()),
                    });
                }
            }
        }
        fallen
    }

    /// The number of controls and places of which something was covered.
    pub fn count(&self) -> usize {
        let places = self.parts.values().flat_map(BTreeMap::values);
        places.filter(|parts| parts.values().any(|covered| *covered)).count()
    }

    /// Controls and places of which something was covered then, and that are not audited now:
    /// `control on place`.
    pub fn unaudited(&self, audits: &[Audit]) -> Vec<String> {
        let is_there = |name: &str, place: &str| {
            controls(audits).any(|control| {
                control.control.to_string() == name
                    && control.places.iter().any(|own| own.place.name() == place)
            })
        };
        let pairs = self.parts.iter().flat_map(|(name, places)| {
            let covered = places.iter().filter(|(_, parts)| parts.values().any(|covered| *covered));
            covered.map(move |(place, _)| (name.as_str(), place.as_str()))
        });
        let lost = pairs.filter(|(name, place)| !is_there(name, place));
        lost.map(|(name, place)| format!("{name} on {place}")).collect()
    }
}

fn controls(audits: &[Audit]) -> impl Iterator<Item = &crate::compliance::ControlAudit> {
    audits.iter().flat_map(|audit| &audit.versions).flat_map(|version| &version.controls)
}

//! The result of an audit: everything that reports show, without references to what it was made
//! from.

use serde::Serialize;
use serde_json::Value as Json;

use crate::compliance::decide::{NarrowingKind, Verdict};
use crate::compliance::detector::Place;
use crate::rule::ControlRef;
use crate::rule::controls::{Disagreement, Source};

use super::grades::{Grade, Reading, SetRelation, State};

/// Rules against the controls of one framework.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    /// Id of the framework.
    pub framework: String,
    /// Its title.
    pub title: String,
    /// What the catalogue holds of it.
    pub note: String,
    /// Where its demands were read.
    pub sources: Vec<Source>,
    /// Which reading was audited.
    pub reading: Reading,
    /// Narrowings that were accepted as coverage.
    pub accepted: Vec<NarrowingKind>,
    /// The newest date of a rule: the audit knows no clock.
    pub date: Option<String>,
    /// The places that were audited.
    pub places: Vec<Place>,
    /// The rules.
    pub rules: Vec<RuleRow>,
    /// The versions, oldest first.
    pub versions: Vec<VersionAudit>,
}

/// One rule of an audit.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRow {
    /// Its title.
    pub title: String,
    /// Its id.
    pub id: Option<String>,
    /// Its file.
    pub file: String,
    /// The line of its title.
    pub line: usize,
    /// When it was last changed.
    pub date: Option<String>,
    /// SHA-256 of its meaning in each place.
    pub digests: Vec<(Place, String)>,
    /// Whether it finds something of some demand.
    pub is_concerned: bool,
    /// What its meaning in each place leans on or leaves out.
    pub notes: Vec<(Place, Vec<String>)>,
    /// Where it could not be audited, and why.
    pub refused: Vec<(Place, String)>,
}

/// The controls of one version.
#[derive(Clone, Debug, Serialize)]
pub struct VersionAudit {
    /// The version.
    pub version: String,
    /// Its controls, in the order of the catalogue.
    pub controls: Vec<ControlAudit>,
}

/// One control.
#[derive(Clone, Debug, Serialize)]
pub struct ControlAudit {
    /// Framework, version and number.
    pub control: ControlRef,
    /// Stable name of its subject.
    pub slug: String,
    /// What it is about, in our words.
    pub title: String,
    /// Profile level.
    pub level: u8,
    /// `scored`, `automated` or `manual`.
    pub assessment: String,
    /// Which outcomes it asks for.
    pub outcome: String,
    /// Where published copies contradict each other.
    pub disagreements: Vec<Disagreement>,
    /// Names that other services share: `CreateSecurityGroup (admin.wickr)`.
    pub shared: Vec<String>,
    /// What was found, place by place.
    pub places: Vec<PlaceAudit>,
    /// What rules claim, and what they could claim.
    pub claims: Vec<Claim>,
}

/// One control in one place.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceAudit {
    /// Where.
    pub place: Place,
    /// The parts of the demand.
    pub parts: Vec<PartAudit>,
    /// How each rule that finds something of it stands to the whole demand.
    pub relations: Vec<RuleRelation>,
    /// The fewest rules that cover what all of them cover.
    pub minimal: Vec<usize>,
    /// Rules without which parts are lost, with the names of the parts.
    pub single_points: Vec<(usize, Vec<String>)>,
}

/// What became of one part.
#[derive(Clone, Debug, Serialize)]
pub struct PartAudit {
    /// Its name.
    pub name: String,
    /// The best that the rules do.
    pub state: State,
    /// The evidence, if it is covered.
    pub grade: Option<Grade>,
    /// The rules that find something of it, by index, with their verdicts.
    pub rules: Vec<(usize, Verdict)>,
    /// A demanded event that no rule finds, unless it is covered.
    pub witness: Option<Json>,
    /// Rules that cover the part as written and want less of this place, with their reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<(usize, Vec<String>)>,
}

/// How the events of a rule stand to those of a demand.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRelation {
    /// Index of the rule.
    pub rule: usize,
    /// The relation of sets.
    pub relation: SetRelation,
    /// How many parts it covers.
    pub covered: usize,
    /// Of how many.
    pub of: usize,
    /// An event that it finds and the demand does not ask for.
    pub beyond: Option<Json>,
    /// What the relation leans on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// A claim of a rule held against what it does.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// Index of the rule.
    pub rule: usize,
    /// The rule claims the control.
    pub claimed: bool,
    /// How many parts the rule covers by itself, as written.
    pub covered: usize,
    /// How many parts it reaches.
    pub reached: usize,
    /// Of how many.
    pub of: usize,
}

impl Claim {
    /// What is to be said of it, if anything.
    pub fn problem(&self) -> Option<&'static str> {
        match (self.claimed, self.reached, self.covered == self.of) {
            (true, 0, _) => Some("claimed, and nothing of it is covered"),
            (true, _, false) => Some("claimed, and covered only in part"),
            (false, _, true) => Some("covered, and not claimed"),
            _ => None,
        }
    }
}

impl PlaceAudit {
    /// How many parts are covered.
    pub fn covered(&self) -> usize {
        self.parts.iter().filter(|part| part.state.is_covered()).count()
    }

    /// How many parts are covered at least for some of their events.
    pub fn reached(&self) -> usize {
        self.parts.iter().filter(|part| part.state.is_reached()).count()
    }

    /// The kinds of conditions that keep reached parts from being covered: those of the rule that
    /// comes closest.
    pub fn narrowings(&self) -> Vec<NarrowingKind> {
        let narrowed = self.parts.iter().filter(|part| part.state == State::Narrowed);
        let closest = narrowed.filter_map(|part| {
            let kinds = part.rules.iter().filter_map(|(_, verdict)| match verdict {
                Verdict::Narrowed { by, .. } => Some(by),
                _ => None,
            });
            kinds.min_by_key(|by| by.len())
        });
        let mut kinds: Vec<NarrowingKind> = closest.flatten().map(|one| one.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// The names of parts in a state.
    pub fn names(&self, state: State) -> Vec<&str> {
        let parts = self.parts.iter().filter(|part| part.state == state);
        parts.map(|part| part.name.as_str()).collect()
    }

    /// The least evidence among the covered parts, if all are covered.
    pub fn grade(&self) -> Option<Grade> {
        let grades = self.parts.iter().map(|part| part.grade.filter(|g| *g > Grade::Claimed));
        grades.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// How many parts are narrowed because a rule that covers them wants it so in this place.
    pub fn accepted(&self) -> usize {
        let accepted =
            |part: &&PartAudit| part.state == State::Narrowed && !part.accepted.is_empty();
        self.parts.iter().filter(accepted).count()
    }

    /// `6/7`, and how many of them are narrowed.
    pub fn fraction(&self) -> String {
        let (covered, reached, of) = (self.covered(), self.reached(), self.parts.len());
        match (reached - covered, self.accepted()) {
            (0, _) => format!("{covered}/{of}"),
            (narrowed, 0) => format!("{reached}/{of}, {narrowed} narrowed"),
            (narrowed, accepted) if narrowed == accepted => {
                format!("{reached}/{of}, {narrowed} narrowed (accepted)")
            }
            (narrowed, accepted) => {
                format!("{reached}/{of}, {narrowed} narrowed ({accepted} accepted)")
            }
        }
    }
}

impl Audit {
    /// One version.
    pub fn version(&self, version: &str) -> Option<&VersionAudit> {
        self.versions.iter().find(|own| own.version == version)
    }

    /// Covered parts and all parts of a version in a place.
    pub fn score(&self, version: &VersionAudit, place: Place) -> (usize, usize) {
        let places = version.controls.iter().filter_map(|control| control.place(place));
        places.fold((0, 0), |(covered, all), audit| {
            (covered + audit.covered(), all + audit.parts.len())
        })
    }
}

impl ControlAudit {
    /// What was found in a place.
    pub fn place(&self, place: Place) -> Option<&PlaceAudit> {
        self.places.iter().find(|own| own.place == place)
    }
}

//! Which techniques of ATT&CK rules speak of, and with what behind it.
//!
//! No query can show that it finds a technique: techniques are not defined by events. So coverage
//! here is graded by what can be seen: a tag alone, a tag that agrees with the tactics beside it,
//! and a rule with a test event that it matches.

use std::collections::BTreeMap;

use serde::Serialize;

use super::detector::{Detector, Place};
use crate::rule::attack::{self, Technique, TechniqueStatus, VERSION};

/// What stands behind a technique, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttackGrade {
    /// A rule has the tag.
    Claimed,
    /// The rule has a tactic of the technique, too.
    Consistent,
    /// A test event of the rule shows that it can match.
    Tested,
}

impl AttackGrade {
    /// Every grade.
    pub const ALL: [Self; 3] = [Self::Claimed, Self::Consistent, Self::Tested];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            AttackGrade::Claimed => "claimed",
            AttackGrade::Consistent => "consistent",
            AttackGrade::Tested => "tested",
        }
    }

    /// The grade as a number up to 100.
    pub fn score(self) -> u8 {
        match self {
            AttackGrade::Claimed => 30,
            AttackGrade::Consistent => 60,
            AttackGrade::Tested => 100,
        }
    }
}

/// The techniques that rules speak of.
#[derive(Clone, Debug, Serialize)]
pub struct AttackCoverage {
    /// The version of ATT&CK.
    pub version: &'static str,
    /// How many techniques and sub-techniques that version has.
    pub active: usize,
    /// Techniques with at least one rule, by id.
    pub techniques: Vec<TechniqueRow>,
    /// What is wrong with tags.
    pub problems: Vec<AttackProblem>,
}

/// One technique.
#[derive(Clone, Debug, Serialize)]
pub struct TechniqueRow {
    /// The technique.
    #[serde(flatten)]
    pub technique: &'static Technique,
    /// The best of its rules.
    pub grade: AttackGrade,
    /// Its rules: title and grade.
    pub rules: Vec<(String, AttackGrade)>,
}

/// A tag that says something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttackProblem {
    /// Title of the rule.
    pub rule: String,
    /// The tag.
    pub tag: String,
    /// What is wrong.
    pub message: String,
}

impl AttackCoverage {
    /// Looks at the tags and tests of rules.
    pub fn of(detectors: &[Detector]) -> Self {
        let mut rows: BTreeMap<&'static str, TechniqueRow> = BTreeMap::new();
        let mut problems = Vec::new();
        for detector in detectors {
            for (technique, grade) in graded(detector, &mut problems) {
                let row = rows.entry(technique.id).or_insert_with(|| TechniqueRow {
                    technique,
                    grade,
                    rules: Vec::new(),
                });
                row.grade = row.grade.max(grade);
                row.rules.push((detector.title.clone(), grade));
            }
        }
        let active = |technique: &&Technique| technique.status == TechniqueStatus::Active;
        Self {
            version: VERSION,
            active: attack::techniques().filter(active).count(),
            techniques: rows.into_values().collect(),
            problems,
        }
    }

    /// Leaves only techniques that are named, with their sub-techniques; all if none is.
    pub fn retain(&mut self, wanted: &[String]) {
        let is = |id: &str| wanted.iter().any(|own| own.eq_ignore_ascii_case(id));
        if !wanted.is_empty() {
            self.techniques
                .retain(|row| is(row.technique.id) || row.technique.parent.is_some_and(is));
        }
    }

    /// How many techniques have at least this grade.
    pub fn at_least(&self, grade: AttackGrade) -> usize {
        self.techniques.iter().filter(|row| row.grade >= grade).count()
    }
}

/// The techniques of one rule with their grades, each once.
fn graded(
    detector: &Detector,
    problems: &mut Vec<AttackProblem>,
) -> Vec<(&'static Technique, AttackGrade)> {
    let names = detector.tags.iter().filter_map(|tag| Some((tag, tag.strip_prefix("attack.")?)));
    let names: Vec<(&String, &str)> = names.collect();
    let tactics: Vec<&str> =
        names.iter().filter_map(|(_, name)| Some(attack::tactic(name)?.short_name)).collect();
    let tested = is_tested(detector);
    let mut graded: Vec<(&'static Technique, AttackGrade)> = Vec::new();
    for (tag, name) in &names {
        let mut problem = |message: String| {
            let (rule, tag) = (detector.title.clone(), (*tag).clone());
            problems.push(AttackProblem { rule, tag, message });
        };
        let Some(named) = attack::technique(name) else {
            if is_technique_id(name) {
                problem(format!("v{VERSION} has no such technique"));
            } else if attack::tactic(name).is_none() && !is_other_id(name) {
                problem(format!("v{VERSION} has no such tactic"));
            }
            continue;
        };
        let technique = match (named.status, attack::active_technique(name)) {
            (TechniqueStatus::Active, _) => named,
            (_, Some(next)) => {
                problem(format!("{} has moved to {} in v{VERSION}", named.id, next.id));
                next
            }
            (_, None) => {
                problem(format!("{} is gone in v{VERSION}", named.id));
                continue;
            }
        };
        let consistent = technique.tactics.iter().any(|own| tactics.contains(own));
        if !consistent && !tactics.is_empty() {
            let own = technique.tactics.join(", ");
            problem(format!("no tactic of the rule is one of {} ({own})", technique.id));
        }
        let grade = match (consistent, tested) {
            (true, true) => AttackGrade::Tested,
            (true, false) => AttackGrade::Consistent,
            (false, _) => AttackGrade::Claimed,
        };
        if !graded.iter().any(|(other, _)| other.id == technique.id) {
            graded.push((technique, grade));
        }
    }
    graded
}

/// Whether a tag has the form of a technique's id: `t1098`, `t1098.001`.
fn is_technique_id(name: &str) -> bool {
    let rest = name.strip_prefix(['t', 'T']);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a tag has the form of the id of a group or of software: `g0016`, `s0154`.
fn is_other_id(name: &str) -> bool {
    let rest = name.strip_prefix(['g', 'G', 's', 'S', 'c', 'C']);
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a test event of the rule matches its own meaning.
fn is_tested(detector: &Detector) -> bool {
    let meant = detector.meaning(Place::Rule);
    meant.is_some_and(|meant| detector.tests.iter().any(|(_, event)| meant.expr.eval(event)))
}

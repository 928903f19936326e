//! The audit: every control, version, part and place against every rule.

mod answers;
mod evidence;
mod grades;
mod index;
mod model;
mod questions;
mod rows;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind, Verdict};
use super::detector::{Detector, Place};
use super::meant::Meant;
use crate::query::Expr;
use crate::rule::ControlRef;
use crate::rule::controls::Framework;
use answers::{Answer, Grounds};
use questions::{Asked, Questions};
use rows::{relation, row, state};

pub use grades::{Grade, Reading, SetRelation, State};
pub use model::{
    Audit, Claim, ControlAudit, PartAudit, PlaceAudit, RuleRelation, RuleRow, VersionAudit,
};
pub(super) use questions::demanded;

/// What is audited.
#[derive(Clone, Debug)]
pub struct Scope<'s> {
    /// The framework.
    pub framework: &'s Framework,
    /// Its versions that count.
    pub versions: Vec<String>,
    /// Its subjects that count, by their slugs; all if empty.
    pub subjects: Vec<String>,
    /// Which reading of its demands counts.
    pub reading: Reading,
    /// Narrowings that count as coverage, such as "successful calls only".
    pub accept: Vec<NarrowingKind>,
    /// Replayed events, as the service wrote them.
    pub logs: &'s [Json],
}

impl<'s> Scope<'s> {
    /// The newest version of a framework, by intent.
    pub fn newest(framework: &'s Framework) -> Self {
        let versions = framework.newest().map(str::to_owned).into_iter().collect();
        let (subjects, accept) = (Vec::new(), Vec::new());
        Self { framework, versions, subjects, reading: Reading::Intent, accept, logs: &[] }
    }

    /// All versions of a framework, by intent.
    pub fn all(framework: &'s Framework) -> Self {
        Self { versions: framework.versions.clone(), ..Self::newest(framework) }
    }
}

impl Audit {
    /// Audits rules.
    pub fn of(detectors: &[Detector], scope: &Scope<'_>) -> Self {
        let framework = scope.framework;
        let questions = Questions::of(framework, &scope.versions, &scope.subjects, scope.reading);
        let grounds = Grounds::new(&questions, detectors);
        let mut answers = grounds.answers(&questions, detectors);
        accept(&mut answers, &scope.accept);
        let run = Run { detectors, scope, grounds: &grounds, answers: &answers };
        let mut versions: Vec<VersionAudit> = Vec::new();
        for asked in &questions.controls {
            if versions.last().is_none_or(|last| last.version != asked.version) {
                let version = asked.version.to_owned();
                versions.push(VersionAudit { version, controls: Vec::new() });
            }
            if let Some(last) = versions.last_mut() {
                last.controls.push(run.control(asked));
            }
        }
        Self {
            framework: framework.framework.clone(),
            title: framework.title.clone(),
            note: framework.note.clone(),
            sources: framework.sources.values().cloned().collect(),
            reading: scope.reading,
            accepted: scope.accept.clone(),
            date: detectors.iter().filter_map(|detector| detector.date.clone()).max(),
            places: run.places(),
            rules: run.rows(),
            versions,
        }
    }
}

/// Narrowings that count as coverage are taken out of the verdicts.
fn accept(answers: &mut [BTreeMap<Place, Answer>], accepted: &[NarrowingKind]) {
    if accepted.is_empty() {
        return;
    }
    for answer in answers.iter_mut().flat_map(BTreeMap::values_mut) {
        for verdict in answer.verdicts.values_mut() {
            if let Verdict::Narrowed { by, assumed } = verdict {
                by.retain(|one| !accepted.contains(&one.kind));
                if by.is_empty() {
                    *verdict = Verdict::Covered { assumed: std::mem::take(assumed) };
                }
            }
        }
    }
}

/// One audit while it runs.
struct Run<'r> {
    detectors: &'r [Detector],
    scope: &'r Scope<'r>,
    grounds: &'r Grounds,
    answers: &'r [BTreeMap<Place, Answer>],
}

impl Run<'_> {
    fn rows(&self) -> Vec<RuleRow> {
        let rows = self.detectors.iter().zip(self.answers).map(|(detector, places)| RuleRow {
            is_concerned: places.values().any(|answer| !answer.verdicts.is_empty()),
            ..row(detector)
        });
        rows.collect()
    }

    fn places(&self) -> Vec<Place> {
        let shown = |detector: &Detector| {
            let all = detector.meanings.iter().map(|(place, _)| *place);
            all.filter(|place| !detector.hidden.contains(place)).collect::<Vec<_>>()
        };
        self.detectors.iter().flat_map(shown).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn control(&self, asked: &Asked<'_>) -> ControlAudit {
        let Asked { version, subject, demand, .. } = asked;
        let framework = self.scope.framework;
        let facts = subject.control.get(*version);
        let control = ControlRef {
            framework: framework.framework.clone(),
            version: (*version).to_owned(),
            number: facts.map(|facts| facts.number.clone()).unwrap_or_default(),
        };
        let shared = demand.shared.iter();
        let shared = shared.map(|(name, others)| format!("{name} ({})", others.join(", ")));
        let disagreements = framework.disagreements(subject, version).into_iter().cloned();
        ControlAudit {
            claims: self.claims(asked, &control),
            slug: subject.slug.clone(),
            title: subject.title.clone(),
            level: facts.map_or(0, |facts| facts.level),
            assessment: facts.map(|facts| facts.assessment.clone()).unwrap_or_default(),
            outcome: demand.expects.outcome.clone(),
            disagreements: disagreements.collect(),
            shared: shared.collect(),
            places: self.places().into_iter().map(|place| self.place(asked, place)).collect(),
            control,
        }
    }

    /// The answers of all rules in a place, by index.
    fn answers(&self, place: Place) -> impl Iterator<Item = (usize, &Answer)> {
        let all = self.answers.iter().enumerate();
        all.filter_map(move |(rule, places)| Some((rule, places.get(&place)?)))
    }

    fn place(&self, asked: &Asked<'_>, place: Place) -> PlaceAudit {
        let parts: Vec<PartAudit> =
            asked.parts.iter().map(|(name, part)| self.part(asked, place, name, *part)).collect();
        let mut covered: Vec<(usize, BTreeSet<usize>)> = Vec::new();
        for (rule, answer) in self.answers(place) {
            let own = asked.parts.iter().enumerate();
            let own = own.filter(|(_, (_, part))| {
                answer.verdicts.get(part).is_some_and(Verdict::is_covered)
            });
            let own: BTreeSet<usize> = own.map(|(at, _)| at).collect();
            if !own.is_empty() {
                covered.push((rule, own));
            }
        }
        let name = |at: usize| asked.parts.get(at).map(|(name, _)| name.clone());
        let points = union::single_points(&covered);
        let single_points = points
            .into_iter()
            .map(|(rule, parts)| (rule, parts.into_iter().filter_map(name).collect()))
            .collect();
        let relations =
            self.answers(place).filter_map(|(rule, answer)| relation(asked, rule, answer));
        let relations = relations.collect();
        PlaceAudit { place, parts, relations, minimal: union::minimal(&covered), single_points }
    }

    fn part(&self, asked: &Asked<'_>, place: Place, name: &str, part: usize) -> PartAudit {
        let verdicts = self.answers(place);
        let verdicts =
            verdicts.filter_map(|(rule, a)| Some((rule, a.verdicts.get(&part)?.clone())));
        let rules: Vec<(usize, Verdict)> = verdicts.collect();
        let best = rules.iter().map(|(_, verdict)| state(verdict)).max();
        let mut state = best.unwrap_or(State::NotCovered);
        let narrowed = |verdict: &Verdict| matches!(verdict, Verdict::Narrowed { .. });
        if state == State::Narrowed
            && rules.iter().filter(|(_, verdict)| narrowed(verdict)).count() > 1
            && self.together(asked, place, part, &rules)
        {
            state = State::Together;
        }
        let witness =
            (!state.is_covered()).then(|| self.witness(asked, place, part, &rules)).flatten();
        let grade = self.grade(asked, place, part, state, &rules);
        let accepted = match state {
            State::Narrowed => self.accepted(place, part, &rules),
            _ => Vec::new(),
        };
        PartAudit { name: name.to_owned(), state, grade, rules, witness, accepted }
    }

    /// Rules that cover a part as written, and find less of it in a place because they want to.
    fn accepted(
        &self,
        place: Place,
        part: usize,
        rules: &[(usize, Verdict)],
    ) -> Vec<(usize, Vec<String>)> {
        let reasons = |rule: usize| {
            let own = self.answers.get(rule)?.get(&Place::Rule)?;
            own.verdicts.get(&part).filter(|verdict| verdict.is_covered())?;
            let accepts = &self.detectors.get(rule)?.accepts;
            let (_, reasons) = accepts.iter().find(|(own, _)| *own == place)?;
            Some((rule, reasons.clone()))
        };
        rules.iter().filter_map(|(rule, _)| reasons(*rule)).collect()
    }

    /// Whether rules that each find a share of a part find all of it. Only rules of one view, and
    /// only those that raise an alert for every event, count, as far as that matters.
    fn together(
        &self,
        asked: &Asked<'_>,
        place: Place,
        part: usize,
        rules: &[(usize, Verdict)],
    ) -> bool {
        let mut by_view = BTreeMap::new();
        for (rule, _) in rules {
            let meant = self.detectors.get(*rule).and_then(|detector| detector.meaning(place));
            let is_free = |meant: &&Meant| {
                meant.gates.iter().all(|gate| self.scope.accept.contains(&gate.kind))
            };
            if let Some(meant) = meant.filter(is_free) {
                let ground = self.grounds.ground(&asked.log, meant.view);
                let spelt = ground.map(|ground| ground.spelt(&meant.expr));
                by_view.entry(meant.view).or_insert_with(Vec::new).extend(spelt);
            }
        }
        by_view.into_iter().any(|(view, exprs)| {
            let ground = self.grounds.ground(&asked.log, view);
            let part = self.grounds.part(view, part);
            let (Some(ground), Some(part), true) = (ground, part, exprs.len() > 1) else {
                return false;
            };
            ground.covers(&Expr::any_of(exprs), part).is_covered()
        })
    }

    /// A demanded event that no rule finds: of the rules that find some, one that all of them miss,
    /// else what the first of them misses.
    fn witness(
        &self,
        asked: &Asked<'_>,
        place: Place,
        part: usize,
        rules: &[(usize, Verdict)],
    ) -> Option<Json> {
        let meant = rules.iter().filter_map(|(rule, _)| self.detectors.get(*rule)?.meaning(place));
        let raw = meant.filter(|meant| meant.view == crate::fields::View::Raw);
        let missing: Vec<Expr> = raw.map(|meant| meant.expr.clone()).collect();
        let first = rules.iter().find_map(|(_, verdict)| match verdict {
            Verdict::Narrowed { by, .. } => by.iter().find_map(|one| one.witness.clone()),
            _ => None,
        });
        let shown = match (missing.len() == rules.len(), first) {
            (false, Some(first)) => Some(first),
            (_, first) => self.grounds.example(&asked.log, part, &missing).or(first),
        };
        // Where a single event never suffices, any will do; what a list of exceptions holds is not known.
        let is_known = |one: &Narrowing| one.kind != NarrowingKind::Exclusion;
        let never = rules.iter().all(|(_, verdict)| match verdict {
            Verdict::Narrowed { by, .. } => by.iter().any(is_known),
            _ => true,
        });
        shown.or_else(|| never.then(|| self.grounds.example(&asked.log, part, &[])).flatten())
    }
}

//! What each rule does about each part, place by place. Rules are looked at in parallel; nothing
//! depends on the order.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value as Json;

use super::questions::Questions;
use crate::compliance::decide::{Decide, Found, Verdict};
use crate::compliance::detector::{Detector, Meant, Place, log_of};
use crate::compliance::ground::Ground;
use crate::fields::{Catalog, View};
use crate::query::Expr;

/// A demand, or a part of one, in the words of a view; or why it cannot be said there.
type Said = Vec<Result<Expr, String>>;

/// The grounds on which a log is decided, and what is demanded there.
pub(super) struct Grounds<'d> {
    by_log: BTreeMap<(String, View), Ground<'d>>,
    parts: BTreeMap<View, Said>,
    demands: BTreeMap<View, Said>,
}

/// What one rule does in one place.
#[derive(Default)]
pub(super) struct Answer {
    /// Part → verdict, for parts of which the rule finds something or nobody knows.
    pub(super) verdicts: BTreeMap<usize, Verdict>,
    /// Demand → an event beyond it, for demands of which the rule finds something. `Undecided`
    /// counts as an event that nobody has seen.
    pub(super) beyond: BTreeMap<usize, Found>,
}

impl<'d> Grounds<'d> {
    pub(super) fn new(
        decide: &'d dyn Decide,
        questions: &Questions<'_>,
        detectors: &[Detector],
    ) -> Self {
        let meanings = detectors.iter().flat_map(|detector| &detector.meanings);
        let views = meanings.filter_map(|(_, meant)| Some(meant.as_ref().ok()?.view));
        let mut views: Vec<View> = views.chain([View::Raw]).collect();
        views.sort();
        views.dedup();
        let mut grounds =
            Self { by_log: BTreeMap::new(), parts: BTreeMap::new(), demands: BTreeMap::new() };
        for view in views {
            let mut say = |exprs: &mut dyn Iterator<Item = (&Expr, &String)>| -> Said {
                let mut said = Vec::new();
                for (expr, log) in exprs {
                    let catalog = Catalog::all().find(|catalog| log_of(catalog) == *log);
                    let ground = grounds
                        .by_log
                        .entry((log.clone(), view))
                        .or_insert_with(|| Ground::new(decide, catalog, view));
                    said.push(ground.said(expr));
                }
                said
            };
            let parts = say(&mut questions.parts.iter().zip(&questions.part_logs));
            let demands = say(&mut questions.demands.iter().zip(&questions.demand_logs));
            grounds.parts.insert(view, parts);
            grounds.demands.insert(view, demands);
        }
        grounds
    }

    pub(super) fn ground(&self, log: &str, view: View) -> Option<&Ground<'d>> {
        self.by_log.get(&(log.to_owned(), view))
    }

    /// A part in the words of a view.
    pub(super) fn part(&self, view: View, part: usize) -> Option<&Expr> {
        self.parts.get(&view)?.get(part)?.as_ref().ok()
    }

    /// Everything that every rule does.
    pub(super) fn answers(
        &self,
        questions: &Questions<'_>,
        detectors: &[Detector],
    ) -> Vec<BTreeMap<Place, Answer>> {
        let one = |detector: &Detector| {
            let meanings = detector.meanings.iter();
            let meanings =
                meanings.filter_map(|(place, meant)| Some((*place, meant.as_ref().ok()?)));
            meanings
                .map(|(place, meant)| (place, self.answer(questions, detector, meant)))
                .collect()
        };
        detectors.par_iter().map(one).collect()
    }

    fn answer(&self, questions: &Questions<'_>, detector: &Detector, meant: &Meant) -> Answer {
        let mut answer = Answer::default();
        let mut spelt: BTreeMap<&str, Expr> = BTreeMap::new();
        for (part, log) in questions.part_logs.iter().enumerate() {
            if !detector.reads(log) {
                continue;
            }
            let Some(ground) = self.ground(log, meant.view) else { continue };
            let said = self.parts.get(&meant.view).and_then(|said| said.get(part));
            let verdict = match said {
                Some(Ok(part)) => {
                    let rule = spelt.entry(log).or_insert_with(|| ground.spelt(&meant.expr));
                    let by_chance = meant.gate.is_some() && !ground.is_about(rule, part);
                    if by_chance {
                        Verdict::NotCovered
                    } else {
                        gated(ground.covers(rule, part), meant)
                    }
                }
                Some(Err(limit)) => Verdict::Undecided { limit: limit.clone() },
                None => continue,
            };
            if verdict != Verdict::NotCovered {
                answer.verdicts.insert(part, verdict);
            }
        }
        for (demand, parts) in questions.demand_parts.iter().enumerate() {
            let reached = |part: &usize| {
                let verdict = answer.verdicts.get(part);
                matches!(verdict, Some(Verdict::Covered | Verdict::Narrowed { .. }))
            };
            let Some(log) = questions.demand_logs.get(demand) else { continue };
            let said = self.demands.get(&meant.view).and_then(|said| said.get(demand));
            let ground = self.ground(log, meant.view).filter(|_| parts.iter().any(reached));
            if let (Some(ground), Some(rule), Some(Ok(said))) =
                (ground, spelt.get(log.as_str()), said)
            {
                answer.beyond.insert(demand, ground.overreach(rule, said));
            }
        }
        answer
    }

    /// A demanded event, for a part that nobody covers.
    pub(super) fn example(&self, log: &str, part: usize, missing: &[Expr]) -> Option<Json> {
        let ground = self.ground(log, View::Raw)?;
        let part = self.part(View::Raw, part)?.clone();
        let missed = missing.iter().map(|rule| ground.spelt(rule).negated());
        ground.example(&Expr::all(std::iter::once(part).chain(missed)))
    }
}

/// What a count or a first occurrence makes of a verdict.
fn gated(verdict: Verdict, meant: &Meant) -> Verdict {
    match (verdict, &meant.gate) {
        (Verdict::Covered, Some(gate)) => Verdict::Narrowed { by: vec![gate.clone()] },
        (Verdict::Narrowed { mut by }, Some(gate)) => {
            by.push(gate.clone());
            Verdict::Narrowed { by }
        }
        (verdict, _) => verdict,
    }
}

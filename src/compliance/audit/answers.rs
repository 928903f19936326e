//! What each rule does about each part, place by place. Rules are looked at in parallel; nothing
//! depends on the order.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use rayon::prelude::*;
use serde_json::Value as Json;

use super::index::{Index, Key, key};
use super::questions::Questions;
use crate::compliance::decide::{Found, Verdict};
use crate::compliance::detector::{Detector, Place, log_of};
use crate::compliance::ground::Ground;
use crate::compliance::meant::Meant;
use crate::fields::{Catalog, View};
use crate::query::Expr;

/// A demand, or a part of one, in the words of a view; or why it cannot be said there.
type Said = Vec<Result<Expr, String>>;

/// The grounds on which a log is decided, and what is demanded there.
pub(super) struct Grounds {
    by_log: BTreeMap<(String, View), Ground>,
    parts: BTreeMap<View, Said>,
    demands: BTreeMap<View, Said>,
}

/// What one rule does in one place.
#[derive(Clone, Default)]
pub(super) struct Answer {
    /// Part → verdict, for parts of which the rule finds something or nobody knows.
    pub(super) verdicts: BTreeMap<usize, Verdict>,
    /// Demand → an event beyond it, for demands of which the rule finds something. `Undecided`
    /// counts as an event that nobody has seen.
    pub(super) beyond: BTreeMap<usize, Found>,
}

impl Grounds {
    pub(super) fn new(questions: &Questions<'_>, detectors: &[Detector]) -> Self {
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
                        .or_insert_with(|| Ground::new(catalog, view));
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

    /// The views that are spoken of.
    pub(super) fn views(&self) -> impl Iterator<Item = View> {
        self.parts.keys().copied()
    }

    pub(super) fn ground(&self, log: &str, view: View) -> Option<&Ground> {
        self.by_log.get(&(log.to_owned(), view))
    }

    /// A part in the words of a view.
    pub(super) fn part(&self, view: View, part: usize) -> Option<&Expr> {
        self.parts.get(&view)?.get(part)?.as_ref().ok()
    }

    /// Everything that every rule does. Rules (and places) that mean the same are decided once.
    pub(super) fn answers(
        &self,
        questions: &Questions<'_>,
        detectors: &[Detector],
    ) -> Vec<BTreeMap<Place, Answer>> {
        let index = Index::of(self, questions);
        let mut distinct: IndexMap<Key<'_>, &Meant> = IndexMap::new();
        let mut numbers: Vec<Vec<(Place, usize)>> = Vec::new();
        for detector in detectors {
            let mut own = Vec::new();
            for (place, meant) in &detector.meanings {
                if let Ok(meant) = meant {
                    let key = key(detector.log.as_deref(), meant);
                    own.push((*place, distinct.insert_full(key, meant).0));
                }
            }
            numbers.push(own);
        }
        let distinct: Vec<(Key<'_>, &Meant)> = distinct.into_iter().collect();
        let one = |(key, meant): &(Key<'_>, &Meant)| self.answer(questions, &index, key.0, meant);
        let answers: Vec<Answer> = distinct.par_iter().map(one).collect();
        let answer =
            |(place, at): (Place, usize)| (place, answers.get(at).cloned().unwrap_or_default());
        numbers.into_iter().map(|places| places.into_iter().map(answer).collect()).collect()
    }

    fn answer(
        &self,
        questions: &Questions<'_>,
        index: &Index<'_>,
        log: Option<&str>,
        meant: &Meant,
    ) -> Answer {
        let mut answer = Answer::default();
        for (log, likely) in index.parts(log, meant) {
            let Some(ground) = self.ground(log, meant.view) else { continue };
            for part in likely {
                let said = self.parts.get(&meant.view).and_then(|said| said.get(part));
                let verdict = match said {
                    Some(Ok(said))
                        if !meant.gates.is_empty() && !ground.is_about(&meant.expr, said) =>
                    {
                        Verdict::NotCovered
                    }
                    Some(Ok(said)) => gated(ground.covers(&meant.expr, said), meant),
                    Some(Err(limit)) => Verdict::Undecided { limit: limit.clone() },
                    None => continue,
                };
                if verdict != Verdict::NotCovered {
                    answer.verdicts.insert(part, verdict);
                }
            }
        }
        for (demand, parts) in questions.demand_parts.iter().enumerate() {
            let reached = |part: &usize| answer.verdicts.get(part).is_some_and(Verdict::is_reached);
            let Some(log) = questions.demand_logs.get(demand) else { continue };
            let said = self.demands.get(&meant.view).and_then(|said| said.get(demand));
            let ground = self.ground(log, meant.view).filter(|_| parts.iter().any(reached));
            if let (Some(ground), Some(Ok(said))) = (ground, said) {
                answer.beyond.insert(demand, ground.overreach(&meant.expr, said));
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

/// What a count, a first occurrence or a switch makes of a verdict.
fn gated(verdict: Verdict, meant: &Meant) -> Verdict {
    let more = meant.gates.iter().cloned();
    match verdict {
        Verdict::Covered { assumed } if !meant.gates.is_empty() => {
            Verdict::Narrowed { by: more.collect(), assumed }
        }
        Verdict::Narrowed { by, assumed } => {
            Verdict::Narrowed { by: by.into_iter().chain(more).collect(), assumed }
        }
        verdict => verdict,
    }
}

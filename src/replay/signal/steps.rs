//! Conditions that come to hold one after the other.

use super::{Comparison, Holds, Signals, is_met, take, windows};
use crate::replay::Moment;
use crate::replay::detector::{Which, within};
use crate::replay::state::Begins;
use crate::replay::timeline::Observation;
use crate::replay::window::Window;

/// One step of a sequence.
#[derive(Debug)]
pub(in crate::replay) struct Step {
    /// Over how much time its events are counted.
    pub(in crate::replay) window: i64,
    pub(in crate::replay) condition: Which<Comparison>,
    /// The steps after which it may come, each with the longest time in between; any of them will
    /// do, and a first step has none.
    pub(in crate::replay) after: Vec<(usize, i64)>,
}

impl Step {
    /// Whether events of a member count for the step.
    fn counts(&self, member: u32) -> bool {
        let mut found = false;
        self.condition.each(&mut |comparison| found |= comparison.of == member as usize);
        found
    }
}

/// How long a step that held matters.
pub(super) fn memory(steps: &[Step]) -> i64 {
    let longest = |step: &Step| {
        step.after.iter().map(|(_, time)| *time).chain([step.window]).max().unwrap_or(0)
    };
    steps.iter().map(longest).max().unwrap_or(0)
}

/// What is known of each step.
#[derive(Debug)]
pub(super) struct Progress(Vec<State>);

#[derive(Debug)]
struct State {
    windows: Vec<Window>,
    held: Option<Held>,
}

/// That a step held.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// The latest time.
    last: Moment,
    /// When the events began that led there, from the first step on.
    since: Moment,
}

impl Progress {
    pub(super) fn new(steps: &[Step], members: usize) -> Self {
        let state = |_: &Step| State { windows: windows(members), held: None };
        Self(steps.iter().map(state).collect())
    }

    /// Takes in an event. It counts for a step only if a step before it held already: what a step
    /// asks for has to happen after the step before, and no event is two steps of one way.
    pub(super) fn next(
        &mut self,
        signals: &Signals,
        steps: &[Step],
        conditions: &[Which<usize>],
        event: &[Observation],
    ) -> Option<Holds> {
        let now = event.first()?.time;
        let before: Vec<Option<Held>> = self.0.iter().map(|state| state.held).collect();
        let mut holds = vec![false; steps.len()];
        for ((step, state), holds) in steps.iter().zip(&mut self.0).zip(&mut holds) {
            let since = match step.way(&before, now) {
                Way::Closed => continue,
                Way::Begins => None,
                Way::GoesOn { since } => Some(since),
            };
            let own: Vec<Observation> =
                event.iter().filter(|one| step.counts(one.member)).cloned().collect();
            if own.is_empty() {
                continue;
            }
            take(&mut state.windows, signals, step.window, &own);
            if is_met(&step.condition, &state.windows, signals) {
                *holds = true;
                let first = state.windows.iter().filter_map(Window::first).min();
                let since = since.or(first).unwrap_or(now);
                state.held = Some(Held { last: now, since });
            }
        }
        let held = |step: &usize| holds.get(*step).copied().unwrap_or_default();
        let case = conditions.iter().position(|condition| condition.holds(&held))?;
        let mut since = None;
        conditions.get(case)?.each(&mut |step| {
            let own = self.0.get(*step).filter(|_| held(step)).and_then(|state| state.held);
            since = since.into_iter().chain(own.map(|held| held.since)).min();
        });
        let begins = Begins { since, ..Begins::default() };
        // A step that did not hold cannot keep a signal open.
        holds.contains(&true).then_some(Holds { case, begins, new: Vec::new() })
    }
}

impl Step {
    /// Whether the step may come now.
    fn way(&self, held: &[Option<Held>], now: Moment) -> Way {
        if self.after.is_empty() {
            return Way::Begins;
        }
        let before = self.after.iter().filter_map(|(step, time)| {
            held.get(*step).copied().flatten().filter(|held| within(held.last, now, *time))
        });
        let latest = before.max_by_key(|held| held.last);
        latest.map_or(Way::Closed, |held| Way::GoesOn { since: held.since })
    }
}

/// The way to a step.
enum Way {
    /// No step before it held in time.
    Closed,
    /// It is a first step.
    Begins,
    GoesOn {
        since: Moment,
    },
}

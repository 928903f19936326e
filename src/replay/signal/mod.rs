//! Signals, as Datadog raises them.
//!
//! Source: Datadog's documentation of detection rules (sections *Set a rule case*, *Time windows*,
//! *New value*) and the API's descriptions of the options. Cases are asked in their order, and the
//! first that holds raises the signal with its status. The signal stays open as long as some case
//! holds again within `keepAlive`, and no longer than `maxSignalDuration` since it was raised; only
//! when it is closed can the next one be raised. What the documentation leaves open is decided in
//! decision 15.

mod learning;
mod steps;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Moment;
use super::detector::{Measure, Which};
use super::state::{Begins, as_json};
use super::timeline::Observation;
use super::window::Window;
use crate::query::{Number, Order};
use crate::rule::CaseStatus;
use learning::Memory;
pub(super) use learning::{Learning, Until};
use steps::Progress;
pub(super) use steps::Step;

/// What raises signals, and how long they stay open.
#[derive(Debug)]
pub(super) struct Signals {
    pub(super) trigger: Trigger,
    pub(super) cases: Vec<SignalCase>,
    /// Of each member: its name, and what its events add up to.
    pub(super) counters: Vec<Counter>,
    /// The names of the values that are learnt.
    pub(super) fields: Vec<String>,
    /// In milliseconds, like all times here.
    pub(super) keep_alive: i64,
    pub(super) max_duration: i64,
}

/// What a case says beside its condition.
#[derive(Debug)]
pub(super) struct SignalCase {
    pub(super) name: Option<String>,
    pub(super) status: CaseStatus,
}

/// What is known of the events of one query.
#[derive(Debug)]
pub(super) struct Counter {
    pub(super) name: String,
    pub(super) measure: Measure,
}

/// When the cases hold.
#[derive(Debug)]
pub(super) enum Trigger {
    /// Counts of one window, a condition for each case. Without length, it holds one event.
    Counts { window: i64, conditions: Vec<Which<Comparison>> },
    /// Steps that come one after the other; a condition over them for each case.
    Steps { steps: Vec<Step>, conditions: Vec<Which<usize>> },
    /// A value that was not learnt; there is one case.
    Fresh(Learning),
}

/// A count held against a number.
#[derive(Debug)]
pub(super) struct Comparison {
    /// The counter.
    pub(super) of: usize,
    pub(super) order: Order,
    pub(super) number: Number,
}

impl Signals {
    /// How far back values are remembered.
    pub(super) fn history(&self) -> Option<i64> {
        match &self.trigger {
            Trigger::Fresh(learning) => Some(learning.forget),
            _ => None,
        }
    }

    /// What is remembered at most, and so how long a group matters after its last event.
    pub(super) fn memory(&self) -> i64 {
        let trigger = match &self.trigger {
            Trigger::Counts { window, .. } => *window,
            Trigger::Steps { steps, .. } => steps::memory(steps),
            Trigger::Fresh(learning) => learning.forget,
        };
        trigger.max(self.keep_alive)
    }
}

/// A signal that is raised, or is given a higher status while it is open.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) case: usize,
    /// Whether it was open already.
    pub(super) was_open: bool,
    /// Values that were not learnt, as JSON lists.
    pub(super) new: Vec<Arc<str>>,
}

/// What is remembered of one group.
#[derive(Debug)]
pub(super) struct SignalState {
    trigger: TriggerState,
    open: Option<Open>,
    last: Option<Moment>,
}

#[derive(Debug)]
enum TriggerState {
    Counts(Vec<Window>),
    Steps(Progress),
    Fresh(Memory),
}

/// A signal that is not closed yet.
#[derive(Debug)]
struct Open {
    since: Moment,
    last: Moment,
    status: CaseStatus,
}

/// A case that holds.
struct Holds {
    case: usize,
    begins: Begins,
    new: Vec<Arc<str>>,
}

impl SignalState {
    pub(super) fn new(signals: &Signals) -> Self {
        let members = signals.counters.len();
        let trigger = match &signals.trigger {
            Trigger::Counts { .. } => TriggerState::Counts(windows(members)),
            Trigger::Steps { steps, .. } => TriggerState::Steps(Progress::new(steps, members)),
            Trigger::Fresh(_) => TriggerState::Fresh(Memory::default()),
        };
        Self { trigger, open: None, last: None }
    }

    /// When the last event of the group happened.
    pub(super) fn last(&self) -> Option<Moment> {
        self.last
    }

    /// Takes in what one event tells of the group: queries that match the same log count it at once.
    pub(super) fn next(&mut self, signals: &Signals, event: &[Observation]) -> Option<Begins> {
        let now = event.first()?.time;
        self.last = Some(now);
        let holds = match (&mut self.trigger, &signals.trigger) {
            (TriggerState::Counts(windows), Trigger::Counts { window, conditions }) => {
                take(windows, signals, *window, event);
                counts(windows, signals, conditions)
            }
            (TriggerState::Steps(progress), Trigger::Steps { steps, conditions }) => {
                progress.next(signals, steps, conditions, event)
            }
            (TriggerState::Fresh(memory), Trigger::Fresh(learning)) => memory.next(learning, event),
            _ => None,
        }?;
        let was_open = self.take(signals, holds.case, now)?;
        let signal = Some(Begun { case: holds.case, was_open, new: holds.new });
        Some(Begins { signal, ..holds.begins })
    }

    /// Takes note of a case that holds. `None` if it only keeps a signal open; else whether one was
    /// open.
    fn take(&mut self, signals: &Signals, case: usize, now: Moment) -> Option<bool> {
        let status = signals.cases.get(case)?.status;
        // What stays open for no time is closed at once.
        let open = self.open.as_mut().filter(|open| {
            let (kept, lasting) = (now.since(open.last), now.since(open.since));
            (signals.keep_alive > 0 && kept <= signals.keep_alive)
                && (signals.max_duration > 0 && lasting <= signals.max_duration)
        });
        let Some(open) = open else {
            self.open = Some(Open { since: now, last: now, status });
            return Some(false);
        };
        open.last = now;
        let rises = status > open.status;
        open.status = open.status.max(status);
        rises.then_some(true)
    }
}

fn windows(members: usize) -> Vec<Window> {
    std::iter::repeat_with(Window::default).take(members).collect()
}

/// Moves windows to end with an event, and takes it in.
fn take(windows: &mut [Window], signals: &Signals, length: i64, event: &[Observation]) {
    let Some(now) = event.first().map(|one| one.time) else { return };
    for window in windows.iter_mut() {
        if length == 0 { window.clear() } else { window.leave(now, length) }
    }
    for one in event {
        let member = one.member as usize;
        if let Some((window, counter)) = windows.get_mut(member).zip(signals.counters.get(member)) {
            // What has no number where one is asked for adds nothing.
            _ = window.add(counter.measure, now, one.value.as_ref());
        }
    }
}

/// The first case whose condition holds.
fn counts(
    windows: &[Window],
    signals: &Signals,
    conditions: &[Which<Comparison>],
) -> Option<Holds> {
    let case = conditions.iter().position(|condition| is_met(condition, windows, signals))?;
    let mut count = Map::new();
    conditions.get(case)?.each(&mut |comparison| {
        if let Some((name, number)) = measured(comparison.of, windows, signals) {
            count.insert(name.to_owned(), as_json(number));
        }
    });
    // One number needs no name.
    let count = match count.len() {
        1 => count.into_iter().next().map(|(_, number)| number),
        _ => Some(Value::Object(count)),
    };
    let since = windows.iter().filter_map(Window::first).min();
    Some(Holds { case, begins: Begins { since, count, signal: None }, new: Vec::new() })
}

fn is_met(condition: &Which<Comparison>, windows: &[Window], signals: &Signals) -> bool {
    condition.holds(&|Comparison { of, order, number }| {
        measured(*of, windows, signals).is_some_and(|(_, count)| order.holds(count.cmp(number)))
    })
}

fn measured<'s>(
    counter: usize,
    windows: &[Window],
    signals: &'s Signals,
) -> Option<(&'s str, Number)> {
    let (window, counter) = windows.get(counter).zip(signals.counters.get(counter))?;
    Some((&counter.name, window.measured(counter.measure)?))
}

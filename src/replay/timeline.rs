//! Conditions over several events, in the order in which the events happened.
//!
//! Logs are not in that order: CloudTrail delivers every few minutes, each region for itself, and a
//! folder is read by name. So the events that count for some rule (few of all) wait until the end
//! of the log, are put in order, and only then are windows moved over them. What a replay says
//! depends on the events alone, not on the order of files. The wait has a limit: if more than
//! [`MAX_WAITING`] events wait, the older half goes ahead, and what comes later but happened before
//! is late: counted, and not looked at.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::detector::{Detector, Logic};
use super::found::{Signal, SignalChange};
use super::signal::Begun;
use super::state::{Begins, State};
use super::{Event, Found, Moment, OverTime};

/// Most events that wait to be put in order.
pub const MAX_WAITING: usize = 400_000;

/// Most groups that are remembered at once.
pub const MAX_GROUPS: usize = 200_000;

/// How many groups are turned away before it is looked again whether old ones can be forgotten.
const TURNED_AWAY_PER_SWEEP: u64 = 10_000;

/// An event that counts for a detector.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    pub(super) detector: u32,
    pub(super) member: u32,
    pub(super) time: Moment,
    /// The values in which events must agree, as a JSON list of texts.
    pub(super) group: Arc<str>,
    pub(super) value: Option<Arc<str>>,
    pub(super) event: Arc<Event>,
}

/// What limits have cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Events that came after later ones had been looked at.
    pub late: u64,
    /// Events of groups that were one too many.
    pub turned_away: u64,
}

/// The events that wait, and the groups that are remembered.
#[derive(Debug)]
pub(super) struct Timeline<'p> {
    detectors: &'p [Detector],
    waiting: Vec<Observation>,
    texts: HashSet<Arc<str>>,
    groups: HashMap<(u32, Arc<str>), State>,
    /// Everything before this was looked at.
    done: Option<Moment>,
    /// When the log begins, as far as is known.
    begin: Option<Moment>,
    limits: Limits,
}

impl<'p> Timeline<'p> {
    pub(super) fn new(detectors: &'p [Detector]) -> Self {
        Self {
            detectors,
            waiting: Vec::new(),
            texts: HashSet::new(),
            groups: HashMap::new(),
            done: None,
            begin: None,
            limits: Limits::default(),
        }
    }

    /// Takes note of when some events of the log happened.
    pub(super) fn begins(&mut self, first: Option<Moment>) {
        self.begin = self.begin.into_iter().chain(first).min();
    }

    /// Takes in an event; `out` gets what begins to hold.
    pub(super) fn add(&mut self, mut new: Observation, out: &mut dyn FnMut(Found)) {
        if self.done.is_some_and(|done| new.time < done) {
            self.limits.late += 1;
            return;
        }
        new.group = self.shared(new.group);
        new.value = new.value.map(|value| self.shared(value));
        self.waiting.push(new);
        if self.waiting.len() > MAX_WAITING {
            self.release(MAX_WAITING / 2, out);
            self.texts.retain(|text| Arc::strong_count(text) > 1);
        }
    }

    /// Looks at everything that waits.
    pub(super) fn finish(mut self, out: &mut dyn FnMut(Found)) -> Limits {
        self.release(usize::MAX, out);
        self.limits
    }

    /// Equal texts are held once.
    fn shared(&mut self, text: Arc<str>) -> Arc<str> {
        if let Some(known) = self.texts.get(&text) {
            return Arc::clone(known);
        }
        self.texts.insert(Arc::clone(&text));
        text
    }

    /// Looks at the oldest of the events.
    fn release(&mut self, number: usize, out: &mut dyn FnMut(Found)) {
        // Stable: of events of the same moment the one read first comes first.
        self.waiting.sort_by_key(|one| one.time);
        let mut number = number.min(self.waiting.len());
        let same = |a: Option<&Observation>, b: Option<&Observation>| {
            a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(&a.event, &b.event))
        };
        // What one event tells stays together.
        while number > 0 && same(self.waiting.get(number - 1), self.waiting.get(number)) {
            number += 1;
        }
        let later = self.waiting.split_off(number);
        let mut ready = std::mem::replace(&mut self.waiting, later);
        for event in ready.chunk_by_mut(|a, b| Arc::ptr_eq(&a.event, &b.event)) {
            self.done = event.first().map(|one| one.time).or(self.done);
            event.sort_by(|a, b| (a.detector, &a.group).cmp(&(b.detector, &b.group)));
            for one_group in event.chunk_by(|a, b| a.detector == b.detector && a.group == b.group) {
                self.look(one_group, out);
            }
        }
    }

    /// Looks at what one event tells of one group.
    fn look(&mut self, of_one_event: &[Observation], out: &mut dyn FnMut(Found)) {
        let Some(first) = of_one_event.first() else { return };
        let detectors = self.detectors;
        let Some(detector) = detectors.get(first.detector as usize) else { return };
        let key = (first.detector, Arc::clone(&first.group));
        if !self.groups.contains_key(&key) && !self.has_room(first.time) {
            self.limits.turned_away += of_one_event.len() as u64;
            return;
        }
        let state = self.groups.entry(key).or_insert_with(|| State::new(detector));
        let mut begun = Vec::new();
        state.next(detector, of_one_event, &mut |at, begins| begun.push((at, begins)));
        for (at, begins) in begun {
            if let Some(one) = of_one_event.get(at) {
                out(self.found(detector, one, begins));
            }
        }
    }

    /// Whether one more group can be remembered, after forgetting those that are over.
    fn has_room(&mut self, now: Moment) -> bool {
        if self.groups.len() >= MAX_GROUPS
            && self.limits.turned_away.is_multiple_of(TURNED_AWAY_PER_SWEEP)
        {
            let detectors = self.detectors;
            self.groups.retain(|(detector, _), state| {
                let window = detectors.get(*detector as usize).map_or(0, |own| own.window);
                !state.is_idle(now, window)
            });
        }
        self.groups.len() < MAX_GROUPS
    }

    fn found(&self, detector: &Detector, one: &Observation, begins: Begins) -> Found {
        let values: Vec<Value> = serde_json::from_str(&one.group).unwrap_or_default();
        let group: Map<String, Value> = detector.group.iter().cloned().zip(values).collect();
        let history = detector.logic.history(detector.window);
        let is_known = |history| self.begin.is_some_and(|begin| one.time.since(begin) >= history);
        let over_time = OverTime {
            kind: detector.kind,
            group,
            since: begins.since,
            count: begins.count,
            history_complete: history.map(is_known),
            signal: begins.signal.and_then(|begun| signal(detector, &begun)),
        };
        Found { rule: detector.rule, event: Arc::clone(&one.event), over_time: Some(over_time) }
    }
}

/// What results say of a signal.
fn signal(detector: &Detector, begun: &Begun) -> Option<Signal> {
    let Logic::Signals(signals) = &detector.logic else { return None };
    let case = signals.cases.get(begun.case)?;
    let named = |values: &Arc<str>| {
        let values: Vec<Value> = serde_json::from_str(values).unwrap_or_default();
        signals.fields.iter().cloned().zip(values).collect()
    };
    Some(Signal {
        signal: if begun.was_open { SignalChange::Raised } else { SignalChange::Opened },
        case: case.name.clone(),
        level: case.status.level(),
        new: begun.new.iter().map(named).collect(),
    })
}

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
use super::state::{Begins, State};
use super::{Event, Found, Moment, OverTime};

/// Most events that wait to be put in order.
pub const MAX_WAITING: usize = 400_000;

/// Most groups that are remembered at once.
pub const MAX_GROUPS: usize = 200_000;

/// How many groups are turned away before it is looked again whether old ones can be forgotten.
const TURNED_AWAY_PER_SWEEP: u64 = 10_000;

/// An event that counts for a detector.
#[derive(Debug)]
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
        let later = self.waiting.split_off(number.min(self.waiting.len()));
        let ready = std::mem::replace(&mut self.waiting, later);
        for one in ready {
            self.done = Some(one.time);
            self.look(one, out);
        }
    }

    fn look(&mut self, one: Observation, out: &mut dyn FnMut(Found)) {
        let detectors = self.detectors;
        let Some(detector) = detectors.get(one.detector as usize) else { return };
        let key = (one.detector, Arc::clone(&one.group));
        let member = one.member as usize;
        let begins = if let Some(state) = self.groups.get_mut(&key) {
            state.next(detector, member, one.time, one.value.as_ref())
        } else if self.has_room(one.time) {
            let (state, begins) = State::first(detector, member, one.time, one.value.as_ref());
            self.groups.insert(key, state);
            begins
        } else {
            self.limits.turned_away += 1;
            None
        };
        if let Some(begins) = begins {
            out(self.found(detector, one, begins));
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

    fn found(&self, detector: &Detector, one: Observation, begins: Begins) -> Found {
        let values: Vec<Value> = serde_json::from_str(&one.group).unwrap_or_default();
        let group: Map<String, Value> = detector.group.iter().cloned().zip(values).collect();
        let known = |begin: Moment| one.time.since(begin) >= detector.window;
        let history = matches!(detector.logic, Logic::Novel);
        let over_time = OverTime {
            kind: detector.kind,
            group,
            since: begins.since,
            count: begins.count,
            history_complete: history.then(|| self.begin.is_some_and(known)),
        };
        Found { rule: detector.rule, event: one.event, over_time: Some(over_time) }
    }
}

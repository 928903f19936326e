//! What a detector remembers of one group, and when its condition begins to hold.
//!
//! One rule for all kinds: with every event the window is moved to end at that event, the event is
//! taken in, and if the condition holds now, there is a result, unless it held at the event before
//! and that one lies in the window too. A burst raises one result, however long it goes on, and the
//! next burst another.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use super::Moment;
use super::detector::{Bounds, Detector, Logic, Measure, Which, within};
use crate::query::Number;

/// Most events that one window holds; of more the oldest are forgotten.
const MAX_WINDOW_EVENTS: usize = 1 << 20;

/// What is remembered of one group.
#[derive(Debug)]
pub(super) enum State {
    Window(Window),
    /// When the group was seen last.
    Novel(Moment),
    /// When each rule had its last event.
    Together {
        last: Vec<Option<Moment>>,
        held: Held,
    },
    /// For each rule, the latest beginning of a chain that ends with an event of it.
    InOrder {
        chains: Vec<Option<Moment>>,
        held: Held,
    },
}

/// The last event of the group, if the condition held with it.
#[derive(Debug, Default)]
pub(super) struct Held(Option<Moment>);

impl Held {
    /// Takes note of an event; whether the condition begins to hold with it.
    fn begins(&mut self, holds: bool, now: Moment, window: i64) -> bool {
        let goes_on = self.0.is_some_and(|last| within(last, now, window));
        self.0 = holds.then_some(now);
        holds && !goes_on
    }
}

/// The events of a window with what they add up to.
#[derive(Debug, Default)]
pub(super) struct Window {
    events: VecDeque<(Moment, Option<Arc<str>>)>,
    texts: BTreeMap<Arc<str>, u64>,
    numbers: BTreeMap<Number, u64>,
    held: Held,
}

/// A condition that begins to hold.
#[derive(Debug, PartialEq)]
pub(super) struct Begins {
    pub(super) since: Option<Moment>,
    pub(super) count: Option<Value>,
}

impl State {
    /// What is remembered before the first event.
    fn new(detector: &Detector, now: Moment) -> Self {
        let rules = detector.members.len();
        match &detector.logic {
            Logic::Measure(..) => State::Window(Window::default()),
            Logic::Novel => State::Novel(now),
            Logic::Together(_) => {
                State::Together { last: vec![None; rules], held: Held::default() }
            }
            Logic::InOrder => State::InOrder { chains: vec![None; rules], held: Held::default() },
        }
    }

    /// Takes in the first event of a group.
    pub(super) fn first(
        detector: &Detector,
        member: usize,
        now: Moment,
        value: Option<&Arc<str>>,
    ) -> (Self, Option<Begins>) {
        let mut state = Self::new(detector, now);
        let begins = match &state {
            State::Novel(_) => Some(Begins { since: None, count: None }),
            _ => state.next(detector, member, now, value),
        };
        (state, begins)
    }

    /// Takes in an event that is not older than those before.
    pub(super) fn next(
        &mut self,
        detector: &Detector,
        member: usize,
        now: Moment,
        value: Option<&Arc<str>>,
    ) -> Option<Begins> {
        let window = detector.window;
        match (self, &detector.logic) {
            (State::Window(own), Logic::Measure(measure, bounds)) => {
                own.leave(now, window);
                own.next(*measure, bounds, now, window, value)
            }
            (State::Novel(last), _) => {
                let new = !within(*last, now, window);
                *last = now;
                new.then_some(Begins { since: None, count: None })
            }
            (State::Together { last, held }, Logic::Together(which)) => {
                together(last, held, which, member, now, window)
            }
            (State::InOrder { chains, held }, _) => in_order(chains, held, member, now, window),
            _ => None,
        }
    }

    /// Whether nothing that is remembered can matter any more.
    pub(super) fn is_idle(&self, now: Moment, window: i64) -> bool {
        let old = |moment: &Moment| !within(*moment, now, window);
        match self {
            State::Window(own) => own.events.back().is_none_or(|(last, _)| old(last)),
            State::Novel(last) => old(last),
            State::Together { last: moments, .. } | State::InOrder { chains: moments, .. } => {
                moments.iter().flatten().all(old)
            }
        }
    }
}

impl Window {
    /// Forgets what is too old.
    fn leave(&mut self, now: Moment, window: i64) {
        while let Some((time, _)) = self.events.front()
            && (!within(*time, now, window) || self.events.len() >= MAX_WINDOW_EVENTS)
        {
            self.forget();
        }
    }

    fn forget(&mut self) {
        let Some((_, value)) = self.events.pop_front() else { return };
        let Some(value) = value else { return };
        if let Some(number) = number(&value) {
            less(&mut self.numbers, &number);
        }
        less(&mut self.texts, &value);
    }

    fn next(
        &mut self,
        measure: Measure,
        bounds: &Bounds,
        now: Moment,
        window: i64,
        value: Option<&Arc<str>>,
    ) -> Option<Begins> {
        self.events.push_back((now, value.cloned()));
        if let Some(value) = value {
            if measure.is_numeric() {
                *self.numbers.entry(number(value)?).or_default() += 1;
            }
            *self.texts.entry(Arc::clone(value)).or_default() += 1;
        }
        let measured = self.measured(measure)?;
        self.held.begins(bounds.hold(measured), now, window).then(|| Begins {
            since: self.events.front().map(|(first, _)| *first),
            count: Some(as_json(measured)),
        })
    }

    /// What the events add up to; nothing of numbers if there are none.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    fn measured(&self, measure: Measure) -> Option<Number> {
        let count = || self.numbers.values().sum::<u64>();
        let sum = || self.numbers.iter().map(|(n, times)| n.get() * *times as f64).sum::<f64>();
        let value = match measure {
            Measure::Events => self.events.len() as f64,
            Measure::Distinct => self.texts.len() as f64,
            Measure::Sum => sum(),
            Measure::Mean => sum() / count() as f64,
            Measure::Percentile(percent) => return self.percentile(percent, count()),
        };
        Number::new(value)
    }

    /// The smallest value that is not below this share of the values.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    fn percentile(&self, percent: f64, count: u64) -> Option<Number> {
        let wanted = (percent / 100.0 * count as f64).ceil().max(1.0);
        let mut before = 0;
        self.numbers.iter().find_map(|(number, times)| {
            before += times;
            (before as f64 >= wanted).then_some(*number)
        })
    }
}

fn number(text: &str) -> Option<Number> {
    Number::new(text.trim().parse().ok()?)
}

/// Takes one away from a count.
fn less<K: Ord>(counts: &mut BTreeMap<K, u64>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// A whole number without a fraction.
fn as_json(number: Number) -> Value {
    let value = number.get();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if value.fract() == 0.0 && value.abs() < 1e15 { json!(value as i64) } else { json!(value) }
}

fn together(
    last: &mut [Option<Moment>],
    held: &mut Held,
    which: &Which,
    member: usize,
    now: Moment,
    window: i64,
) -> Option<Begins> {
    for moment in last.iter_mut() {
        *moment = moment.filter(|moment| within(*moment, now, window));
    }
    last.get_mut(member).into_iter().for_each(|moment| *moment = Some(now));
    let holds = which.holds(&|rule| last.get(rule).is_some_and(Option::is_some));
    let since = last.iter().flatten().min().copied();
    held.begins(holds, now, window).then_some(Begins { since, count: None })
}

fn in_order(
    chains: &mut [Option<Moment>],
    held: &mut Held,
    member: usize,
    now: Moment,
    window: i64,
) -> Option<Begins> {
    for chain in chains.iter_mut() {
        *chain = chain.filter(|begin| within(*begin, now, window));
    }
    let begin = match member.checked_sub(1) {
        None => Some(now),
        Some(before) => chains.get(before).copied().flatten(),
    };
    if let (Some(chain), Some(begin)) = (chains.get_mut(member), begin) {
        *chain = Some(chain.map_or(begin, |old| old.max(begin)));
    }
    let since = chains.last().copied().flatten();
    held.begins(since.is_some(), now, window).then_some(Begins { since, count: None })
}

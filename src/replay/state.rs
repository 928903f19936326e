//! What a detector remembers of one group, and when its condition begins to hold.
//!
//! One rule for all kinds but [signals](super::signal): with every event the window is moved to end
//! at that event, the event is taken in, and if the condition holds now, there is a result, unless
//! it held at the event before and that one lies in the window too. A burst raises one result,
//! however long it goes on, and the next burst another.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Moment;
use super::detector::{Bounds, Detector, Logic, Measure, Which, within};
use super::signal::{Begun, SignalState};
use super::timeline::Observation;
use super::window::Window;
use crate::query::Number;

/// What is remembered of one group.
#[derive(Debug)]
pub(super) enum State {
    Window {
        own: Window,
        held: Held,
    },
    /// When the group was seen last.
    Novel(Option<Moment>),
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
    Signal(SignalState),
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

/// A condition that begins to hold.
#[derive(Debug, Default)]
pub(super) struct Begins {
    pub(super) since: Option<Moment>,
    pub(super) count: Option<Value>,
    /// What becomes of a signal with it.
    pub(super) signal: Option<Begun>,
}

impl State {
    /// What is remembered before the first event.
    pub(super) fn new(detector: &Detector) -> Self {
        let rules = detector.members.len();
        match &detector.logic {
            Logic::Measure(..) => State::Window { own: Window::default(), held: Held::default() },
            Logic::Novel => State::Novel(None),
            Logic::Together(_) => {
                State::Together { last: vec![None; rules], held: Held::default() }
            }
            Logic::InOrder => State::InOrder { chains: vec![None; rules], held: Held::default() },
            Logic::Signals(signals) => State::Signal(SignalState::new(signals)),
        }
    }

    /// Takes in all that one event tells of the group, which is not older than the events before;
    /// `out` gets what begins to hold, with the number of the observation.
    pub(super) fn next(
        &mut self,
        detector: &Detector,
        of_one_event: &[Observation],
        out: &mut dyn FnMut(usize, Begins),
    ) {
        if let (State::Signal(state), Logic::Signals(signals)) = (&mut *self, &detector.logic) {
            if let Some(begins) = state.next(signals, of_one_event) {
                out(0, begins);
            }
            return;
        }
        if let State::InOrder { chains, held } = &mut *self {
            if let Some(begins) = in_order(chains, held, of_one_event, detector.window) {
                out(0, begins);
            }
            return;
        }
        for (at, one) in of_one_event.iter().enumerate() {
            if let Some(begins) =
                self.single(detector, one.member as usize, one.time, one.value.as_ref())
            {
                out(at, begins);
            }
        }
    }

    fn single(
        &mut self,
        detector: &Detector,
        member: usize,
        now: Moment,
        value: Option<&Arc<str>>,
    ) -> Option<Begins> {
        let window = detector.window;
        match (self, &detector.logic) {
            (State::Window { own, held }, Logic::Measure(measure, bounds)) => {
                counted(own, held, (*measure, bounds), now, window, value)
            }
            (State::Novel(last), _) => {
                let new = last.is_none_or(|last| !within(last, now, window));
                *last = Some(now);
                new.then(Begins::default)
            }
            (State::Together { last, held }, Logic::Together(which)) => {
                together(last, held, which, member, now, window)
            }
            _ => None,
        }
    }

    /// Whether nothing that is remembered can matter any more.
    pub(super) fn is_idle(&self, now: Moment, window: i64) -> bool {
        let old = |moment: &Moment| !within(*moment, now, window);
        match self {
            State::Window { own, .. } => own.last().as_ref().is_none_or(old),
            State::Novel(last) => last.as_ref().is_none_or(old),
            State::Together { last: moments, .. } | State::InOrder { chains: moments, .. } => {
                moments.iter().flatten().all(old)
            }
            State::Signal(state) => state.last().as_ref().is_none_or(old),
        }
    }
}

fn counted(
    own: &mut Window,
    held: &mut Held,
    (measure, bounds): (Measure, &Bounds),
    now: Moment,
    window: i64,
    value: Option<&Arc<str>>,
) -> Option<Begins> {
    own.leave(now, window);
    own.add(measure, now, value)?;
    let measured = own.measured(measure)?;
    held.begins(bounds.hold(measured), now, window).then(|| Begins {
        since: own.first(),
        count: Some(as_json(measured)),
        signal: None,
    })
}

/// A whole number without a fraction.
pub(super) fn as_json(number: Number) -> Value {
    let value = number.get();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    if value.fract() == 0.0 && value.abs() < 1e15 { json!(value as i64) } else { json!(value) }
}

fn together(
    last: &mut [Option<Moment>],
    held: &mut Held,
    which: &Which<usize>,
    member: usize,
    now: Moment,
    window: i64,
) -> Option<Begins> {
    for moment in last.iter_mut() {
        *moment = moment.filter(|moment| within(*moment, now, window));
    }
    last.get_mut(member).into_iter().for_each(|moment| *moment = Some(now));
    let holds = which.holds(&|rule| last.get(*rule).is_some_and(Option::is_some));
    let since = last.iter().flatten().min().copied();
    held.begins(holds, now, window).then(|| Begins { since, ..Begins::default() })
}

/// Each rule needs an event of its own, after that of the rule before: what one event tells goes
/// on from where the events before it had led.
fn in_order(
    chains: &mut [Option<Moment>],
    held: &mut Held,
    of_one_event: &[Observation],
    window: i64,
) -> Option<Begins> {
    let now = of_one_event.first()?.time;
    for chain in chains.iter_mut() {
        *chain = chain.filter(|begin| within(*begin, now, window));
    }
    let earlier = chains.to_vec();
    for member in of_one_event.iter().map(|one| one.member as usize) {
        let begin = match member.checked_sub(1) {
            None => Some(now),
            Some(before) => earlier.get(before).copied().flatten(),
        };
        if let (Some(chain), Some(begin)) = (chains.get_mut(member), begin) {
            *chain = Some(chain.map_or(begin, |old| old.max(begin)));
        }
    }
    let since = chains.last().copied().flatten();
    held.begins(since.is_some(), now, window).then(|| Begins { since, ..Begins::default() })
}

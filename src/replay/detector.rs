//! Conditions over several events: what is watched, and when the condition holds.

use super::Moment;
use super::signal::Signals;
use crate::event::Slot;
use crate::query::{Number, Order};

/// A rule over several events.
#[derive(Debug)]
pub(super) struct Detector {
    /// The rule, by its number.
    pub(super) rule: u32,
    /// What results call it.
    pub(super) kind: &'static str,
    /// The names of the values in which the events agree.
    pub(super) group: Vec<String>,
    /// The rules whose events it watches.
    pub(super) members: Vec<Member>,
    pub(super) logic: Logic,
    /// Over how much time, in milliseconds.
    pub(super) window: i64,
}

/// One of the watched rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    /// What is taken from its events, as its view has them.
    pub(super) taken: Taken,
    /// The same as the record has it, if it does.
    pub(super) of_record: Option<Taken>,
    /// Whether an event counts only if it has a value for each field of the group.
    pub(super) whole: bool,
}

/// What is taken from an event.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) group: Vec<Slot>,
    /// What is counted, added or remembered: a value of each, together; of none, the event.
    pub(super) values: Vec<Slot>,
}

/// When the condition holds.
#[derive(Debug)]
pub(super) enum Logic {
    /// The window's events add up to something within bounds.
    Measure(Measure, Bounds),
    /// The group was not seen before within the window.
    Novel,
    /// The rules of which the window has events satisfy this.
    Together(Which<usize>),
    /// The window has events of all rules in their order.
    InOrder,
    /// A signal is raised, stays open and closes, as on Datadog.
    Signals(Signals),
}

/// What events add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    Events,
    Distinct,
    Sum,
    Mean,
    /// The greatest value.
    Greatest,
    /// The value at or below which this share of all values lies, in percent.
    Percentile(f64),
}

impl Logic {
    /// Whether results name the values that it looks at, so that they have to be told apart.
    pub(super) fn names_values(&self) -> bool {
        matches!(self, Logic::Signals(signals) if signals.history().is_some())
    }

    /// How far back it looks for what is known already, if that is what it is about.
    pub(super) fn history(&self, window: i64) -> Option<i64> {
        match self {
            Logic::Novel => Some(window),
            Logic::Signals(signals) => signals.history(),
            _ => None,
        }
    }
}

impl Measure {
    /// Whether the values have to be numbers.
    pub(super) fn is_numeric(self) -> bool {
        !matches!(self, Measure::Events | Measure::Distinct)
    }
}

/// Bounds on a number; all must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Bounds {
    pub(super) bounds: Vec<(Order, Number)>,
    pub(super) not_equal: Option<Number>,
}

impl Bounds {
    pub(super) fn hold(&self, value: Number) -> bool {
        self.bounds.iter().all(|(order, bound)| order.holds(value.cmp(bound)))
            && self.not_equal.is_none_or(|other| value != other)
    }
}

/// A condition: leaves under `not`, `and`, `or`. Of a correlation they are its rules, by number.
#[derive(Debug)]
pub(super) enum Which<L> {
    Leaf(L),
    Not(Box<Which<L>>),
    All(Vec<Which<L>>),
    Any(Vec<Which<L>>),
}

impl<L> Which<L> {
    pub(super) fn holds(&self, holds: &dyn Fn(&L) -> bool) -> bool {
        match self {
            Which::Leaf(leaf) => holds(leaf),
            Which::Not(inner) => !inner.holds(holds),
            Which::All(members) => members.iter().all(|member| member.holds(holds)),
            Which::Any(members) => members.iter().any(|member| member.holds(holds)),
        }
    }

    /// Visits every leaf.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&L)) {
        match self {
            Which::Leaf(leaf) => visit(leaf),
            Which::Not(inner) => inner.each(visit),
            Which::All(members) | Which::Any(members) => {
                members.iter().for_each(|member| member.each(visit));
            }
        }
    }
}

/// Whether a moment lies in the window that ends with another.
pub(super) fn within(earlier: Moment, now: Moment, window: i64) -> bool {
    now.since(earlier) <= window
}

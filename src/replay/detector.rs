//! Conditions over several events: what is watched, and when the condition holds.

use super::Moment;
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

/// What is taken from an event of one of the watched rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    pub(super) group: Vec<Slot>,
    pub(super) value: Option<Slot>,
}

/// When the condition holds.
#[derive(Debug)]
pub(super) enum Logic {
    /// The window's events add up to something within bounds.
    Measure(Measure, Bounds),
    /// The group was not seen before within the window.
    Novel,
    /// The rules of which the window has events satisfy this.
    Together(Which),
    /// The window has events of all rules in their order.
    InOrder,
}

/// What events add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    Events,
    Distinct,
    Sum,
    Mean,
    /// The value at or below which this share of all values lies, in percent.
    Percentile(f64),
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

/// A condition over the rules of a correlation, by their number.
#[derive(Debug)]
pub(super) enum Which {
    Rule(usize),
    Not(Box<Which>),
    All(Vec<Which>),
    Any(Vec<Which>),
}

impl Which {
    pub(super) fn holds(&self, seen: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Which::Rule(rule) => seen(*rule),
            Which::Not(inner) => !inner.holds(seen),
            Which::All(members) => members.iter().all(|member| member.holds(seen)),
            Which::Any(members) => members.iter().any(|member| member.holds(seen)),
        }
    }
}

/// Whether a moment lies in the window that ends with another.
pub(super) fn within(earlier: Moment, now: Moment, window: i64) -> bool {
    now.since(earlier) <= window
}

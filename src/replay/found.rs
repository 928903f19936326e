//! What a replay finds.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Moment, RuleFacts};
use crate::event::Place;
use crate::rule::Level;

/// An event that a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Which input it came from, by its number.
    pub input: u32,
    /// Where in the input.
    pub place: Place,
    /// CloudTrail's `eventID`, if it has one.
    pub id: Option<Box<str>>,
    /// When it happened.
    pub time: Option<Moment>,
    /// The record as it was read, if it was asked for.
    pub record: Option<Box<str>>,
}

/// A rule that holds: of an event, or of several up to this one.
#[derive(Clone, Debug)]
pub struct Found {
    /// The rule, by its number in the program.
    pub rule: u32,
    /// The event, or that with which the condition over several began to hold.
    pub event: Arc<Event>,
    /// What several events have in common and add up to.
    pub over_time: Option<OverTime>,
}

/// A condition over several events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverTime {
    /// `threshold`, `new_value`, or the kind of the correlation.
    pub kind: &'static str,
    /// The values in which the events agree.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub group: Map<String, Value>,
    /// The first event that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// The number that was held against the bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Value>,
    /// False if the log begins so late that what is new may be old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_complete: Option<bool>,
    /// The signal that a rule in the form of its platform raises.
    #[serde(flatten)]
    pub signal: Option<Signal>,
}

/// A signal, which stays open while further events only add to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Signal {
    /// What became of it.
    pub signal: SignalChange,
    /// The case that holds, if it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// How urgent it is, as the case says.
    pub level: Level,
    /// Values that were not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub new: Vec<Map<String, Value>>,
}

/// What an event does to a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalChange {
    /// There is one now.
    Opened,
    /// It was open, and is more urgent now.
    Raised,
}

impl Found {
    /// How urgent it is: as the signal says, or else its rule.
    pub fn level(&self, rule: &RuleFacts) -> Option<Level> {
        let signal = self.over_time.as_ref().and_then(|over| over.signal.as_ref());
        signal.map(|signal| signal.level).or(rule.level)
    }
}

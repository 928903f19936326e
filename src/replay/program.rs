//! What rules are compiled to: indexes of predicates, and what follows when one of them holds.

use std::fmt;

use super::Index;
use super::detector::Detector;
use crate::event::{Slot, Wrappers};
use crate::fields::View;
use crate::query::FieldPath;
use crate::rule::Level;

/// A rule as far as results speak of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFacts {
    /// Its id, or else its name.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// How urgent a match is.
    pub level: Option<Level>,
    /// The file that it stands in.
    pub file: String,
}

/// Why a rule does not run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// No event of the run can be of its log source.
    LogSource,
    /// It cannot be evaluated on events; why, in words.
    Refused(String),
}

/// All rules of a run, compiled.
pub struct Program {
    /// The rules that run, in the order of the set.
    pub rules: Vec<RuleFacts>,
    /// The rules that do not run.
    pub left_out: Vec<(RuleFacts, LeftOut)>,
    /// Predicates over records.
    pub(super) raw: Lane,
    /// Predicates over what platforms make of CloudTrail's records.
    pub(super) projected: Vec<(View, Lane)>,
    /// Whether records say which of them Datadog's log is to be made of.
    pub(super) is_sifted: bool,
    pub(super) detectors: Vec<Detector>,
    pub(super) slots: EventSlots,
    /// Whether events that are not CloudTrail's have a log source too.
    pub(super) others: bool,
}

impl Program {
    /// How many distinct tests and predicates all rules come down to.
    pub fn size(&self) -> (usize, usize) {
        let lanes = std::iter::once(&self.raw).chain(self.projected.iter().map(|(_, lane)| lane));
        lanes.map(|lane| lane.index.size()).fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1))
    }

    /// What is read of records that wrap CloudTrail's: whatever some rule is for.
    pub fn wrappers(&self) -> Wrappers {
        let lanes = std::iter::once(&self.raw).chain(self.projected.iter().map(|(_, lane)| lane));
        let uses = || lanes.clone().flat_map(|lane| &lane.uses);
        match (uses().any(|own| own.sources.wrappers), uses().any(|own| own.sources.cloudtrail)) {
            (false, _) => Wrappers::Opened,
            (true, false) => Wrappers::Kept,
            (true, true) => Wrappers::Both,
        }
    }

    /// The fields that are taken out of records; `None` if rules look at every value.
    pub fn fields(&self) -> Option<&[FieldPath]> {
        self.raw.index.fields()
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

/// The predicates of one view.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) index: Index,
    /// By predicate.
    pub(super) uses: Vec<Use>,
}

/// What a predicate is for.
#[derive(Debug)]
pub(super) struct Use {
    /// The events that it is asked of.
    pub(super) sources: Sources,
    /// What follows when it holds.
    pub(super) triggers: Vec<Then>,
}

/// What follows, and of which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Then {
    pub(super) trigger: Trigger,
    pub(super) when: When,
}

/// Of which records something follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Of all.
    Always,
    /// Of those that have the shape on which the way back from logs leans. The record itself has
    /// what is counted and grouped by.
    Usual,
    /// Of all others.
    Odd,
}

impl When {
    /// Whether it does of a record.
    pub(super) fn includes(self, is_odd: bool) -> bool {
        match self {
            When::Always => true,
            When::Usual => !is_odd,
            When::Odd => is_odd,
        }
    }
}

/// What follows when a predicate holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// The rule matches.
    Alert(u32),
    /// The event counts for one of the rules that a detector watches.
    Observe {
        /// The detector, by its number.
        detector: u32,
        /// Which of its rules.
        member: u32,
    },
    /// Datadog's log has to be made of the record.
    MakeLog,
}

/// Which events a rule is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Sources {
    /// The records of CloudTrail.
    pub(super) cloudtrail: bool,
    /// All others.
    pub(super) others: bool,
    /// Those of the others that wrap CloudTrail's records, where these are looked at, too.
    pub(super) wrappers: bool,
}

impl Sources {
    pub(super) fn are_none(self) -> bool {
        !self.cloudtrail && !self.others
    }

    /// Whether an event is among them.
    pub(super) fn have(self, kind: Kind) -> bool {
        match kind {
            Kind::CloudTrail => self.cloudtrail,
            Kind::Wrapper => self.wrappers,
            Kind::Other => self.others,
        }
    }
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A record of CloudTrail.
    CloudTrail,
    /// What wraps records of CloudTrail that are events, too.
    Wrapper,
    /// Anything else.
    Other,
}

/// Where the facts of an event are found that every result names.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventSlots {
    pub(super) id: Slot,
    /// The fields that CloudTrail's records are known by.
    pub(super) shape: [Slot; 4],
    pub(super) cloudtrail_time: Slot,
    pub(super) time: Slot,
}

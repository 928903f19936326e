//! Values that were not seen before.
//!
//! A group learns from its first event on, for a time or for a number of events; its first value is
//! always learnt if it learns for a time. A value that is not seen for long enough is forgotten, and
//! a group of which nothing is remembered learns anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Holds;
use crate::replay::Moment;
use crate::replay::detector::within;
use crate::replay::state::Begins;
use crate::replay::timeline::Observation;

/// Most values that are remembered of one group; of more the half seen longest ago is forgotten.
const MAX_VALUES: usize = 1 << 16;

/// What is learnt, and for how long.
#[derive(Debug)]
pub(in crate::replay) struct Learning {
    pub(in crate::replay) until: Until,
    /// After this time without it, a value is forgotten.
    pub(in crate::replay) forget: i64,
}

/// When learning is over.
#[derive(Debug)]
pub(in crate::replay) enum Until {
    /// After this time.
    Time(i64),
    /// After so many events.
    Events(u64),
}

/// What a group has learnt.
#[derive(Debug, Default)]
pub(super) struct Memory {
    first: Option<Moment>,
    last: Option<Moment>,
    events: u64,
    values: BTreeMap<Arc<str>, Moment>,
}

impl Memory {
    pub(super) fn next(&mut self, learning: &Learning, event: &[Observation]) -> Option<Holds> {
        let now = event.first()?.time;
        if self.last.is_none_or(|last| !within(last, now, learning.forget)) {
            *self = Self { first: Some(now), ..Self::default() };
        }
        let learns = match learning.until {
            Until::Time(time) => {
                self.events == 0 || self.first.is_none_or(|first| now.since(first) < time)
            }
            Until::Events(number) => self.events < number,
        };
        self.last = Some(now);
        self.events += 1;
        let mut new = Vec::new();
        for value in event.iter().filter_map(|one| one.value.as_ref()) {
            let known = self.values.insert(Arc::clone(value), now);
            if known.is_none_or(|last| !within(last, now, learning.forget)) {
                new.push(Arc::clone(value));
            }
        }
        self.make_room(now, learning.forget);
        let raises = !learns && !new.is_empty();
        raises.then(|| Holds { case: 0, begins: Begins::default(), new })
    }

    fn make_room(&mut self, now: Moment, forget: i64) {
        if self.values.len() <= MAX_VALUES {
            return;
        }
        self.values.retain(|_, last| within(*last, now, forget));
        let mut moments: Vec<Moment> = self.values.values().copied().collect();
        moments.sort_unstable();
        if let Some(middle) = moments.get(MAX_VALUES / 2)
            && self.values.len() > MAX_VALUES
        {
            self.values.retain(|_, last| *last >= *middle);
        }
        while self.values.len() > MAX_VALUES {
            self.values.pop_first();
        }
    }
}

//! The events of a sliding window with what they add up to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::Moment;
use super::detector::{Measure, within};
use crate::query::Number;

/// Most events that one window holds; of more the oldest are forgotten.
const MAX_EVENTS: usize = 1 << 20;

/// The events of a window.
#[derive(Debug, Default)]
pub(super) struct Window {
    events: VecDeque<(Moment, Option<Arc<str>>)>,
    texts: BTreeMap<Arc<str>, u64>,
    numbers: BTreeMap<Number, u64>,
}

impl Window {
    /// Forgets what is too old.
    pub(super) fn leave(&mut self, now: Moment, window: i64) {
        while let Some((time, _)) = self.events.front()
            && (!within(*time, now, window) || self.events.len() >= MAX_EVENTS)
        {
            self.forget();
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn forget(&mut self) {
        let Some((_, value)) = self.events.pop_front() else { return };
        let Some(value) = value else { return };
        if let Some(number) = number(&value) {
            less(&mut self.numbers, &number);
        }
        less(&mut self.texts, &value);
    }

    /// Takes in an event; `None` if a number is asked for and its value is none.
    pub(super) fn add(
        &mut self,
        measure: Measure,
        now: Moment,
        value: Option<&Arc<str>>,
    ) -> Option<()> {
        self.events.push_back((now, value.cloned()));
        if let Some(value) = value {
            if measure.is_numeric() {
                *self.numbers.entry(number(value)?).or_default() += 1;
            }
            *self.texts.entry(Arc::clone(value)).or_default() += 1;
        }
        Some(())
    }

    /// When the first event happened.
    pub(super) fn first(&self) -> Option<Moment> {
        self.events.front().map(|(first, _)| *first)
    }

    /// When the last event happened.
    pub(super) fn last(&self) -> Option<Moment> {
        self.events.back().map(|(last, _)| *last)
    }

    /// What the events add up to; nothing of numbers if there are none.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    pub(super) fn measured(&self, measure: Measure) -> Option<Number> {
        let count = || self.numbers.values().sum::<u64>();
        let sum = || self.numbers.iter().map(|(n, times)| n.get() * *times as f64).sum::<f64>();
        let value = match measure {
            Measure::Events => self.events.len() as f64,
            Measure::Distinct => self.texts.len() as f64,
            Measure::Sum => sum(),
            Measure::Mean => sum() / count() as f64,
            Measure::Greatest => return self.numbers.keys().next_back().copied(),
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

//! Durations: a number and one unit, as Sigma's `timespan` and Elastic's `interval` write them.

use std::fmt;

use serde::{Serialize, Serializer};

/// A length of time in the unit that it was written in.
#[derive(Clone, Copy, Debug)]
pub struct Duration {
    /// How many units; at least one unless the duration is zero.
    pub count: u64,
    /// The unit.
    pub unit: Unit,
}

/// Units of time. Months and years have no fixed length and are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
}

impl Unit {
    const ALL: [(char, Unit, u64); 5] = [
        ('s', Unit::Second, 1),
        ('m', Unit::Minute, 60),
        ('h', Unit::Hour, 3600),
        ('d', Unit::Day, 86_400),
        ('w', Unit::Week, 604_800),
    ];
}

impl Duration {
    /// Reads `10m`, `1h`, `0s`.
    pub fn parse(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let &(letter, unit, _) = Unit::ALL.iter().find(|(letter, ..)| *letter == unit)?;
        let count = text.strip_suffix(letter)?;
        let plain =
            !count.is_empty() && count.len() < 10 && count.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| count.parse().ok()).flatten().map(|count| Self { count, unit })
    }

    /// The length in seconds.
    pub fn seconds(self) -> u64 {
        self.count * Unit::ALL.iter().find(|(_, unit, _)| *unit == self.unit).map_or(1, |row| row.2)
    }

    /// The largest unit that gives a whole number, in words: `1 hour`, `90 minutes`.
    pub fn in_words(self) -> String {
        let seconds = self.seconds();
        let (length, name) = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
            .into_iter()
            .find(|(length, _)| seconds.is_multiple_of(*length) && seconds >= *length)
            .unwrap_or((1, "second"));
        let count = seconds / length;
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    }
}

/// Durations are equal if they are equally long.
impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.seconds() == other.seconds()
    }
}

impl Eq for Duration {}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter =
            Unit::ALL.iter().find(|(_, unit, _)| *unit == self.unit).map_or('s', |row| row.0);
        write!(f, "{}{letter}", self.count)
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

//! What could not be read, and where.

use std::fmt;

/// Where in an input something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which record of the input, counted from one, broken ones included.
    pub record: u64,
    /// Which line, counted from one, where each record has a line of its own.
    pub line: Option<u64>,
}

/// A record, or the rest of an input, that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where; `None` if it is about the input as a whole.
    pub place: Option<Place>,
    /// Why, in words.
    pub reason: String,
}

impl Fault {
    /// A record that is left out.
    pub fn at(place: Place, reason: impl Into<String>) -> Self {
        Self { place: Some(place), reason: reason.into() }
    }

    /// An input that ends early, or is none.
    pub fn whole(reason: impl Into<String>) -> Self {
        Self { place: None, reason: reason.into() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}"),
            None => write!(f, "record {}", self.record),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

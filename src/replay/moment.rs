//! When an event happened.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use crate::event::Scalar;

/// Numbers from here on are milliseconds since 1970, smaller ones seconds: as seconds this is the
/// year 5138, as milliseconds the year 1973.
const FIRST_MILLISECONDS: f64 = 1e11;

/// A point in time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// Reads a date and time in ISO 8601 (without a zone it is UTC), or a number of seconds or
    /// milliseconds since 1970.
    pub fn of(value: &Scalar<'_>) -> Option<Self> {
        match value {
            Scalar::Text(text) => Self::parse(text),
            Scalar::Number(number) => {
                let number = number.as_f64()?;
                let millis = if number < FIRST_MILLISECONDS { number * 1e3 } else { number };
                #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
                let millis = (millis.abs() < 2e14).then_some(millis as i64)?;
                Some(Self(millis))
            }
            _ => None,
        }
    }

    /// Reads a date and time in ISO 8601; without a zone it is UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let zoned = || Timestamp::from_str(text).ok();
        let civil = || TimeZone::UTC.to_timestamp(DateTime::from_str(text).ok()?).ok();
        Some(Self(zoned().or_else(civil)?.as_millisecond()))
    }

    /// Milliseconds from an earlier point in time to this.
    pub fn since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The hour, in UTC: `2024-05-01T13`.
    pub fn hour(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H").to_string()
    }

    /// The day, in UTC: `2024-05-01`.
    pub fn day(self) -> String {
        self.timestamp().strftime("%Y-%m-%d").to_string()
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or_default()
    }
}

/// ISO 8601 in UTC; milliseconds only if there are some.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

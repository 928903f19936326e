//! Calendar dates as rules write them.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Serialize, Serializer};

/// A day. Printed as `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// Reads `YYYY-MM-DD`, or `YYYY/MM/DD` as rules before Sigma 2 have it; nothing else, so that
    /// day and month cannot be mixed up.
    pub fn parse(text: &str) -> Option<Self> {
        let separators = (text.as_bytes().get(4)?, text.as_bytes().get(7)?);
        if text.len() != 10 || !matches!(separators, (b'-', b'-') | (b'/', b'/')) {
            return None;
        }
        let date = civil::Date::from_str(&text.replace('/', "-")).ok()?;
        // Years far away are slips of the finger; pySigma draws the line at the same place.
        (1000..4000).contains(&date.year()).then_some(Self(date))
    }

    /// Reads `21 November 2026`, also with `Nov` and `21st`.
    pub fn in_english(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (day, month, year) = (words.next()?, words.next()?, words.next()?);
        let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let name = month.trim_end_matches(['.', ',']);
        let text = format!("{day} {name} {year}");
        let forms = ["%d %B %Y", "%d %b %Y"];
        let date = forms.iter().find_map(|form| jiff::civil::Date::strptime(form, &text).ok())?;
        words.next().is_none().then_some(Self(date))
    }

    /// `21 November 2026`, as Datadog's changelogs write it.
    pub fn in_words(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

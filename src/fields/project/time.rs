//! Points in time, as Elastic's `date` processor reads and writes them.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use regex::{Captures, Regex};

/// The texts that ISO 8601 in the sense of Elasticsearch's format `iso8601` takes: a date of which
/// the end may be missing, and a time of which the end may be missing, with or without an offset.
pub(crate) const SHAPE: &str = r"\A(?<year>[0-9]{4})(?:-(?<month>0[1-9]|1[0-2])(?:-(?<day>0[1-9]|[12][0-9]|3[01])(?:T(?<hour>[01][0-9]|2[0-3])(?::(?<minute>[0-5][0-9])(?::(?<second>[0-5][0-9])(?:[.,](?<fraction>[0-9]{1,9}))?)?)?(?:Z|(?<sign>[+-])(?<hours>[01][0-9])(?::?(?<minutes>[0-5][0-9]))?)?)?)?)?\z";

static PARTS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(SHAPE).expect("INVARIANT: the expression is a constant"));

/// The point in time in UTC with milliseconds; `None` if the text is none.
pub(super) fn iso(text: &str) -> Option<String> {
    let parts = PARTS.captures(text)?;
    let (hours, minutes) = (number(&parts, "hours", 0)?, number(&parts, "minutes", 0)?);
    let offset = i32::from(hours) * 3600 + i32::from(minutes) * 60;
    let behind = parts.name("sign").is_some_and(|sign| sign.as_str() == "-");
    let fraction = parts.name("fraction").map_or("0", |part| part.as_str());
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    let [month, day, hour, minute, second] =
        [("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0)].map(
            |(name, missing)| number(&parts, name, missing).and_then(|n| i8::try_from(n).ok()),
        );
    let year = number(&parts, "year", 0)?;
    let civil = DateTime::new(year, month?, day?, hour?, minute?, second?, nanoseconds).ok()?;
    let offset = Offset::from_seconds(if behind { -offset } else { offset }).ok()?;
    Some(format!("{:.3}", offset.to_timestamp(civil).ok()?))
}

fn number(parts: &Captures<'_>, name: &str, missing: i16) -> Option<i16> {
    parts.name(name).map_or(Some(missing), |part| part.as_str().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::iso;

    #[test]
    fn times_are_read_as_elasticsearch_reads_them() {
        for (text, expected) in [
            ("2023-07-10T12:29:01Z", Some("2023-07-10T12:29:01.000Z")),
            ("2023-07-10T12:29:01.98765Z", Some("2023-07-10T12:29:01.987Z")),
            ("2023-07-10T12:29:01+02:00", Some("2023-07-10T10:29:01.000Z")),
            ("2023-07-10T00:29-0130", Some("2023-07-10T01:59:00.000Z")),
            ("2023-07-10", Some("2023-07-10T00:00:00.000Z")),
            ("20131102T010628Z", None),
            ("2023-02-30T00:00:00Z", None),
            ("2023-07-10 12:29:01Z", None),
            ("...", None),
            ("", None),
        ] {
            assert_eq!(iso(text).as_deref(), expected, "{text}");
        }
    }
}

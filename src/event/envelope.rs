//! CloudTrail's records inside of what other services wrap them in.
//!
//! | where from | the record is |
//! |---|---|
//! | `aws cloudtrail lookup-events` | the text in `CloudTrailEvent` of each of `Events` |
//! | EventBridge, `detail-type` ending in "via CloudTrail" | the object in `detail` |
//! | CloudWatch Logs: subscriptions, `aws logs filter-log-events` | the text in `message` of each of `logEvents` or `events` |
//!
//! Members of such lists are known one a line, too. Sources: AWS's API references of LookupEvents and
//! FilterLogEvents, and its guides to EventBridge events and to subscription filters. Only what says
//! by itself that it holds a record of CloudTrail is opened; other messages stay what they are.

use std::ops::Range;

use memchr::memmem;
use serde::de::IgnoredAny;

use super::scan::{Scanner, Step};

/// Keys of the lists that hold wrapped records.
const LISTS: &[&str] = &["Events", "events", "logEvents"];

/// How CloudTrail itself begins a record.
const BARE: &[u8] = b"\"eventVersion\"";

/// What every record has, whichever text it stands in.
const IN_RECORDS: &[u8] = b"eventVersion";

/// What the wrapper of a record in a text has that has no other purpose.
const LOOKED_UP: &[u8] = b"\"CloudTrailEvent\"";

/// What the other wrappers have, one of these.
const IN_WRAPPERS: &[&[u8]] = &[b"via CloudTrail\"", b"\"message\""];

/// How the kind of an event ends that EventBridge has from CloudTrail.
const VIA: &str = " via CloudTrail";

/// Most wrappers around one record: CloudWatch Logs may hold EventBridge's events.
const MOST_WRAPPERS: usize = 2;

/// What a value holds.
#[derive(Debug, PartialEq)]
pub(super) enum Inside {
    /// Nothing but itself.
    Itself,
    /// A record that stands in it as it is.
    Part(Range<usize>),
    /// A record, written as text.
    Text(String),
    /// A text that should be a record; what it is, in words.
    Broken(String),
}

/// Whether a key is one of a list of wrapped records, in quotes as it stands there.
pub(super) fn is_list(key: &[u8]) -> bool {
    let key = key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\""));
    key.is_some_and(|key| LISTS.iter().any(|known| known.as_bytes() == key))
}

/// Whether a value may hold records inside; quick to tell of CloudTrail's own.
pub(super) fn may_wrap(value: &[u8]) -> bool {
    let first = value.get(1..).unwrap_or_default().trim_ascii_start();
    let has = |sign: &[u8]| memmem::find(value, sign).is_some();
    !first.starts_with(BARE)
        && (has(LOOKED_UP) || (has(IN_RECORDS) && IN_WRAPPERS.iter().any(|sign| has(sign))))
}

/// The record in a value.
pub(super) fn inside(value: &[u8]) -> Inside {
    let mut found = once(value);
    for _ in 1..MOST_WRAPPERS {
        let Inside::Text(text) = &found else { return found };
        found = match once(text.as_bytes()) {
            Inside::Itself => return found,
            Inside::Part(range) => Inside::Text(text.get(range).unwrap_or_default().to_owned()),
            deeper => deeper,
        };
    }
    found
}

/// What is in the outermost wrapper.
fn once(value: &[u8]) -> Inside {
    if !may_wrap(value) {
        return Inside::Itself;
    }
    let members = Members::of(value);
    if let Some(text) = members.get("CloudTrailEvent").and_then(text) {
        return checked("CloudTrailEvent", text);
    }
    if let Some(detail) = members.at("detail")
        && members.get("detail-type").and_then(text).is_some_and(|kind| kind.ends_with(VIA))
        && value.get(detail.start) == Some(&b'{')
    {
        return Inside::Part(detail);
    }
    match members.get("message").filter(|_| members.has("timestamp")).and_then(text) {
        Some(text) if is_record(&text) => checked("message", text),
        _ => Inside::Itself,
    }
}

/// Whether a text means to be a record, or one of EventBridge's events with it.
fn is_record(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"eventVersion\"")
}

fn checked(member: &str, text: String) -> Inside {
    if !text.trim_start().starts_with('{') {
        return Inside::Broken(format!("the text in `{member}` is no JSON object"));
    }
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Inside::Text(text),
        Err(error) => {
            let words = error.to_string();
            let reason = words.split(" at line ").next().unwrap_or_default();
            Inside::Broken(format!("the record in `{member}` is broken: {reason}"))
        }
    }
}

fn text(value: &[u8]) -> Option<String> {
    serde_json::from_slice(value).ok()
}

/// The members of an object, by where their values stand.
struct Members<'v> {
    value: &'v [u8],
    all: Vec<(&'v [u8], Range<usize>)>,
}

impl<'v> Members<'v> {
    /// As far as the object is whole.
    fn of(value: &'v [u8]) -> Self {
        let mut all = Vec::new();
        let mut at = 1;
        while let Some((key, own)) = member(value, at) {
            at = own.end;
            all.push((value.get(key).unwrap_or_default(), own));
        }
        Self { value, all }
    }

    fn at(&self, key: &str) -> Option<Range<usize>> {
        // As in every reader of JSON, the last of equal keys counts.
        let found = self.all.iter().rev().find(|(own, _)| *own == key.as_bytes());
        found.map(|(_, value)| value.clone())
    }

    fn get(&self, key: &str) -> Option<&'v [u8]> {
        self.value.get(self.at(key)?)
    }

    fn has(&self, key: &str) -> bool {
        self.at(key).is_some()
    }
}

/// The next key, without its quotes, and its value.
fn member(object: &[u8], at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let key = behind(object, at, b", \t\r\n");
    let end = end(object, key).filter(|_| object.get(key) == Some(&b'"'))?;
    let colon = behind(object, end, b" \t\r\n");
    let value = behind(object, colon + 1, b" \t\r\n");
    let value_end = self::end(object, value).filter(|_| object.get(colon) == Some(&b':'))?;
    Some((key + 1..end - 1, value..value_end))
}

fn behind(bytes: &[u8], at: usize, skipped: &[u8]) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| skipped.contains(byte)).count()
}

/// Where the value ends that begins here.
fn end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    if !matches!(rest.first()?, b'{' | b'[' | b'"') {
        let length = rest.iter().take_while(|byte| !b",}] \t\r\n".contains(byte)).count();
        return (length > 0).then_some(at + length);
    }
    match Scanner::default().feed(rest) {
        Step::Ended(length) => Some(at + length),
        Step::More | Step::Broken(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"eventVersion":"1.08"}"#;

    fn as_text(record: &str) -> String {
        serde_json::Value::from(record).to_string()
    }

    #[test]
    fn only_what_says_that_it_holds_a_record_is_opened() {
        let record = as_text(RECORD);
        let bridge = |kind: &str| format!(r#"{{"detail-type": "{kind}", "detail": {RECORD}}}"#);
        let via = bridge("AWS API Call via CloudTrail");
        for (value, expected) in [
            (RECORD.to_owned(), None),
            (format!(r#"{{"EventId":"1","CloudTrailEvent":{record}}}"#), Some(RECORD)),
            (format!(r#"{{ "timestamp" : 1 , "message" : {record} }}"#), Some(RECORD)),
            (format!(r#"{{"timestamp":1,"message":{}}}"#, as_text(&via)), Some(RECORD)),
            (via, Some(RECORD)),
            // What only looks like one of these.
            (bridge("GuardDuty Finding"), None),
            (format!(r#"{{"message":{record}}}"#), None),
            (format!(r#"{{"timestamp":1,"message":{}}}"#, as_text("START eventVersion")), None),
            (format!(r#"{{"timestamp":1,"message":{}}}"#, as_text("{\"eventVersion_\":1}")), None),
            (format!(r#"{{"a":{{"EventId":"1","CloudTrailEvent":{record}}}}}"#), None),
            (r#"{"detail-type":"A via CloudTrail","detail":"eventVersion"}"#.to_owned(), None),
        ] {
            let found = match inside(value.as_bytes()) {
                Inside::Itself => None,
                Inside::Part(range) => Some(value[range].to_owned()),
                Inside::Text(text) => Some(text),
                Inside::Broken(reason) => panic!("{value}: {reason}"),
            };
            assert_eq!(found.as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn a_text_that_should_be_a_record_is_told() {
        for (value, expected) in [
            (r#"{"EventId":"1","CloudTrailEvent":"x"}"#, "no JSON object"),
            (r#"{"EventId":"1","CloudTrailEvent":"{\"eventVersion\":"}"#, "is broken: EOF"),
            (r#"{"timestamp":1,"message":"{\"eventVersion\":\"1"}"#, "in `message` is broken"),
        ] {
            let found = inside(value.as_bytes());
            assert!(
                matches!(&found, Inside::Broken(reason) if reason.contains(expected)),
                "{found:?}"
            );
        }
    }
}

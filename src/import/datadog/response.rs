//! What an answer of Datadog's API says of a rule beyond the body that would create it.
//!
//! Source: `SecurityMonitoringStandardRuleResponse` against `...CreatePayload` of Datadog's OpenAPI
//! v2 specification, and the fields that recorded answers of May 2026 have beyond it (`isBeta`,
//! `isDeprecated`, `isPartner`, `defaultRuleId`, `blocking`, `metadata`, `creator`, `updater`).

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Map, Value as Json};

use crate::import::Beside;
use crate::rule::Date;

/// Where a field of an answer goes.
enum Goes {
    /// Nowhere: it is about the copy on the server.
    Nowhere,
    /// To [`Beside::date`], from milliseconds.
    Created,
    /// To [`Beside::modified`], from milliseconds.
    Modified,
    /// To [`Beside::default_id`].
    DefaultId,
    /// To [`Beside::maturity`], if it is true.
    Maturity(&'static str),
    /// To [`Beside::other`] as a day, from milliseconds.
    Day,
    /// To [`Beside::other`], unless it says nothing: null, false, or empty all the way down.
    Other,
    /// Into the tags, which hold them already unless somebody took them out.
    Tags,
    /// To [`Beside::other`]; `tf_id` in it is the id of the default rule that was cloned.
    Origin,
}

/// The fields of answers. What is not listed stays in the body.
const TABLE: &[(&str, Goes)] = &[
    // The rule's identity in one organisation: a rule on signals names others by it.
    ("id", Goes::Other),
    // Counters and people of the server.
    ("version", Goes::Nowhere),
    ("compatibleVersion", Goes::Nowhere),
    ("creationAuthorId", Goes::Nowhere),
    ("updateAuthorId", Goes::Nowhere),
    ("creator", Goes::Other),
    ("updater", Goes::Other),
    ("createdAt", Goes::Created),
    ("updatedAt", Goes::Modified),
    // Who made the rule: `defaultRuleId` says it better.
    ("isDefault", Goes::Nowhere),
    ("isPartner", Goes::Other),
    ("isDeleted", Goes::Other),
    ("isDeprecated", Goes::Maturity("deprecated")),
    ("isBeta", Goes::Maturity("beta")),
    ("deprecationDate", Goes::Day),
    ("defaultRuleId", Goes::DefaultId),
    ("defaultTags", Goes::Tags),
    // An organisation's own words over a default rule's.
    ("customName", Goes::Other),
    ("customMessage", Goes::Other),
    ("blocking", Goes::Other),
    ("metadata", Goes::Other),
    // Not of the API: where a collection of rules says that it has the rule from.
    ("_origin", Goes::Origin),
];

/// Whether a field of an answer is left out on purpose.
pub(super) fn is_dropped(field: &str) -> bool {
    TABLE.iter().any(|(name, goes)| *name == field && matches!(goes, Goes::Nowhere))
}

/// Moves the fields of an answer out of the body; the names of those that must stay, because they
/// are of the wrong type.
pub(super) fn split(body: &mut Map<String, Json>, beside: &mut Beside) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    for (name, goes) in TABLE {
        let Some(value) = body.get(*name).cloned() else { continue };
        if take(name, goes, &value, body, beside) {
            // `remove` would bring the last field into the gap.
            body.shift_remove(*name);
        } else {
            wrong.push(*name);
        }
    }
    wrong
}

/// Puts a field where it goes; false if its value is not what it should be, so that it must stay.
fn take(
    name: &str,
    goes: &Goes,
    value: &Json,
    body: &mut Map<String, Json>,
    beside: &mut Beside,
) -> bool {
    match goes {
        Goes::Nowhere => {}
        Goes::Created => match day(value) {
            Some(date) => beside.date = Some(date),
            None => return value.is_null(),
        },
        Goes::Modified => match day(value) {
            Some(date) => beside.modified = Some(date),
            None => return value.is_null(),
        },
        Goes::Day => match day(value) {
            Some(date) => {
                beside.other.insert(name.to_owned(), Json::String(date.to_string()));
            }
            None => return value.is_null(),
        },
        Goes::DefaultId => match value {
            Json::String(id) => beside.default_id = Some(id.clone()),
            _ => return value.is_null(),
        },
        Goes::Maturity(word) => match value {
            Json::Bool(true) => {
                beside.maturity.get_or_insert_with(|| (*word).to_owned());
            }
            Json::Bool(false) | Json::Null => {}
            _ => return false,
        },
        Goes::Other => keep(name, value, beside),
        Goes::Tags => return merge_tags(value, body),
        Goes::Origin => {
            if let (None, Some(Json::String(id))) = (&beside.default_id, value.get("tf_id")) {
                beside.default_id = Some(id.clone());
            }
            keep(name, value, beside);
        }
    }
    true
}

fn keep(name: &str, value: &Json, beside: &mut Beside) {
    if !says_nothing(value) {
        beside.other.insert(name.to_owned(), value.clone());
    }
}

/// Null, false, or empty all the way down.
pub(super) fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Bool(true) | Json::Number(_) => false,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.iter().all(says_nothing),
        Json::Object(map) => map.values().all(says_nothing),
    }
}

fn merge_tags(value: &Json, body: &mut Map<String, Json>) -> bool {
    let Json::Array(defaults) = value else { return value.is_null() };
    match body.entry("tags").or_insert_with(|| Json::Array(Vec::new())) {
        Json::Array(tags) => {
            let seen: HashSet<&Json> = tags.iter().collect();
            let missing = defaults.iter().filter(|tag| !seen.contains(tag));
            let missing: Vec<Json> = missing.cloned().collect();
            tags.extend(missing);
            true
        }
        _ => false,
    }
}

/// The day (in UTC) of a time in milliseconds.
fn day(value: &Json) -> Option<Date> {
    let time = Timestamp::from_millisecond(value.as_i64()?).ok()?;
    Date::parse(&Offset::UTC.to_datetime(time).date().to_string())
}

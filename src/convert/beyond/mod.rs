//! What the rules of the platforms ask of events beside their queries.
//!
//! Tables sort the keys of a rule: some decide nothing about which events raise alerts, some are
//! told apart by what they do, and some the conversion reads elsewhere. A key that stands in no table
//! may do anything, so it is named as well.

mod datadog;
mod elastic;

use serde_json::{Map, Value as Json};

use crate::import::{Foreign, Platform};
use crate::query::{Effect, Loss};

/// Something that decides which events raise alerts, and what going without it does.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    effect: Effect,
    reason: String,
}

/// The keys of one object of a rule.
struct Level {
    /// What the object is, in words: `rule`.
    of: &'static str,
    /// Keys that decide nothing, and keys that are read elsewhere.
    idle: &'static [&'static str],
    /// Keys that decide, what going without them does, and what they are in words.
    asks: &'static [(&'static str, Effect, &'static str)],
}

/// What the query of a rule does not say.
pub(super) fn of_query(foreign: &Foreign) -> Vec<Loss> {
    let parts = match foreign.platform {
        Platform::Elastic => elastic::of_query(&foreign.body),
        Platform::Datadog => datadog::of_query(&foreign.body),
    };
    let loss = |Part { effect, reason }| Loss { code: "query-only", effect, field: None, reason };
    parts.into_iter().map(loss).collect()
}

/// What remains once the group of a rule that does not count is read as well.
pub fn left_by_reading(foreign: &Foreign) -> Vec<String> {
    let parts = match foreign.platform {
        Platform::Elastic => elastic::of_query(&foreign.body),
        Platform::Datadog => datadog::of_reading(&foreign.body),
    };
    parts.into_iter().map(|part| part.reason).collect()
}

/// Whether a rule of Datadog counts its matches, so that a single one may raise no signal.
pub fn counts(body: &Map<String, Json>) -> bool {
    datadog::counts(body)
}

/// Keys of both platforms' documents by which alerts are raised or not, beside those that the tables
/// name because a query leaves them to its rule.
const DECIDING: &[&str] = &[
    "type",
    "language",
    "query",
    "index",
    "data_view_id",
    "threshold",
    "new_terms_fields",
    "history_window_start",
    "interval",
    "from",
    "to",
    "enabled",
    "building_block_type",
    "max_signals",
    "isEnabled",
    "queries",
    "cases",
    "options",
];

/// Whether a key of a platform's document decides over which events raise alerts. What no table knows
/// may do so.
pub fn decides(key: &str) -> bool {
    let is_idle = |level: &Level| level.idle.contains(&key);
    DECIDING.contains(&key) || !is_idle(&elastic::RULE) && !is_idle(&datadog::RULE)
}

/// What a rule says that a document of another platform does not. A rule that `counts` says itself
/// what its events are grouped by.
pub(super) fn of_document(foreign: &Foreign, counts: bool) -> Vec<Loss> {
    let parts = match foreign.platform {
        Platform::Elastic => elastic::of_document(&foreign.body),
        Platform::Datadog => datadog::of_document(&foreign.body, counts),
    };
    let loss =
        |Part { effect, reason }| Loss { code: "platform-only", effect, field: None, reason };
    parts.into_iter().map(loss).collect()
}

/// What a rule asks of events beside its queries, in its own words: each key with its value. Empty if
/// every event that a query matches raises an alert.
pub fn asked(foreign: &Foreign) -> Map<String, Json> {
    match foreign.platform {
        Platform::Elastic => elastic::asked(&foreign.body),
        Platform::Datadog => datadog::asked(&foreign.body),
    }
}

impl Part {
    fn new(effect: Effect, reason: impl Into<String>) -> Self {
        Self { effect, reason: reason.into() }
    }
}

impl Level {
    /// The parts that an object names, in its order.
    fn parts(&self, object: &Map<String, Json>) -> Vec<Part> {
        let part = |(key, _): (&String, &Json)| {
            let asks = self.asks.iter().find(|(own, ..)| own == key);
            match asks {
                Some((_, effect, words)) => {
                    Part::new(*effect, format!("`{key}` stays behind: {words}"))
                }
                None => {
                    let reason = format!("no table says what `{key}` of the {} does", self.of);
                    Part::new(Effect::Overlapping, reason)
                }
            }
        };
        self.deciding(object).map(part).collect()
    }

    /// The keys of an object that may decide, with what they say.
    fn deciding<'o>(
        &'o self,
        object: &'o Map<String, Json>,
    ) -> impl Iterator<Item = (&'o String, &'o Json)> {
        let decides = |(key, value): &(&String, &Json)| {
            !self.idle.contains(&key.as_str()) && !says_nothing(value)
        };
        object.iter().filter(decides)
    }
}

/// Whether a value says what leaving its key out says.
fn says_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Bool(true) => false,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.values().all(says_nothing),
    }
}

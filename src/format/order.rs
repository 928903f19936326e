//! The order of keys, and where blank lines stand.
//!
//! Keys have one order at the top of a rule and in every section whose keys the format defines.
//! Where an author names things (selections, fields, events) the author's order stays.

use super::tree::{Collection, Comment, Document, Entry, Value};

/// Every other key, in the author's order.
const REST: &str = "*";

/// The first key of the sections that Crosswalk adds to Sigma's.
const OWN: &str = "controls";

/// Keys at the top of a document: those of Sigma (rules specification 2.1, correlation and filter
/// specifications), keys that nobody defines, and those of Crosswalk.
const TOP: &[&str] = &[
    "title",
    "id",
    "name",
    "related",
    "taxonomy",
    "status",
    "description",
    "license",
    "author",
    "date",
    "modified",
    "references",
    "tags",
    "logsource",
    "detection",
    "correlation",
    "filter",
    "generate",
    "fields",
    "falsepositives",
    "scope",
    "level",
    REST,
    OWN,
    "strategy",
    "triage",
    "new_value",
    "elastic",
    "datadog",
    "tests",
    "changelog",
];

/// Sections by their path; lists add nothing to it.
const SECTIONS: &[(&str, &[&str])] = &[
    ("", TOP),
    ("related", &["id", "type"]),
    ("logsource", &["category", "product", "service", "definition"]),
    ("detection", &[REST, "timeframe", "condition"]),
    ("correlation", &["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"]),
    ("filter", &["rules", REST, "timeframe", "condition"]),
    ("new_value", &["fields", "history"]),
    (
        "elastic",
        &[
            "rule_id",
            "name",
            "index",
            "interval",
            "from",
            "to",
            "risk_score",
            "severity",
            "max_signals",
            "tags",
            "timestamp_override",
            "setup",
            "investigation_fields",
            "building_block",
            "enabled",
            "integration",
            "version",
            "license",
            "alert_suppression",
            "condition",
            "accept",
            "page",
        ],
    ),
    ("elastic.alert_suppression", &["group_by", "duration", "missing_fields"]),
    ("elastic.accept", &["loss", "reason"]),
    ("elastic.page", &["package", "guide_anchor", "setup_anchor", "query_anchor"]),
    (
        "datadog",
        &[
            "id",
            "slug",
            "name",
            "cases",
            "group_by",
            "evaluation_window",
            "keep_alive",
            "max_signal_duration",
            "has_extended_title",
            "decrease_criticality_based_on_env",
            "enabled",
            "scope",
            "security",
            "iaas",
            "tags",
            "condition",
            "accept",
        ],
    ),
    ("datadog.cases", &["name", "condition", "status", "notifications"]),
    ("datadog.accept", &["loss", "reason"]),
    ("tests", &["name", "match", "event"]),
    ("changelog", &["date", "change"]),
];

/// Puts keys and blank lines of a document into their order.
pub(super) fn arrange(document: &mut Document<'_>) {
    let Value::Collection(root) = &mut document.root.value else { return };
    if let (true, Some(first)) = (root.keyed, root.entries.first_mut()) {
        document.header = header(first);
    }
    sort(root, Some(""));
    let mut own = false;
    for (index, entry) in root.entries.iter_mut().enumerate() {
        let first_own = !own && is_own(entry);
        own |= first_own;
        let gap = if index == 0 { !document.header.is_empty() } else { first_own };
        *entry.gap() = gap;
    }
}

/// Comments that a blank line parts from the first key are about the whole document.
fn header<'t>(first: &mut Entry<'t>) -> Vec<Comment<'t>> {
    let parted = match first.blank {
        true => first.before.len(),
        false => first.before.iter().rposition(|comment| comment.blank).unwrap_or(0),
    };
    let rest = first.before.split_off(parted);
    std::mem::replace(&mut first.before, rest)
}

fn is_own(entry: &Entry<'_>) -> bool {
    let key = entry.key.as_ref().map_or("", |key| key.text.as_str());
    let own = TOP.iter().skip_while(|known| **known != OWN);
    own.into_iter().any(|known| *known == key)
}

/// Sorts a collection and everything below it. The path is `None` below the known sections.
fn sort(collection: &mut Collection<'_>, path: Option<&str>) {
    let section = path.and_then(|path| SECTIONS.iter().find(|(own, _)| *own == path));
    if let (true, Some((_, order))) = (collection.keyed, section) {
        collection.entries.sort_by_key(|entry| rank(entry, order));
    }
    for entry in &mut collection.entries {
        let Value::Collection(inner) = &mut entry.value else { continue };
        let below = section.map(|(path, _)| match &entry.key {
            Some(key) => format!("{path}.{}", key.text).trim_start_matches('.').to_owned(),
            None => (*path).to_owned(),
        });
        sort(inner, below.as_deref());
    }
    // Nothing parts a block from its own first line.
    if let Some(first) = collection.entries.first_mut() {
        *first.gap() = false;
    }
}

/// Where an entry stands; unknown keys stand at [`REST`], or behind all others.
fn rank(entry: &Entry<'_>, order: &[&str]) -> usize {
    let place = |wanted: &str| order.iter().position(|key| *key == wanted);
    let known = entry.key.as_ref().and_then(|key| place(&key.text));
    known.or_else(|| place(REST)).unwrap_or(order.len())
}

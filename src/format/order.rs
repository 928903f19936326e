//! The order of keys, and where blank lines stand.
//!
//! Keys have one order at the top of a rule and in every section whose keys the format defines.
//! Where an author names things (selections, fields, events) the author's order stays.

use super::tree::{Collection, Comment, Document, Entry, Value};

/// Every other key, in the author's order.
const REST: &str = "*";

/// The first key of the sections that Crosswalk adds to Sigma's.
const OWN: &str = "controls";

/// Sections by their path, each with its keys; lists add nothing to a path. At the top stand the
/// keys of Sigma (specifications 2.1 of rules, correlations and filters), then keys that nobody
/// defines, then those of Crosswalk.
const SECTIONS: &[(&str, &str)] = &[
    (
        "",
        "title id name related taxonomy status description license author date modified references \
         tags logsource detection correlation filter generate fields falsepositives scope level * \
         controls strategy triage new_value elastic datadog tests changelog",
    ),
    ("related", "id type"),
    ("logsource", "category product service definition"),
    ("detection", "* timeframe condition"),
    ("correlation", "type rules group-by timespan condition aliases generate"),
    ("correlation.condition", "gt gte lt lte eq neq field percentile"),
    ("filter", "rules * timeframe condition"),
    ("new_value", "fields history"),
    (
        "elastic",
        "rule_id name index interval from to risk_score severity max_signals tags \
         timestamp_override setup investigation_fields building_block enabled integration version \
         license alert_suppression language condition accept page patch",
    ),
    ("elastic.alert_suppression", "group_by duration missing_fields"),
    ("elastic.accept", "loss reason"),
    ("elastic.page", "package guide_anchor setup_anchor query_anchor"),
    (
        "datadog",
        "id slug name cases group_by group_by_optional evaluation_window keep_alive max_signal_duration \
         has_extended_title decrease_criticality_based_on_env enabled scope security iaas tags \
         condition accept patch",
    ),
    ("datadog.cases", "name condition status notifications"),
    ("datadog.accept", "loss reason"),
    ("tests", "name match event"),
    ("changelog", "date change"),
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

/// Whether a key at the top begins or continues the sections that Crosswalk adds.
fn is_own(entry: &Entry<'_>) -> bool {
    let keys = SECTIONS.first().map_or("", |(_, keys)| keys);
    rank(entry, keys) >= place(keys, OWN).unwrap_or(usize::MAX)
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
fn rank(entry: &Entry<'_>, keys: &str) -> usize {
    let known = entry.key.as_ref().and_then(|key| place(keys, &key.text));
    known.or_else(|| place(keys, REST)).unwrap_or(usize::MAX)
}

fn place(keys: &str, wanted: &str) -> Option<usize> {
    keys.split_whitespace().position(|key| key == wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    /// The keys that the schema of rules gives to the mapping at a path.
    fn keys<'s>(schema: &'s Json, path: &str) -> Vec<&'s str> {
        let mut at = schema;
        for step in path.split('.').filter(|step| !step.is_empty()) {
            at = resolved(schema, &at["properties"][step]);
        }
        let keys = at["properties"].as_object().into_iter().flatten();
        keys.map(|(key, _)| key.as_str()).collect()
    }

    /// Behind a reference, a choice of which one is a mapping, and a list.
    fn resolved<'s>(schema: &'s Json, node: &'s Json) -> &'s Json {
        if let Some(name) = node["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return resolved(schema, &schema["$defs"][name]);
        }
        if node["items"].is_object() {
            return resolved(schema, &node["items"]);
        }
        let choices = ["oneOf", "anyOf"].iter().find_map(|key| node[key].as_array());
        let mapping = |node: &&Json| node["properties"].is_object();
        choices.and_then(|all| all.iter().find(mapping)).unwrap_or(node)
    }

    /// A key that is missing here would land behind the others, or among an author's names.
    #[test]
    fn every_key_of_the_schema_has_its_place() {
        let schema: Json =
            serde_json::from_str(include_str!("../../schemas/rule.schema.json")).expect("JSON");
        for (path, order) in SECTIONS {
            let keys = keys(&schema, path);
            assert!(!keys.is_empty(), "the schema has no section `{path}`");
            for key in keys {
                assert!(place(order, key).is_some(), "`{key}` of `{path}` has no place");
            }
        }
    }
}

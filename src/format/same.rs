//! Whether two texts say the same: the formatter's own check of its work.

use super::scalar::is_typed;
use super::tree::{Collection, Entry, Leaf, Stream, Value};

/// Whether every reader gets the same from both, and every comment is there. The order of keys
/// means nothing in YAML; that of lists and documents does.
pub(super) fn same(before: &Stream<'_>, after: &Stream<'_>) -> bool {
    before.comments == after.comments
        && before.documents.len() == after.documents.len()
        && before
            .documents
            .iter()
            .zip(&after.documents)
            .all(|(before, after)| value(&before.root.value, &after.root.value))
}

fn value(before: &Value<'_>, after: &Value<'_>) -> bool {
    match (before, after) {
        (Value::Leaf(before), Value::Leaf(after)) => leaf(before, after),
        (Value::Collection(before), Value::Collection(after)) => collection(before, after),
        _ => false,
    }
}

fn leaf(before: &Leaf<'_>, after: &Leaf<'_>) -> bool {
    before.text == after.text && is_typed(before) == is_typed(after)
}

fn collection(before: &Collection<'_>, after: &Collection<'_>) -> bool {
    let (before_, after_) = (sorted(before), sorted(after));
    before.keyed == after.keyed
        && before_.len() == after_.len()
        && before_.iter().zip(&after_).all(|(before, after)| {
            let keys = match (&before.key, &after.key) {
                (Some(before), Some(after)) => leaf(before, after),
                (before, after) => before.is_none() && after.is_none(),
            };
            keys && value(&before.value, &after.value)
        })
}

/// Entries by their keys, which are unique; lists as they are.
fn sorted<'c, 't>(collection: &'c Collection<'t>) -> Vec<&'c Entry<'t>> {
    let mut entries: Vec<_> = collection.entries.iter().collect();
    entries.sort_by_key(|entry| entry.key.as_ref().map(|key| &key.text));
    entries
}

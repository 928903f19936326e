//! Whether two texts say the same: the formatter's own check of its work.
//!
//! It looks at the trees of `source`, which know nothing of the formatter's, so that a slip in the
//! latter cannot hide.

use super::scalar::is_ambiguous;
use crate::source::{Entry, Kind, Node, Span, Style, read_yaml};

/// Whether every reader gets the same from a text, given with its documents, and from another. The
/// order of keys means nothing in YAML; that of lists and documents does.
pub(super) fn same((before, old): (&str, &[Node]), after: &str) -> bool {
    let (new, errors) = read_yaml(after);
    let texts = Texts { before, after };
    errors.is_empty()
        && old.len() == new.len()
        && old.iter().zip(&new).all(|(old, new)| texts.node(old, new))
}

struct Texts<'t> {
    before: &'t str,
    after: &'t str,
}

impl Texts<'_> {
    fn node(&self, old: &Node, new: &Node) -> bool {
        match (&old.kind, &new.kind) {
            (Kind::Scalar(old), Kind::Scalar(new)) => {
                let [old_plain, new_plain] = [old, new].map(|one| one.style == Style::Plain);
                scalar(&old.text, old_plain, &new.text, new_plain)
            }
            (Kind::Sequence(old), Kind::Sequence(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.node(old, new))
            }
            (Kind::Mapping(old), Kind::Mapping(new)) => {
                let (old, new) = (sorted(&old.entries), sorted(&new.entries));
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.entry(old, new))
            }
            _ => false,
        }
    }

    fn entry(&self, old: &Entry, new: &Entry) -> bool {
        let old_plain = is_plain(self.before, old.key.span);
        let new_plain = is_plain(self.after, new.key.span);
        scalar(&old.key, old_plain, &new.key, new_plain) && self.node(&old.value, &new.value)
    }
}

/// Quotes may come and go unless some reader takes the text without them for something else.
fn scalar(old: &str, old_plain: bool, new: &str, new_plain: bool) -> bool {
    old == new && (old_plain == new_plain || !is_ambiguous(old))
}

/// Whether the key at a place has no quotes; keys know only their text.
fn is_plain(text: &str, key: Span) -> bool {
    text.get(key.start..key.end).is_some_and(|raw| !raw.starts_with(['\'', '"']))
}

/// Entries by their keys, which are unique.
fn sorted(entries: &[Entry]) -> Vec<&Entry> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_by_key(|entry| &entry.key.value);
    entries
}

//! Fixes of values and keys, made only where the text of the file allows it.
//!
//! A scalar of YAML may be folded, escaped or quoted. An edit is offered only if the bytes of the
//! file are the text itself, perhaps in quotes, and stay one scalar of the same type.

use crate::diagnostic::Edit;
use crate::language::sigma::Item;
use crate::source::{SourceFile, Span};

/// Replaces the text of a scalar, which reads `old`, keeping its quotes or adding those it needs.
pub(super) fn replace(source: &SourceFile, span: Span, old: &str, new: &str) -> Option<Edit> {
    let raw = source.text().get(span.start..span.end)?;
    let inner = Span::new(span.start + 1, span.end.checked_sub(1)?);
    for quote in ['\'', '"'] {
        let Some(text) = raw.strip_prefix(quote).and_then(|raw| raw.strip_suffix(quote)) else {
            continue;
        };
        let harmless = !new.contains([quote, '\n']) && (quote == '\'' || !new.contains('\\'));
        return (text == old && harmless && !new.is_empty())
            .then(|| Edit { span: inner, replacement: new.to_owned() });
    }
    let replacement = match stays_text(new) {
        true => new.to_owned(),
        false if new.contains(['\'', '\n']) => return None,
        false => format!("'{new}'"),
    };
    (raw == old).then_some(Edit { span, replacement })
}

/// Whether a text without quotes is one to every YAML reader: a letter first, then what has no
/// meaning of its own, and none of the words that some version reads as something else.
fn stays_text(text: &str) -> bool {
    const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-\\/".contains(c))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Writes another key for an item, unless one like it stands in the same mapping.
pub(super) fn rename_key(
    source: &SourceFile,
    item: &Item,
    beside: &[Item],
    key: &str,
) -> Option<Edit> {
    let old = crate::language::sigma::print::key(item);
    let taken = beside.iter().any(|other| crate::language::sigma::print::key(other) == key);
    let raw = source.text().get(item.span.start..item.span.end)?;
    // Aliases of modifiers print under another name, so the text decides.
    let quote = ['\'', '"'].into_iter().find(|quote| raw.starts_with(*quote));
    let plain = quote.map_or(raw, |quote| raw.trim_matches(quote));
    if taken || plain != old {
        return None;
    }
    let replacement = quote.map_or_else(|| key.to_owned(), |quote| format!("{quote}{key}{quote}"));
    Some(Edit { span: item.span, replacement })
}

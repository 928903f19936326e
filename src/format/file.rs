//! Formatted text beside what stands in the file.

use crate::source::SourceFile;

/// Whether a file already holds exactly this text. A byte-order mark is no part of the style.
pub fn is_formatted(source: &SourceFile, formatted: &str) -> bool {
    source.text() == formatted && !source.has_byte_order_mark()
}

/// The changes from a file to its formatted text, as a unified diff that `patch -p1` takes.
pub fn diff(source: &SourceFile, formatted: &str) -> String {
    let name = source.name();
    similar::TextDiff::from_lines(source.text(), formatted)
        .unified_diff()
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}

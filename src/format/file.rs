//! Formatted text on its way to a file, or shown beside what stands there.

use std::io::{self, Write};
use std::path::Path;

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

/// Gives a file a new text. The file holds the old one or the new one at every moment; it keeps its
/// permissions, and a link keeps pointing at it.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = path.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.persist(&path)?;
    Ok(())
}

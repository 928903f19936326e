//! Writing a file that was read before.

use std::io::{self, Read, Write};
use std::path::Path;

/// UTF-8's byte-order mark, which [`super::SourceFile`] leaves out of its text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Gives a file a new text, as [`replace_file`] does, and keeps its byte-order mark if it has one.
pub fn replace_text(path: &Path, text: &str) -> io::Result<()> {
    let mut start = Vec::new();
    std::fs::File::open(path)?.take(MARK.len() as u64).read_to_end(&mut start)?;
    let mark = if start == MARK { MARK } else { &[] };
    replace_file(path, &[mark, text.as_bytes()].concat())
}

/// Gives a file new bytes: whoever reads it meanwhile sees the old ones or the new ones, and a
/// failure leaves the old ones. Permissions stay, and a link stays a link. A file that is read-only
/// is one that its owner does not want changed, though a rename could: an error.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = path.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    // In the same folder, because a rename across file systems is a copy.
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut next = tempfile::NamedTempFile::new_in(folder)?;
    next.write_all(bytes)?;
    next.as_file().set_permissions(permissions)?;
    next.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_and_nothing_else_of_the_old_text_is_kept() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("rule.yml");
        for (before, after) in
            [("\u{feff}old and long", "\u{feff}new"), ("old", "new"), ("", "new")]
        {
            std::fs::write(&path, before)?;
            replace_text(&path, "new")?;
            assert_eq!(std::fs::read_to_string(&path)?, after);
        }
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn a_read_only_file_stays_as_it_is() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("rule.yml");
        std::fs::write(&path, "old")?;
        let mut permissions = path.metadata()?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions)?;
        for refused in [replace_text(&path, "new"), replace_file(&path, b"new")] {
            assert!(refused.is_err());
        }
        assert_eq!(std::fs::read_to_string(&path)?, "old");
        Ok(())
    }
}

//! Writing a file that was read before.

use std::io::{Read, Write};
use std::path::Path;

/// UTF-8's byte-order mark, which [`super::SourceFile`] leaves out of its text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Replaces the text of a file: whoever reads it meanwhile sees the old text or the new one, and a
/// failure leaves the old one. Permissions stay, a link stays a link, and a byte-order mark is kept.
pub fn replace_text(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let mut start = Vec::new();
    let file = std::fs::File::open(&path)?;
    let permissions = file.metadata()?.permissions();
    file.take(MARK.len() as u64).read_to_end(&mut start)?;
    // In the same folder, because a rename across file systems is a copy.
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut next = tempfile::NamedTempFile::new_in(folder)?;
    if start == MARK {
        next.write_all(MARK)?;
    }
    next.write_all(text.as_bytes())?;
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
}

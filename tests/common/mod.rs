//! What the tests over other people's data share: where the data is, and how a test says that it
//! is not there.

#![allow(dead_code, unreachable_pub, reason = "every test binary uses a part of this module")]

pub mod cloudtrail;
pub mod expressions;
pub mod laws;
pub mod queries;
pub mod random;
pub mod translations;
pub mod witness;

use std::path::PathBuf;

use serde_json::Value;

/// A file or folder of the corpora, or `None` after saying aloud what is skipped.
pub fn corpus(path: &str, what: &str) -> Option<PathBuf> {
    match std::env::var_os("CROSSWALK_CORPORA") {
        Some(root) => Some(PathBuf::from(root).join(path)),
        None => {
            eprintln!("skipped: {what} (CROSSWALK_CORPORA is not set)");
            None
        }
    }
}

/// The rows of a JSON-lines file.
pub fn rows(path: &PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

/// A string member of a row.
pub fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row[key].as_str().unwrap_or_else(|| panic!("no text `{key}` in {row}"))
}

/// Every file with the extension below a folder, sorted.
pub fn files(root: &PathBuf, extension: &str) -> Vec<PathBuf> {
    let (found, errors) = crosswalk::source::discover(std::slice::from_ref(root), &[extension]);
    assert!(errors.is_empty(), "{errors:?}");
    found.into_iter().map(|found| found.path).collect()
}

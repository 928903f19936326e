//! Rules as a revision of a Git repository has them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::source::SourceFile;

/// Why a revision cannot be read; the words are for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct GitError(String);

/// The files with one of the extensions below `paths`, as `revision` has them. Paths are those of
/// the working folder.
pub fn read(
    revision: &str,
    paths: &[PathBuf],
    extensions: &[&str],
) -> Result<Vec<Arc<SourceFile>>, GitError> {
    let commit = commit(revision)?;
    let mut listing = vec!["ls-tree", "-r", "-z", "--name-only", commit.as_str(), "--"];
    let paths: Vec<String> = paths.iter().map(|path| plain(path)).collect();
    listing.extend(paths.iter().map(String::as_str));
    let names = git(&listing)?;
    let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
    let is_wanted = |name: &String| {
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    };
    names
        .filter(is_wanted)
        .map(|name| {
            let bytes = git(&["show", &format!("{commit}:./{name}")])?;
            let shown = format!("{revision}:{name}");
            SourceFile::from_bytes(&shown, bytes).map_err(|error| GitError(error.to_string()))
        })
        .collect()
}

/// The commit behind a name. A name that looks like an option is none.
fn commit(revision: &str) -> Result<String, GitError> {
    if revision.starts_with('-') {
        return Err(GitError(format!("`{revision}` is no revision")));
    }
    let wanted = format!("{revision}^{{commit}}");
    let name = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
        .map_err(|_| GitError(format!("`{revision}` is neither a path nor a Git revision")))?;
    Ok(String::from_utf8_lossy(&name).trim().to_owned())
}

fn plain(path: &Path) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    path.to_string_lossy().into_owned()
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = Command::new("git")
        .args(arguments)
        .output()
        .map_err(|error| GitError(format!("cannot run git: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(GitError(format!("git {}: {}", arguments[0], said.trim())));
    }
    Ok(output.stdout)
}

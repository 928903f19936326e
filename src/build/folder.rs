//! The output folder: replaced as a whole, or left as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::MANIFEST;
use crate::target::Artifact;

/// Why the folder was left as it was.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The file system refused.
    #[error("cannot write `{}`: {error}", path.display())]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The old folder could not be put back.
    #[error(
        "cannot write `{}`: {error}; its old and new content are kept in `{}`",
        path.display(),
        kept.display()
    )]
    Stranded {
        /// The folder.
        path: PathBuf,
        /// Where both are.
        kept: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The folder holds files that no build made.
    #[error(
        "`{}` holds files that crosswalk did not make, such as `{example}`; move them away or choose another folder with --output",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One such file.
        example: String,
    },
}

/// How a folder differs from what a build makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A build makes this file, and it is not there.
    Missing(String),
    /// The file is there with other content.
    Changed(String),
    /// The file is there, and a build does not make it.
    Extra(String),
}

/// Replaces the folder: the new one is written beside it, the old one steps aside and the new one
/// takes its name. Nothing
/// is touched if the folder holds anything that an earlier build did not list in its manifest.
pub fn replace(folder: &Path, artifacts: &[Artifact]) -> Result<(), FolderError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| FolderError::Io { path, error }
    };
    let folder = &resolved(folder).map_err(at(folder))?;
    refuse_foreign(folder)?;
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(at(parent))?;
    let staging =
        tempfile::Builder::new().prefix(".crosswalk-").tempdir_in(parent).map_err(at(parent))?;
    let fresh = staging.path().join("new");
    for artifact in artifacts {
        let path = fresh.join(&artifact.path);
        let folder = path.parent().unwrap_or(&fresh);
        fs::create_dir_all(folder).map_err(at(folder))?;
        fs::write(&path, &artifact.bytes).map_err(at(&path))?;
    }
    let old = staging.path().join("old");
    let had_old = folder.exists();
    if had_old {
        fs::rename(folder, &old).map_err(at(folder))?;
    }
    let Err(error) = fs::rename(&fresh, folder) else { return Ok(()) };
    if had_old && fs::rename(&old, folder).is_err() {
        // Neither the new folder nor the old one has its place: nothing may be deleted now.
        let kept = staging.keep();
        return Err(FolderError::Stranded { path: folder.clone(), kept, error });
    }
    Err(at(folder)(error))
}

/// The folder without `..` and links, so that it has a parent and a name of its own. A folder that
/// is not there yet is resolved by its parents.
fn resolved(folder: &Path) -> io::Result<PathBuf> {
    if folder.exists() {
        return folder.canonicalize();
    }
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
        return std::path::absolute(folder);
    };
    if parent.as_os_str().is_empty() {
        return Ok(std::env::current_dir()?.join(name));
    }
    Ok(resolved(parent)?.join(name))
}

/// How the folder differs from the artifacts, sorted by path.
pub fn compare(folder: &Path, artifacts: &[Artifact]) -> Result<Vec<Difference>, FolderError> {
    let mut there = if folder.exists() { files(folder)? } else { BTreeMap::new() };
    let mut differences = Vec::new();
    for artifact in artifacts {
        match there.remove(&artifact.path) {
            None => differences.push(Difference::Missing(artifact.path.clone())),
            Some(path) => {
                let bytes = fs::read(&path).map_err(|error| FolderError::Io { path, error })?;
                if bytes != artifact.bytes {
                    differences.push(Difference::Changed(artifact.path.clone()));
                }
            }
        }
    }
    differences.extend(there.into_keys().map(Difference::Extra));
    differences.sort();
    Ok(differences)
}

fn refuse_foreign(folder: &Path) -> Result<(), FolderError> {
    if !folder.exists() {
        return Ok(());
    }
    let foreign = |example: String| FolderError::Foreign { path: folder.to_owned(), example };
    if !folder.is_dir() {
        return Err(foreign(String::from(".")));
    }
    let mut there = files(folder)?;
    if there.is_empty() {
        return Ok(());
    }
    for path in listed(&folder.join(MANIFEST)) {
        there.remove(&path);
    }
    there.remove(MANIFEST);
    match there.into_keys().next() {
        Some(example) => Err(foreign(example)),
        None => Ok(()),
    }
}

/// The outputs of an earlier build; none if there is no manifest that can be read.
fn listed(manifest: &Path) -> Vec<String> {
    let manifest = fs::read(manifest).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let manifest: serde_json::Value = manifest.unwrap_or_default();
    let outputs = manifest["outputs"].as_array().cloned().unwrap_or_default();
    outputs.iter().filter_map(|output| Some(output["path"].as_str()?.to_owned())).collect()
}

/// Every file below a folder by its path with `/`. Links are named, not followed.
fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>, FolderError> {
    let mut found = BTreeMap::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        let io = |error| FolderError::Io { path: path.clone(), error };
        for entry in fs::read_dir(&path).map_err(io)? {
            let entry = entry.map_err(io)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().map_err(io)?.is_dir() {
                open.push((entry.path(), name + "/"));
            } else {
                found.insert(name, entry.path());
            }
        }
    }
    Ok(found)
}

//! Finding files below folders, in an order that is the same on every machine.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

/// A file to read and the name under which findings speak of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The name with `/` on every system, as the user wrote the folder.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Files with one of the extensions, below each path or the path itself, sorted by name, each
/// once. Hidden files and what `.gitignore` names are left out. The errors name paths that cannot
/// be read.
pub fn discover(paths: &[PathBuf], extensions: &[&str]) -> (Vec<Found>, Vec<String>) {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    // A file can be named twice, or through a link. One folder without links names each once.
    let mut once = paths.len() < 2;
    for path in paths {
        // A file that is named outright is taken whatever it is called.
        if path.is_file() {
            found.push(Found { name: name_of(path), path: path.clone() });
            continue;
        }
        if let Err(error) = path.metadata() {
            errors.push(format!("`{}`: {}", name_of(path), refusal(&error)));
            continue;
        }
        for entry in WalkBuilder::new(path).require_git(false).build() {
            match entry {
                Ok(entry) if has_extension(entry.path(), extensions) && is_file(&entry) => {
                    once &= !entry.path_is_symlink();
                    found.push(Found { name: name_of(entry.path()), path: entry.into_path() });
                }
                Ok(_) => {}
                Err(error) => errors.push(unreadable(path, &error)),
            }
        }
    }
    found.sort();
    if !once {
        // The first name by order counts.
        let mut seen = HashSet::new();
        let real = |file: &Found| file.path.canonicalize().unwrap_or_else(|_| file.path.clone());
        found.retain(|file| seen.insert(real(file)));
    }
    (found, errors)
}

/// Says which of the files may not be read, as [`discover`] does of folders.
pub fn closed(found: &[Found]) -> Vec<String> {
    let refused = |one: &Found| {
        let error = std::fs::File::open(&one.path).err()?;
        Some(format!("`{}`: {}", one.name, refusal(&error)))
    };
    found.iter().filter_map(refused).collect()
}

fn unreadable(folder: &Path, error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithDepth { err, .. } => unreadable(folder, err),
        ignore::Error::WithPath { path, err } => unreadable(path, err),
        other => match other.io_error() {
            Some(error) => format!("`{}`: {}", name_of(folder), refusal(error)),
            None => other.to_string(),
        },
    }
}

/// What the file system says, in words.
fn refusal(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => error.to_string(),
    }
}

/// Whether an entry is a file, or leads to one. The folder itself says so of most.
fn is_file(entry: &DirEntry) -> bool {
    match entry.file_type() {
        Some(kind) if !kind.is_symlink() => kind.is_file(),
        _ => entry.path().is_file(),
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension()
        .is_some_and(|own| extensions.iter().any(|wanted| own.eq_ignore_ascii_case(wanted)))
}

/// A name is shown to people and put into lines of output, so it holds no control characters.
fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy().replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    name.replace(char::is_control, "\u{fffd}")
}

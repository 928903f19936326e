//! Rules as a revision of a Git repository has them.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

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
    let mut listing = vec!["ls-tree", "-r", "-z", commit.as_str(), "--"];
    let paths: Vec<String> = paths.iter().map(|path| plain(path)).collect();
    listing.extend(paths.iter().map(String::as_str));
    let listed = git(&listing)?;
    let files = listed.split(|byte| *byte == 0).filter_map(File::of);
    let files: Vec<File> = files.filter(|file| file.has_one_of(extensions)).collect();
    let named = |(file, bytes): (&File, Vec<u8>)| {
        let shown = format!("{revision}:{}", file.name);
        SourceFile::from_bytes(&shown, bytes).map_err(|error| GitError(error.to_string()))
    };
    files.iter().zip(contents(&files)?).map(named).collect()
}

/// A file of a revision.
struct File {
    /// The hash of its content.
    object: String,
    name: String,
}

impl File {
    /// A line of `git ls-tree`: `mode type object<TAB>name`. What is no file has no content.
    fn of(line: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(line);
        let (about, name) = line.split_once('\t')?;
        let [_, "blob", object] = about.split(' ').collect::<Vec<_>>()[..] else { return None };
        Some(Self { object: object.to_owned(), name: name.to_owned() })
    }

    fn has_one_of(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(&self.name).extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    }
}

/// The contents of files, in order, by one process: one for each file would take longer than all
/// that is done with them.
fn contents(files: &[File]) -> Result<Vec<Vec<u8>>, GitError> {
    let failed = |error: io::Error| GitError(format!("cannot run git: {error}"));
    let mut asked = Command::new("git")
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let (stdin, stdout) = (asked.stdin.take(), asked.stdout.take());
    let read = thread::scope(|scope| {
        // Both ends at once: either would wait for the other when a pipe is full.
        let names = scope.spawn(|| {
            let mut stdin = stdin?;
            files.iter().try_for_each(|file| writeln!(stdin, "{}", file.object)).ok()
        });
        let mut answers = BufReader::new(stdout.ok_or_else(cut_off)?);
        let read: io::Result<Vec<Vec<u8>>> = files.iter().map(|_| answer(&mut answers)).collect();
        let _ = names.join();
        read
    });
    asked.wait().map_err(failed)?;
    read.map_err(failed)
}

/// One answer of `git cat-file --batch`: `object type size`, the bytes, and a line feed.
fn answer(answers: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let size = head.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse::<u64>().ok());
    let mut bytes = Vec::new();
    answers.by_ref().take(size.ok_or_else(cut_off)?).read_to_end(&mut bytes)?;
    answers.read_exact(&mut [0])?;
    Ok(bytes)
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "its answer broke off")
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

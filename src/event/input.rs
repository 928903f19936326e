//! Where records come from: files, folders, standard input; gzip or not.

use std::fs::File;
use std::io::{self, BufReader, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ignore::WalkBuilder;

use super::gzip::{GZIP, Members};
use super::{Fault, Splitter};

/// Extensions of files that are read where only their folder is named.
pub const EXTENSIONS: &[&str] = &["json", "jsonl", "ndjson", "log", "gz"];

/// How many bytes are read from a file at once.
const FILE_BYTES: usize = 128 << 10;

/// Something to read records from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File {
        /// The name under which findings and matches speak of it.
        name: String,
        /// Where it is.
        path: PathBuf,
    },
    /// Standard input.
    Standard,
}

impl Input {
    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Input::File { name, .. } => name,
            Input::Standard => "-",
        }
    }

    /// Where it is, if it is a file.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Input::File { path, .. } => Some(path),
            Input::Standard => None,
        }
    }

    /// How many bytes it has as it lies there, if that is known.
    pub fn size(&self) -> Option<u64> {
        match self {
            Input::File { path, .. } => path.metadata().ok().map(|data| data.len()),
            Input::Standard => None,
        }
    }

    /// Begins to read it. The bytes that are read, as they lie there, are added to `read`.
    pub fn open(&self, read: &Arc<AtomicU64>) -> Result<Splitter, Fault> {
        let fault = |error: io::Error| Fault::whole(reason(&error));
        let reader: Box<dyn Read + Send> = match self {
            Input::Standard => Box::new(io::stdin()),
            Input::File { path, .. } => Box::new(File::open(path).map_err(fault)?),
        };
        let counted = Counted { reader, read: Arc::clone(read) };
        splitter(counted).map_err(fault)
    }
}

/// Counts what is read.
struct Counted {
    reader: Box<dyn Read + Send>,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let number = self.reader.read(buffer)?;
        self.read.fetch_add(number as u64, Ordering::Relaxed);
        Ok(number)
    }
}

/// Cuts a stream of bytes, unpacked if it is gzip.
fn splitter(mut reader: Counted) -> io::Result<Splitter> {
    let mut head = Vec::new();
    (&mut reader).take(GZIP.len() as u64).read_to_end(&mut head)?;
    let packed = head == GZIP;
    let whole = BufReader::with_capacity(FILE_BYTES, Cursor::new(head).chain(reader));
    Ok(Splitter::new(if packed { Box::new(Members::new(whole)) } else { Box::new(whole) }))
}

/// The inputs of a run: files as they are named, the files of folders sorted by name, and `-` for
/// standard input. Paths that cannot be read are faults.
pub fn inputs(paths: &[PathBuf]) -> (Vec<Input>, Vec<(String, Fault)>) {
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            found.push(Input::Standard);
            continue;
        }
        let data = match path.metadata() {
            Ok(data) => data,
            Err(error) => {
                faults.push((name_of(path), Fault::whole(reason(&error))));
                continue;
            }
        };
        if !data.is_dir() {
            found.push(file(path.clone()));
            continue;
        }
        // Logs may lie in hidden folders and be ignored by git.
        let walk = WalkBuilder::new(path)
            .standard_filters(false)
            .sort_by_file_name(std::ffi::OsStr::cmp)
            .build();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) if is_log(entry.path()) => found.push(file(entry.into_path())),
                Ok(_) => {}
                Err(error) => faults.push(unreadable(path, &error)),
            }
        }
    }
    (found, faults)
}

fn file(path: PathBuf) -> Input {
    Input::File { name: name_of(&path), path }
}

fn is_log(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// A name is shown to people and put into lines of output, so it holds no control characters.
fn name_of(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/").replace(char::is_control, "\u{fffd}")
}

fn unreadable(folder: &Path, error: &ignore::Error) -> (String, Fault) {
    let place = match error {
        ignore::Error::WithDepth { err, .. } => return unreadable(folder, err),
        ignore::Error::WithPath { path, .. } => path.as_path(),
        _ => folder,
    };
    let words = error.io_error().map_or_else(|| error.to_string(), reason);
    (name_of(place), Fault::whole(words))
}

/// An error of reading in words.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::UnexpectedEof => "the gzip data ends early".to_owned(),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            format!("the gzip data is damaged ({error})")
        }
        _ => format!("cannot be read further: {error}"),
    }
}

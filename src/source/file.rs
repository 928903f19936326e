//! One file's text and its lines.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::LineColumn;

/// Largest rule or configuration file that is read: the longest public rule has 260 kB.
pub const MAX_FILE_BYTES: usize = 4 << 20;

/// A text with the name under which findings speak of it.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    /// Whether a byte-order mark stood before the text.
    marked: bool,
    /// Offsets at which lines start; counted only when the first place is asked for, because most
    /// files have no finding.
    lines: OnceLock<Vec<usize>>,
}

/// Why a file could not become text.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system refused.
    #[error("cannot read `{name}`: {error}")]
    Io {
        /// The file.
        name: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// More than [`MAX_FILE_BYTES`].
    #[error("`{name}` is larger than {} MiB", MAX_FILE_BYTES >> 20)]
    TooLarge {
        /// The file.
        name: String,
    },
    /// Not UTF-8.
    #[error("`{name}` is not UTF-8: byte {offset} starts no character")]
    NotUtf8 {
        /// The file.
        name: String,
        /// Offset of the first bad byte.
        offset: usize,
    },
}

impl ReadError {
    /// The name of the file.
    pub fn name(&self) -> &str {
        match self {
            ReadError::Io { name, .. }
            | ReadError::TooLarge { name }
            | ReadError::NotUtf8 { name, .. } => name,
        }
    }
}

impl SourceFile {
    /// Wraps a text. A leading byte-order mark is dropped: it is no part of the first key.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text = text.into();
        let marked = text.starts_with('\u{feff}');
        if marked {
            text.drain(..'\u{feff}'.len_utf8());
        }
        Arc::new(Self { name: name.into(), text, marked, lines: OnceLock::new() })
    }

    /// Wraps bytes of unknown provenance.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Arc<Self>, ReadError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(ReadError::TooLarge { name: name.to_owned() });
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => Err(ReadError::NotUtf8 {
                name: name.to_owned(),
                offset: error.utf8_error().valid_up_to(),
            }),
        }
    }

    /// Reads a file; `name` is how findings will call it.
    pub fn read(path: &Path, name: &str) -> Result<Arc<Self>, ReadError> {
        use std::io::Read;
        let io = |error| ReadError::Io { name: name.to_owned(), error };
        let file = std::fs::File::open(path).map_err(io)?;
        // Room for all of it, and a little to see the end by: without, it comes in ever larger
        // pieces from 32 bytes up. What says no length or a wrong one (a pipe) is read all the same.
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let room = length.min(MAX_FILE_BYTES as u64) as usize + 32;
        let mut bytes = Vec::with_capacity(room);
        // One byte more than allowed tells "too large" from "just fits" without reading it all.
        file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(io)?;
        Self::from_bytes(name, bytes)
    }

    /// The name given at construction.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without folders, and without the revision that Git's names begin with.
    pub fn file_name(&self) -> &str {
        self.name.rsplit(['/', ':']).next().unwrap_or(&self.name)
    }

    /// The whole text, without byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the file begins with a byte-order mark, which [`text`](Self::text) leaves out.
    pub fn has_byte_order_mark(&self) -> bool {
        self.marked
    }

    /// Line and column of a byte offset; offsets past the end mean the end.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let starts = self.lines.get_or_init(|| {
            std::iter::once(0).chain(self.text.match_indices('\n').map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|&start| start <= offset);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        LineColumn { line, column: self.text[start..offset].chars().count() + 1 }
    }
}

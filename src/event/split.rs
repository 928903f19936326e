//! From a stream of bytes to blocks of records.

use std::fmt;
use std::io::Read;

use super::block::BLOCK_BYTES;
use super::document::Document;
use super::kind::{HEAD_BYTES, Kind, kind};
use super::lines::Lines;
use super::{Block, Fault, Wrappers};

/// How many bytes are asked for at once.
const READ_BYTES: usize = 256 << 10;

/// Cuts a stream into blocks. At most one block and one record are held at a time, whatever the
/// stream is.
#[derive(Debug)]
pub struct Splitter {
    state: State,
    wrappers: Wrappers,
}

#[derive(Debug)]
enum State {
    New(Feed),
    Lines(Lines),
    Document(Document),
    Done,
}

impl Splitter {
    /// Cuts a stream of plain bytes.
    pub fn new(reader: Box<dyn Read + Send>) -> Self {
        let feed = Feed { reader, buffer: Vec::new(), ended: false, fault: None };
        Self { state: State::New(feed), wrappers: Wrappers::default() }
    }

    /// Says what is read of records that wrap others; only before the first block.
    pub fn with(self, wrappers: Wrappers) -> Self {
        Self { wrappers, ..self }
    }

    /// The next block; `None` behind the last. What stops the reading is a fault of the last.
    pub fn next_block(&mut self) -> Option<Block> {
        if let State::New(feed) = &mut self.state {
            while feed.buffer.len() < HEAD_BYTES && feed.fill() {}
            let State::New(feed) = std::mem::replace(&mut self.state, State::Done) else {
                return None;
            };
            match kind(feed.buffer.strip_prefix(BOM).unwrap_or(&feed.buffer)) {
                Ok(Kind::Lines) => self.state = State::Lines(Lines::new(feed, self.wrappers)),
                Ok(Kind::Document) => {
                    self.state = State::Document(Document::new(feed, self.wrappers))
                }
                Err(reason) => {
                    let faults = vec![Fault::whole(reason)];
                    return Some(Block { faults, ..Block::default() });
                }
            }
        }
        let block = match &mut self.state {
            State::Lines(lines) => lines.next_block(),
            State::Document(document) => document.next_block(),
            State::New(_) | State::Done => None,
        };
        if block.is_none() {
            self.state = State::Done;
        }
        block
    }
}

/// The mark with which some editors begin a file in UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Bytes that were read and are not cut yet.
pub(super) struct Feed {
    reader: Box<dyn Read + Send>,
    pub(super) buffer: Vec<u8>,
    ended: bool,
    fault: Option<Fault>,
}

impl Feed {
    /// Bytes that are all there.
    pub(super) fn memory(bytes: &[u8]) -> Self {
        let reader = Box::new(std::io::empty());
        Self { reader, buffer: bytes.to_vec(), ended: true, fault: None }
    }

    /// Without the mark of UTF-8.
    pub(super) fn without_bom(mut self) -> Self {
        if self.buffer.starts_with(BOM) {
            self.buffer.drain(..BOM.len());
        }
        self
    }

    /// Reads more behind what there is; false at the end.
    pub(super) fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        let before = self.buffer.len();
        let mut piece = (&mut self.reader).take(READ_BYTES as u64);
        if let Err(error) = piece.read_to_end(&mut self.buffer) {
            // What came before the error is good.
            self.ended = true;
            self.fault = Some(Fault::whole(super::input::reason(&error)));
        }
        self.ended |= self.buffer.len() == before;
        self.buffer.len() > before
    }

    /// Why the stream ended before its end; told once.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// Takes out what is cut.
    pub(super) fn cut(&mut self, at: usize) -> Vec<u8> {
        let at = at.min(self.buffer.len());
        // Room for the next block, so that it need not be moved while it grows.
        let mut rest = Vec::with_capacity(BLOCK_BYTES + READ_BYTES);
        rest.extend_from_slice(self.buffer.get(at..).unwrap_or_default());
        self.buffer.truncate(at);
        std::mem::replace(&mut self.buffer, rest)
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("held", &self.buffer.len()).finish_non_exhaustive()
    }
}

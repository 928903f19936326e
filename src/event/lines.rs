//! Inputs with a record a line. A line that holds a list, or CloudTrail's `Records`, holds several;
//! one in which a record is [wrapped](super::envelope) may.

use memchr::{memchr_iter, memmem, memrchr};

use super::block::{BLOCK_BYTES, Block, Cut, MAX_RECORD_BYTES};
use super::document::Document;
use super::envelope::may_wrap;
use super::split::Feed;
use super::{Fault, Place, Wrappers};

/// Cuts at line ends.
#[derive(Debug)]
pub(super) struct Lines {
    feed: Feed,
    /// Lines and records so far.
    lines: u64,
    records: u64,
    wrappers: Wrappers,
}

impl Lines {
    pub(super) fn new(feed: Feed, wrappers: Wrappers) -> Self {
        Self { feed: feed.without_bom(), lines: 0, records: 0, wrappers }
    }

    pub(super) fn next_block(&mut self) -> Option<Block> {
        let mut block = Block::default();
        loop {
            let end = self.end_of_lines(&mut block);
            block.bytes = self.feed.cut(end);
            self.cut_lines(&mut block);
            let last = end == 0;
            if last {
                block.faults.extend(self.feed.take_fault());
            }
            if !block.is_empty() {
                return Some(block);
            }
            if last {
                return None;
            }
        }
    }

    /// Reads until there is enough of whole lines, and says where they end; zero at the end.
    fn end_of_lines(&mut self, block: &mut Block) -> usize {
        let mut searched = 0;
        let mut end = None;
        loop {
            let buffer = &self.feed.buffer;
            let found = memrchr(b'\n', buffer.get(searched..).unwrap_or_default());
            end = found.map(|found| searched + found + 1).or(end);
            searched = buffer.len();
            if let Some(end) = end
                && buffer.len() >= BLOCK_BYTES
            {
                return end;
            }
            if end.is_none() && buffer.len() > MAX_RECORD_BYTES {
                self.skip_line(block);
                searched = 0;
                continue;
            }
            if !self.feed.fill() {
                return self.feed.buffer.len();
            }
        }
    }

    /// Leaves out a line that is too large to be held.
    fn skip_line(&mut self, block: &mut Block) {
        self.lines += 1;
        self.records += 1;
        block.too_large(Place { record: self.records, line: Some(self.lines) });
        self.feed.buffer.clear();
        while self.feed.fill() {
            if let Some(end) = memchr::memchr(b'\n', &self.feed.buffer) {
                self.feed.cut(end + 1);
                return;
            }
            self.feed.buffer.clear();
        }
    }

    fn cut_lines(&mut self, block: &mut Block) {
        let bytes = std::mem::take(&mut block.bytes);
        let mut more = Vec::new();
        let mut start = 0;
        let last = (!bytes.ends_with(b"\n")).then_some(bytes.len());
        for end in memchr_iter(b'\n', &bytes).chain(last) {
            let line = bytes.get(start..end).unwrap_or_default();
            let (at, text) = (start, line.trim_ascii());
            start = end + 1;
            // Behind the last line end there is no line.
            if end < bytes.len() || !line.is_empty() {
                self.lines += 1;
            }
            if text.is_empty() {
                continue;
            }
            let is_several = text.starts_with(b"[") || memmem::find(text, b"\"Records\"").is_some();
            if is_several || may_wrap(text) {
                self.expand(text, bytes.len(), &mut more, block);
                continue;
            }
            self.records += 1;
            let place = Place { record: self.records, line: Some(self.lines) };
            if text.len() > MAX_RECORD_BYTES {
                block.too_large(place);
                continue;
            }
            let start = at + line.len() - line.trim_ascii_start().len();
            block.cuts.push(Cut { start, end: start + text.len(), place, wraps: false });
        }
        block.bytes = bytes;
        block.bytes.extend(more);
    }

    /// Cuts the records that a line holds. They are copied to `more`, behind the block's `size`
    /// bytes.
    fn expand(&mut self, line: &[u8], size: usize, more: &mut Vec<u8>, block: &mut Block) {
        let mut inside = Document::new(Feed::memory(line), self.wrappers);
        let before = self.records;
        let mut place = |inner: Place| {
            self.records = before + inner.record;
            Place { record: before + inner.record, line: Some(self.lines) }
        };
        while let Some(piece) = inside.next_block() {
            let base = size + more.len();
            block.cuts.extend(piece.cuts.iter().map(|cut| Cut {
                start: base + cut.start,
                end: base + cut.end,
                place: place(cut.place),
                ..*cut
            }));
            block.faults.extend(
                piece.faults.into_iter().map(|fault| Fault {
                    place: fault.place.map(&mut place),
                    reason: fault.reason,
                }),
            );
            more.extend(piece.bytes);
        }
    }
}

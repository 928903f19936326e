//! How reading goes on behind a record that is broken or too large.
//!
//! After a record whose end cannot be found, the next one is where it seems to begin: with the same
//! first key as the records before. CloudTrail writes `eventVersion` first.

use memchr::memmem;

use super::block::Block;
use super::document::Document;
use super::scan::{Scanner, Step};
use super::{Fault, Place};

/// Most bytes of a record's beginning that records are known by.
const MAX_MARK_BYTES: usize = 64;

/// Why the end of a value was not found.
pub(super) enum Trouble {
    Large(Scanner),
    Ended,
    Broken,
}

impl Document {
    pub(super) fn trouble(
        &mut self,
        start: usize,
        trouble: Trouble,
        place: Place,
        block: &mut Block,
    ) {
        match trouble {
            Trouble::Large(scanner) => {
                block.too_large(place);
                self.discard(start, scanner);
            }
            Trouble::Ended => {
                block.faults.push(Fault::at(place, "the input ends inside of the record"));
                self.resume(start + 1);
            }
            Trouble::Broken => {
                let reason = "the record has no end: a bracket or a quote is missing";
                block.faults.push(Fault::at(place, reason));
                self.resume(start + 1);
            }
        }
    }

    /// Leaves out the rest of a value that is too large to be held.
    fn discard(&mut self, start: usize, mut scanner: Scanner) {
        self.at = start;
        loop {
            self.drop_from(start);
            if !self.feed.fill() {
                return;
            }
            match scanner.feed(self.feed.buffer.get(start..).unwrap_or_default()) {
                Step::Ended(end) => {
                    self.at = start + end;
                    return;
                }
                Step::Broken(at) => return self.resume(start + at),
                Step::More => {}
            }
        }
    }

    /// Goes to the next place where a record seems to begin, or to the end.
    pub(super) fn resume(&mut self, from: usize) {
        let mark = self.mark.clone().unwrap_or_else(|| b"\n{".to_vec());
        self.at = from;
        loop {
            let rest = self.feed.buffer.get(self.at..).unwrap_or_default();
            if let Some(found) = memmem::find(rest, &mark) {
                self.at += found + usize::from(self.mark.is_none());
                return;
            }
            // The last bytes may be the beginning of the mark.
            let kept = rest.len().min(mark.len() - 1);
            let end = self.feed.buffer.len() - kept;
            if end > self.at {
                self.feed.buffer.drain(self.at..end);
            }
            if !self.feed.fill() {
                self.at = self.feed.buffer.len();
                return;
            }
        }
    }
}

/// Whether a record is broken in such a way that the next one seems to be a part of it: where a
/// quote is missing, texts and what is between them change places.
pub(super) fn swallows(record: &[u8], mark: Option<&[u8]>) -> bool {
    let inside = record.get(1..).unwrap_or_default();
    mark.is_some_and(|mark| memmem::find(inside, mark).is_some())
        && serde_json::from_slice::<serde::de::IgnoredAny>(record).is_err()
}

/// How a record begins: up to the end of its first key.
pub(super) fn mark(record: &[u8]) -> Option<Vec<u8>> {
    let quotes: Vec<usize> = memchr::memchr_iter(b'"', record).take(2).collect();
    let [_, end] = quotes[..] else { return None };
    (end < MAX_MARK_BYTES).then(|| record.get(..=end).unwrap_or_default().to_vec())
}

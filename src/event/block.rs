//! A piece of an input that holds whole records.

use super::{Fault, Place};

/// Most bytes that one record may take. CloudTrail cuts its own at 256 KiB; other logs have larger
/// ones, but a record of this size is a file that was taken for one.
pub const MAX_RECORD_BYTES: usize = 16 << 20;

/// About how many bytes a block has; more if its last record is larger.
pub(super) const BLOCK_BYTES: usize = 512 << 10;

/// Bytes with the places of the records in them, and what was found broken on the way.
#[derive(Debug, Default)]
pub struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) cuts: Vec<Cut>,
    /// Records that stood in texts, and which of the cuts are theirs.
    pub(super) opened: Vec<u8>,
    pub(super) of_opened: Vec<usize>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Where a record stands.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where it stands in its input.
    pub place: Place,
    /// Whether the next ones are records inside of it.
    pub(super) wraps: bool,
}

/// A record of a block.
#[derive(Clone, Copy, Debug)]
pub struct Record<'b> {
    /// Its text.
    pub bytes: &'b [u8],
    /// Where it stands in its input.
    pub place: Place,
    /// Whether the next ones are CloudTrail's records inside of it.
    pub wraps: bool,
}

impl Block {
    /// The records in order.
    pub fn records(&self) -> impl Iterator<Item = (Place, &[u8])> {
        self.all().map(|record| (record.place, record.bytes))
    }

    /// The records in order, with what is known of them.
    pub fn all(&self) -> impl Iterator<Item = Record<'_>> {
        self.cuts.iter().filter_map(|&Cut { start, end, place, wraps }| {
            Some(Record { bytes: self.bytes.get(start..end)?, place, wraps })
        })
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.cuts.is_empty() && self.faults.is_empty()
    }

    /// Adds a record that stood in a text.
    pub(super) fn opened(&mut self, text: &[u8], place: Place) {
        let start = self.opened.len();
        self.opened.extend_from_slice(text);
        self.of_opened.push(self.cuts.len());
        self.cuts.push(Cut { start, end: self.opened.len(), place, wraps: false });
    }

    /// Takes the bytes that were cut; records that stood in texts go behind them.
    pub(super) fn fill(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
        let size = self.bytes.len();
        for cut in self.of_opened.drain(..) {
            if let Some(cut) = self.cuts.get_mut(cut) {
                cut.start += size;
                cut.end += size;
            }
        }
        self.bytes.append(&mut self.opened);
    }

    /// The fault of a record that is too large.
    pub(super) fn too_large(&mut self, place: Place) {
        let reason = format!("the record is larger than {} MiB", MAX_RECORD_BYTES >> 20);
        self.faults.push(Fault::at(place, reason));
    }
}

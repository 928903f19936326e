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
}

impl Block {
    /// The records in order.
    pub fn records(&self) -> impl Iterator<Item = (Place, &[u8])> {
        self.cuts.iter().filter_map(|cut| Some((cut.place, self.bytes.get(cut.start..cut.end)?)))
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.cuts.is_empty() && self.faults.is_empty()
    }

    /// The fault of a record that is too large.
    pub(super) fn too_large(&mut self, place: Place) {
        let reason = format!("the record is larger than {} MiB", MAX_RECORD_BYTES >> 20);
        self.faults.push(Fault::at(place, reason));
    }
}

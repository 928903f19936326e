//! What becomes of records that wrap CloudTrail's: rules may be about what is inside of an event of
//! EventBridge, or about the event.

use super::Fault;
use super::block::{Block, Cut};
use super::document::Document;
use super::split::Feed;

/// What is read of a record that [wraps](super::envelope) others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrappers {
    /// The records inside alone.
    #[default]
    Opened,
    /// The record as it is.
    Kept,
    /// The record as it is, and those inside behind it.
    Both,
}

/// Adds a record as it is, and what is inside of it. That has the place of the record.
pub(super) fn both(bytes: &[u8], cut: Cut, block: &mut Block) {
    let (own, place) = (block.cuts.len(), cut.place);
    block.cuts.push(cut);
    let mut inner = Document::new(Feed::memory(bytes), Wrappers::Opened);
    while let Some(piece) = inner.next_block() {
        for record in piece.all().filter(|record| record.bytes != bytes) {
            block.opened(record.bytes, place);
            block.cuts.get_mut(own).into_iter().for_each(|cut| cut.wraps = true);
        }
        block.faults.extend(piece.faults.into_iter().map(|fault| Fault::at(place, fault.reason)));
    }
}

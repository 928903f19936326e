//! Reading events: logs of any size, in the few forms in which CloudTrail records are kept.
//!
//! An [`Input`] is a file, the files of a folder or standard input, gzip or not. A [`Splitter`]
//! cuts its bytes into [`Block`]s of whole records without building any: it knows where a JSON
//! value ends ([`Scanner`]) and nothing more. What a rule has to know of a record is then taken
//! out of its text by a [`Wanted`] set of fields; the rest of the record is never built. Whatever
//! cannot be read becomes a [`Fault`] with its place, and reading goes on behind it.

mod block;
mod document;
mod envelope;
mod fault;
mod gzip;
mod hash;
mod input;
mod kind;
mod lines;
mod picked;
mod recover;
mod scalar;
mod scan;
mod split;
mod wanted;
mod wrappers;

pub use block::{Block, Cut, MAX_RECORD_BYTES, Record};
pub use fault::{Fault, Place};
pub use hash::{FastMap, FastState};
pub use input::{EXTENSIONS, Input, inputs};
pub use picked::{Pick, Sink};
pub use scalar::Scalar;
pub use scan::{Scanner, Step};
pub use split::Splitter;
pub use wanted::{Shape, Slot, Wanted};
pub use wrappers::Wrappers;

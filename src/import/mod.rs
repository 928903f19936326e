//! Foreign rule documents: what other platforms have, read into the form of their API.

pub mod codes;
mod elastic;
mod foreign;

use std::sync::Arc;

pub use foreign::{Beside, Foreign, Platform};

use crate::diagnostic::Findings;
use crate::source::SourceFile;

/// The rules of a file in one of Elastic's forms; `None` if it is in none of them.
pub fn elastic(source: &Arc<SourceFile>, findings: &mut Findings) -> Option<Vec<Foreign>> {
    let kind = elastic::detect(source)?;
    Some(kind.read(source, findings))
}

//! Foreign rule documents, each read into the form of its platform's API.

use std::sync::Arc;

use crate::diagnostic::Findings;
use crate::source::SourceFile;

pub mod codes;
pub mod datadog;
mod foreign;

pub use foreign::{Beside, Foreign, Platform};

/// Reads a document, or `None` if it is none that is known.
pub fn read(source: &Arc<SourceFile>, findings: &mut Findings) -> Option<Vec<Foreign>> {
    let kind = datadog::detect(source)?;
    Some(datadog::read(kind, source, findings))
}

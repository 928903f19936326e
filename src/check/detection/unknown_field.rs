//! Fields that the log source does not have.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Severity, closest, code};
use crate::fields::Catalog;
use crate::query::{FieldPath, equal_folded};
use crate::source::Span;

code! {
    /// a field is not one of the log source's
    ///
    /// The catalogue of the log source has no such field, so the item never holds (and its
    /// complement always does). Names of fields are case-sensitive: `eventname` is not
    /// `eventName`. If nothing similar is known, the field may be newer than the catalogue, and
    /// this is only a note.
    ///
    /// ```yaml
    /// eventname: StopLogging    # bad
    /// eventName: StopLogging    # good
    /// ```
    UNKNOWN_FIELD = "unknown-field", Warning;
}

pub(super) const CHECK: Check = Check { code: &UNKNOWN_FIELD, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(catalog) = subject.catalog else { return };
    for (field, span) in subject.fields() {
        if !catalog.knows(&FieldPath::new(field)) {
            report(catalog, field, span, findings);
        }
    }
}

fn report(catalog: &Catalog, field: &str, span: Span, findings: &mut Findings) {
    let near = nearest(catalog, field);
    let message = format!("no record of this log source is known to have `{field}`");
    let finding = findings.add(&UNKNOWN_FIELD, span, message);
    match near {
        Some(near) => {
            finding.help(format!("did you mean `{near}`?"));
        }
        None => finding.severity = Severity::Note,
    }
}

/// The known field that was probably meant. Beside known fields only the last word is compared:
/// most of a long path agrees with most of its neighbours' paths.
fn nearest(catalog: &Catalog, field: &str) -> Option<String> {
    let slip = catalog.raw_names().find(|known| equal_folded(known, field));
    if let Some(slip) = slip {
        return Some(slip.to_owned());
    }
    let parent = field.rfind('.').map_or("", |dot| field.get(..=dot).unwrap_or_default());
    let leaf = field.strip_prefix(parent)?;
    let leaves = || catalog.raw_names().filter_map(|known| known.strip_prefix(parent));
    if leaves().next().is_none() {
        return closest(field, catalog.raw_names()).map(str::to_owned);
    }
    closest(leaf, leaves().filter(|leaf| !leaf.contains('.'))).map(|leaf| format!("{parent}{leaf}"))
}

//! Values that a field never has.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, all_of, closest, code};
use crate::query::Spelling;

code! {
    /// a value is none of those that the field can have
    ///
    /// The service publishes the constants of the field, and this is none of them in any case, so
    /// the item matches nothing. Most often it is a slip, or a value of a similar field.
    ///
    /// ```yaml
    /// userIdentity.type: RootUser    # bad
    /// userIdentity.type: Root        # good
    /// ```
    UNPUBLISHED_VALUE = "unpublished-value", Warning;
}

pub(super) const CHECK: Check = Check { code: &UNPUBLISHED_VALUE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(row) = subject.row(written) else { continue };
        let Spelling::OneOf(known) = &row.spelling else { continue };
        for (value, pattern) in written.values() {
            if known.iter().any(|known| pattern.matches(known, true)) {
                continue;
            }
            let message = format!("`{}` never has a value like this", row.raw);
            let known = known.iter().map(String::as_str);
            let near = pattern.as_literal().and_then(|text| closest(text, known.clone()));
            findings.add(&UNPUBLISHED_VALUE, value.span, message).help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its values are {}", all_of(known)),
            });
        }
    }
}

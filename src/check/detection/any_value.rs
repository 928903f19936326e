//! A wildcard alone.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};

code! {
    /// a value is nothing but a wildcard
    ///
    /// `*` matches every text, so the item only asks whether the field has a value at all, and the
    /// other values of its list say nothing. Platforms pay for it with a scan of all values, and
    /// some do not count an empty text as one.
    ///
    /// ```yaml
    /// errorCode: '*'            # bad
    /// errorCode|exists: true    # good
    /// ```
    ANY_VALUE = "any-value", Note;
}

pub(super) const CHECK: Check = Check { code: &ANY_VALUE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(field) = &written.item.field else { continue };
        for (value, _) in written.values().filter(|(_, pattern)| pattern.is_any()) {
            let message = format!("every value of `{}` matches this", field.value);
            let finding = findings.add(&ANY_VALUE, value.span, message);
            finding.help(match written.item.values.len() {
                1 => format!("write `{}|exists: true`", field.value),
                _ => {
                    "take it out, or take out the other values, which say nothing beside it".into()
                }
            });
        }
    }
}

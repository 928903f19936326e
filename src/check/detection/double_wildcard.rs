//! `**`.

use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Value, parse_text};

code! {
    /// a value has two wildcards in a row
    ///
    /// `**` matches what `*` matches. Some platforms try every way to share a text between the two
    /// and take very long for it.
    ///
    /// ```yaml
    /// userAgent: curl**7    # bad
    /// userAgent: curl*7     # good
    /// ```
    DOUBLE_WILDCARD = "double-wildcard", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &DOUBLE_WILDCARD, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        for (value, _) in written.values() {
            let Value::Text(text) = &value.value else { continue };
            let mut single = text.clone();
            while single.contains("**") {
                single = single.replace("**", "*");
            }
            // A backslash before the first of them makes it a star.
            if single == *text || parse_text(&single) != parse_text(text) {
                continue;
            }
            let edit = edit::replace(findings.source(), value.span, text, &single);
            let message = "`**` matches what `*` matches";
            let finding = findings.add(&DOUBLE_WILDCARD, value.span, message);
            finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
        }
    }
}

//! Blanks at the start or end of a value.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::{Part, Pattern};

code! {
    /// a value starts or ends with a blank
    ///
    /// The whole value is compared, and that of an event rarely has a blank at its edge: the item
    /// is dead, and nothing shows it. Blanks next to a wildcard, as under `contains`, are usual
    /// and not reported.
    ///
    /// ```yaml
    /// eventName: 'StopLogging '    # bad
    /// eventName: StopLogging       # good
    /// ```
    EDGE_BLANK = "edge-blank", Warning;
}

pub(super) const CHECK: Check = Check { code: &EDGE_BLANK, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        for (value, pattern) in written.values() {
            let Some(edge) = blank(pattern) else { continue };
            let message = format!("this value {edge} with a blank, and is compared with it");
            findings
                .add(&EDGE_BLANK, value.span, message)
                .help("take the blank out if it is not meant");
        }
    }
}

/// At which end of the whole text there must be a blank.
fn blank(pattern: &Pattern) -> Option<&'static str> {
    let is_blank = |c: char| c.is_whitespace();
    match (pattern.parts().first(), pattern.parts().last()) {
        // A value of blanks alone is meant.
        (Some(Part::Literal(text)), _) if text.trim().is_empty() => None,
        (_, Some(Part::Literal(text))) if text.trim().is_empty() => None,
        (Some(Part::Literal(text)), _) if text.starts_with(is_blank) => Some("starts"),
        (_, Some(Part::Literal(text))) if text.ends_with(is_blank) => Some("ends"),
        _ => None,
    }
}

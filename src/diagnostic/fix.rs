//! Applying fixes to a text.

use super::{Code, Edit, Finding};

/// A text with the fixes of findings in it, and the codes of those that were applied, in order of
/// place. Fixes that overlap one that was applied before are left out: the text is read again, and
/// their turn comes if they are still needed. `None` if nothing was to be done.
///
/// `findings` are those of this text alone.
pub fn apply<'f>(
    text: &str,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Option<(String, Vec<&'static Code>)> {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut codes = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let fits = |edit: &Edit| {
            text.get(edit.span.start..edit.span.end).is_some()
                && taken.iter().all(|other| is_apart(edit, other))
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(fits) {
            taken.extend(&fix.edits);
            codes.push(finding.code);
        }
    }
    if taken.is_empty() {
        return None;
    }
    taken.sort_by_key(|edit| edit.span);
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for edit in taken {
        // Both are character boundaries of the text: `fits` has looked.
        fixed.push_str(text.get(done..edit.span.start).unwrap_or_default());
        fixed.push_str(&edit.replacement);
        done = edit.span.end;
    }
    fixed.push_str(text.get(done..).unwrap_or_default());
    Some((fixed, codes))
}

/// Whether two edits neither overlap nor insert at the same place.
fn is_apart(a: &Edit, b: &Edit) -> bool {
    let (first, second) = if a.span <= b.span { (a.span, b.span) } else { (b.span, a.span) };
    first.end <= second.start && first.start != second.start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Severity, code};
    use crate::source::Span;

    code! {
        /// a fault of the tests
        FAULT = "fault", Warning;
    }

    fn fix(start: usize, end: usize, replacement: &str) -> Finding {
        let mut finding = Finding::general(&FAULT, "wrong");
        assert_eq!(finding.severity, Severity::Warning);
        finding.fix(Span::new(start, end), replacement);
        finding
    }

    #[test]
    fn fixes_that_touch_are_applied_and_those_that_overlap_wait() {
        let findings = [fix(2, 4, "CD"), fix(0, 2, "AB"), fix(3, 5, "xx"), fix(9, 10, "")];
        let (text, codes) = apply("abcdef", &findings).expect("fixes");
        assert_eq!((text.as_str(), codes.len()), ("ABCDef", 2));
    }

    #[test]
    fn a_fix_inside_a_character_is_none() {
        assert!(apply("é", &[fix(1, 2, "")]).is_none());
    }
}

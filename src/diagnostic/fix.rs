//! Applying fixes to a text.

use std::collections::BTreeMap;

use super::{Code, Edit, Finding, Fix};
use crate::source::{SourceFile, Span};

/// A text with the fixes of findings in it, and the codes of those that were applied, in order of
/// place. Fixes that overlap one that was applied before are left out: the text is read again, and
/// their turn comes if they are still needed. `None` if nothing was to be done.
///
/// `findings` are those of this text alone.
pub fn apply<'f>(
    text: &str,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Option<(String, Vec<&'static Code>)> {
    let mut taken = BTreeMap::new();
    let mut codes = Vec::new();
    for finding in findings {
        let Some(fix) = &finding.fix else { continue };
        let fits = |edit: &Edit| {
            text.get(edit.span.start..edit.span.end).is_some() && is_apart(edit, &taken)
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(fits) {
            taken.extend(fix.edits.iter().map(|edit| (edit.span, edit.replacement.as_str())));
            codes.push(finding.code);
        }
    }
    if taken.is_empty() {
        return None;
    }
    let mut fixed = String::with_capacity(text.len());
    let mut done = 0;
    for (span, replacement) in taken {
        // Both are character boundaries of the text: `fits` has looked.
        fixed.push_str(text.get(done..span.start).unwrap_or_default());
        fixed.push_str(replacement);
        done = span.end;
    }
    fixed.push_str(text.get(done..).unwrap_or_default());
    Some((fixed, codes))
}

/// Whether an edit neither overlaps one of those taken nor inserts at the same place.
fn is_apart(edit: &Edit, taken: &BTreeMap<Span, &str>) -> bool {
    let Span { start, end } = edit.span;
    let up_to_here = Span { start, end: usize::MAX };
    let before = taken.range(..=up_to_here).next_back();
    let after = taken.range(up_to_here..).next();
    before.is_none_or(|(other, _)| other.end <= start && other.start != start)
        && after.is_none_or(|(other, _)| end <= other.start)
}

impl Fix {
    /// Takes a member out of a list of YAML that has others: its line, or the member with the comma
    /// before it. `None` where more than the member stands on its line, or a comment above it: it
    /// may say why the member is there.
    pub fn remove_member(source: &SourceFile, member: Span) -> Option<Self> {
        let (before, rest) = around(source, member)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let above = before.get(..line)?.lines().next_back().unwrap_or_default();
        if above.trim_start().starts_with('#') {
            return None;
        }
        let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let span = if before.get(line..)?.trim() == "-" && rest.get(..line_end)?.trim().is_empty() {
            Span::new(line, member.end + line_end)
        } else {
            Span::new(before.trim_end_matches(' ').strip_suffix(',')?.len(), member.end)
        };
        Some(Self { edits: vec![Edit { span, replacement: String::new() }] })
    }

    /// Puts a plain word before a member of a list, as a member of its own.
    pub fn insert_member(source: &SourceFile, before_this: Span, word: &str) -> Option<Self> {
        let (before, _) = around(source, before_this)?;
        let lead = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
        let replacement = if lead.trim() == "-" {
            format!("{word}\n{lead}")
        } else {
            let opens = before.trim_end_matches(' ').ends_with(['[', ',']);
            opens.then(|| format!("{word}, "))?
        };
        let span = Span::new(before_this.start, before_this.start);
        Some(Self { edits: vec![Edit { span, replacement }] })
    }
}

fn around(source: &SourceFile, member: Span) -> Option<(&str, &str)> {
    Some((source.text().get(..member.start)?, source.text().get(member.end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Severity, code};

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

    fn with(text: &str, member: &str, fix: fn(&SourceFile, Span) -> Option<Fix>) -> Option<String> {
        let source = SourceFile::new("rule.yml", text);
        let start = text.rfind(member)?;
        let mut finding = Finding::general(&FAULT, "wrong");
        finding.fix = fix(&source, Span::new(start, start + member.len()));
        apply(text, &[finding]).map(|(text, _)| text)
    }

    #[test]
    fn members_go_with_their_line_or_comma() {
        for (text, expected) in [
            ("- a\n- b\n- c\n", Some("- a\n- c\n")),
            ("x:\n  - a\n  - b", Some("x:\n  - a\n")),
            ("[a, b, c]", Some("[a, c]")),
            ("[a,\n b]", None),
            ("- a\n- b # why\n", None),
            ("- a\n# why\n- b\n", None),
        ] {
            assert_eq!(with(text, "b", Fix::remove_member).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn members_are_put_before_others() {
        for (text, expected) in [
            ("x:\n  - b # why\n", Some("x:\n  - n\n  - b # why\n")),
            ("[b]", Some("[n, b]")),
            ("[a, b]", Some("[a, n, b]")),
            ("x: b", None),
        ] {
            let insert = |source: &SourceFile, span| Fix::insert_member(source, span, "n");
            assert_eq!(with(text, "b", insert).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_fix_inside_a_character_is_none() {
        assert!(apply("é", &[fix(1, 2, "")]).is_none());
    }
}

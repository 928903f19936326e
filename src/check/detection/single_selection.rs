//! Quantifiers over a single selection.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Edit, Findings, Fix, code};
use crate::language::sigma::Condition;
use crate::language::sigma::ast::NamePattern;
use crate::source::{SourceFile, Span};

code! {
    /// `them` means a single selection
    ///
    /// `1 of them` and `all of them` then mean the same, and a second selection that is added
    /// later silently falls under the one that happens to stand there. Name the selection.
    /// A pattern such as `1 of filter_*` says on purpose that more may come, and is fine.
    ///
    /// ```yaml
    /// condition: 1 of them     # bad
    /// condition: selection     # good
    /// ```
    SINGLE_SELECTION = "single-selection", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &SINGLE_SELECTION, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let mut open: Vec<&Condition> = subject.conditions().map(|one| &one.value).collect();
    while let Some(condition) = open.pop() {
        match condition {
            Condition::Name(_) => {}
            Condition::Not(inner) => open.push(inner),
            Condition::And(members) | Condition::Or(members) => open.extend(members),
            Condition::Of(_, pattern) if pattern.value != NamePattern::Them => {}
            Condition::Of(_, pattern) => {
                let mut names = subject.detection.matching(pattern);
                let (Some(name), None) = (names.next(), names.next()) else { continue };
                let span = quantified(findings.source(), pattern.span);
                let message = format!("`them` means `{name}` alone");
                let finding = findings.add(&SINGLE_SELECTION, pattern.span, message);
                finding.help(format!("write `{name}`"));
                let edit = span.map(|span| Edit { span, replacement: name.to_owned() });
                finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
            }
        }
    }
}

/// The place of the whole `1 of them`, given that of `them`.
fn quantified(source: &SourceFile, them: Span) -> Option<Span> {
    let text = source.text();
    if text.get(them.start..them.end)? != "them" {
        return None;
    }
    let before = text.get(..them.start)?.trim_end().strip_suffix("of")?.trim_end();
    let word = ["1", "any", "all"].into_iter().find_map(|word| before.strip_suffix(word))?;
    Some(Span::new(word.len(), them.end))
}

//! Values spelt as the service never spells them.

use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, Severity, code};
use crate::language::sigma::{Value, escape, parse_text};
use crate::query::{Case, Pattern, Respelt, Spelling, SpellingRule, equal_folded};

code! {
    /// a value is spelt as the service never spells it
    ///
    /// Sigma compares in any case, so the rule works, until it is copied to a platform that
    /// compares exactly, or gets `cased`: then it finds nothing and says nothing. Write constants
    /// as the service publishes them.
    ///
    /// ```yaml
    /// additionalEventData.MFAUsed: 'NO'    # bad
    /// additionalEventData.MFAUsed: 'No'    # good
    /// ```
    SPELLING = "unusual-spelling", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &SPELLING, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(row) = subject.row(written) else { continue };
        for (value, pattern) in written.values() {
            let Some(help) = unlike(&row.spelling, pattern) else { continue };
            let Value::Text(text) = &value.value else { continue };
            let right = respelt(&row.spelling, text);
            let dead = written.case == Case::Sensitive;
            let edit = right.as_ref().filter(|_| !dead);
            let edit = edit.and_then(|new| edit::replace(findings.source(), value.span, text, new));
            let message = match dead {
                true => format!("`{}` is never spelt like this: `cased` finds nothing", row.raw),
                false => format!("values of `{}` are never spelt like this", row.raw),
            };
            let finding = findings.add(&SPELLING, value.span, message);
            finding.help(right.map_or_else(|| help.to_owned(), |right| format!("write `{right}`")));
            finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
            if dead {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// What is wrong with the letters of a pattern, if anything is for certain.
fn unlike(spelling: &Spelling, pattern: &Pattern) -> Option<&'static str> {
    match (spelling, pattern.as_literal()) {
        (Spelling::Free, _) => None,
        (Spelling::Rule(SpellingRule::Lower), _) => {
            let exact = spelling.respell(pattern) == Respelt::Exact(pattern.clone());
            (!exact).then_some("these values have no capital letter")
        }
        // A piece of a name may start anywhere in a word.
        (Spelling::Rule(SpellingRule::Camel), None) => None,
        (Spelling::Rule(SpellingRule::Camel), Some(_)) => {
            let like = spelling.respell(pattern) == Respelt::AsWritten || pattern.is_caseless();
            (!like).then_some("each word of these names starts with a capital letter")
        }
        (Spelling::OneOf(values), _) => {
            let mut found = values.iter().filter(|value| pattern.matches(value, true));
            // Of a constant that is published in two spellings either will do.
            let exact = |value: &&String| pattern.matches(value, false);
            let wrong = found.any(|value| {
                let mut spellings = values.iter().filter(|other| equal_folded(other, value));
                !spellings.any(|spelling| exact(&spelling))
            });
            wrong.then_some("write it as it is published")
        }
    }
}

/// The text of a value in the published spelling, if there is one for all that it stands for.
fn respelt(spelling: &Spelling, text: &str) -> Option<String> {
    match spelling {
        Spelling::OneOf(values) => values.iter().find(|value| equal_folded(value, text)).cloned(),
        _ => match spelling.respell(&parse_text(text)) {
            Respelt::Exact(pattern) => Some(escape(&pattern)),
            _ => None,
        },
    }
}

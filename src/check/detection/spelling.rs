//! Values spelt as the service never spells them.

use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Value, parse_text, escape};
use crate::query::{Case, FieldPath, Part, Pattern, Respelt, Spelling, SpellingRule};

code! {
    /// a value is spelt as the service never spells it
    ///
    /// Sigma compares in any case, so the rule works, until it is copied to a platform that
    /// compares exactly, or gets `cased`: then it finds nothing and says nothing. Write constants
    /// as the service publishes them.
    ///
    /// ```yaml
    /// additionalEventData.MFAUsed: NO    # bad
    /// additionalEventData.MFAUsed: 'No'  # good
    /// ```
    SPELLING = "unusual-spelling", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &SPELLING, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(catalog) = subject.catalog else { return };
    for written in &subject.items {
        let Some(field) = &written.item.field else { continue };
        let Some(row) = catalog.row(&FieldPath::new(field.as_str())) else { continue };
        for (value, pattern) in written.values() {
            let right = respelt(&row.spelling, pattern);
            let Some(right) = right else { continue };
            let Value::Text(text) = &value.value else { continue };
            let exact = written.case == Case::Sensitive;
            let message = match (right, exact) {
                (Right::As(..), true) | (Right::Camel, true) => {
                    format!("`{}` is never spelt like this, so `cased` matches nothing", field.value)
                }
                _ => format!("values of `{}` are never spelt like this", field.value),
            };
            let right = respelt(&row.spelling, &parse_text(text));
            let right = match right { Some(Right::As(pattern)) => Some(escape(&pattern)), _ => None };
            let edit = right.as_ref().filter(|_| !exact);
            let edit = edit.and_then(|new| edit::replace(findings.source(), value.span, text, new));
            let finding = findings.add(&SPELLING, value.span, message);
            finding.help(match &right {
                Some(right) => format!("write `{right}`"),
                None => "each word of these names starts with a capital letter".to_owned(),
            });
            finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
        }
    }
}

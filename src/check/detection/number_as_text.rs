//! A number in quotes, in a field of numbers.

use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Edit, Findings, Fix, code};
use crate::language::sigma::Value;
use crate::query::FieldType;

code! {
    /// a number is written as text
    ///
    /// The field holds numbers. Crosswalk compares by text and does not mind, but tools that
    /// compare types find nothing.
    ///
    /// ```yaml
    /// requestParameters.ipPermissions.items.fromPort: '22'    # bad
    /// requestParameters.ipPermissions.items.fromPort: 22      # good
    /// ```
    NUMBER_AS_TEXT = "number-as-text", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &NUMBER_AS_TEXT, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let Some(row) = subject.row(written).filter(|row| row.kind == FieldType::Number) else {
            continue;
        };
        for value in &written.item.values {
            let Value::Text(text) = &value.value else { continue };
            // Only the plain form comes back as the same text.
            if text.parse::<i64>().is_ok_and(|number| number.to_string() == *text) {
                let quoted = edit::replace(findings.source(), value.span, text, text).is_some();
                let message = format!("`{}` holds numbers, and this is a text", row.raw);
                let finding = findings.add(&NUMBER_AS_TEXT, value.span, message);
                let edit = Edit { span: value.span, replacement: text.clone() };
                finding.fix = quoted.then(|| Fix { edits: vec![edit] });
            }
        }
    }
}

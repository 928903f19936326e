//! Fields of `new_value` that Elastic does not have.

use crate::check::{Check, Run, Subject};
use crate::diagnostic::{Findings, code};
use crate::fields::View;
use crate::query::FieldPath;

code! {
    /// a new value is asked of a field that Elastic does not have
    ///
    /// New-terms rules need the name of one field that holds exactly these values. The catalogue
    /// knows none, so the rule cannot be built for Elastic, for which it has a section.
    ///
    /// ```yaml
    /// new_value: {fields: [sharedEventID], history: 14d}       # bad
    /// new_value: {fields: [userIdentity.arn], history: 14d}    # good
    /// ```
    UNNAMED_FIELD = "unnamed-field", Warning;
}

pub(super) const CHECK: Check = Check { code: &UNNAMED_FIELD, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let sections = &subject.rule.sections;
    let (Some(catalog), Some(new)) = (subject.catalog, &sections.new_value) else { return };
    let accepts = sections.elastic.accept.iter().any(|accept| accept.loss.value == "refused");
    if sections.elastic.span.is_none() || accepts {
        return;
    }
    for field in &new.fields {
        let raw = FieldPath::new(field.as_str());
        // An unknown field has a finding of its own.
        if catalog.knows(&raw) && catalog.name(&raw, View::Ecs).is_none() {
            let message = format!("Elastic has no field with the values of `{raw}`");
            let finding = findings.add(&UNNAMED_FIELD, field.span, message);
            if let Some(note) = catalog.row(&raw).and_then(|row| row.note.as_deref()) {
                finding.help(note.trim_end_matches('.').to_owned());
            }
        }
    }
}

//! Objects that are compared with texts.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::language::sigma::{Modifier, Value};
use crate::query::FieldPath;

code! {
    /// an object is compared with a text
    ///
    /// The field holds further fields, and no text equals or contains an object: the item never
    /// holds. Some pipelines flatten objects into one text, in an order and spelling of their own.
    /// Test the field inside. Whether the object is there can be asked.
    ///
    /// ```yaml
    /// requestParameters|contains: 0.0.0.0/0                                    # bad
    /// requestParameters.ipPermissions.items.ipRanges.items.cidrIp: 0.0.0.0/0   # good
    /// ```
    OBJECT_FIELD = "object-field", Warning;
}

pub(super) const CHECK: Check = Check { code: &OBJECT_FIELD, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(catalog) = subject.catalog else { return };
    for written in &subject.items {
        let Some(field) = &written.item.field else { continue };
        let asks_presence = written.has(Modifier::Exists)
            || written.item.values.iter().all(|value| value.value == Value::Null);
        if !asks_presence && catalog.is_object(&FieldPath::new(field.as_str())) {
            let message = format!("`{}` is an object, which no text equals", field.value);
            findings.add(&OBJECT_FIELD, field.span, message).help("test one of its fields");
        }
    }
    for (field, span) in subject.grouping() {
        if catalog.is_object(&FieldPath::new(field)) {
            let message = format!("`{field}` is an object, which has no value to group by");
            findings.add(&OBJECT_FIELD, span, message).help("name one of its fields");
        }
    }
}

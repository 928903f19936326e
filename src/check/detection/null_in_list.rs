//! `null` among values.

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::language::sigma::{Modifier, Value};

code! {
    /// a list of values holds `null`
    ///
    /// Sigma 2.1 allows `null` only by itself. Here it means what it seems to mean, "or the field
    /// is absent"; other tools drop it or search for the word. Say it with a selection of its own.
    ///
    /// ```yaml
    /// parent: {ParentImage: ['', null]}    # bad
    /// ```
    ///
    /// ```yaml
    /// # good
    /// parent_empty: {ParentImage: ''}
    /// parent_absent: {ParentImage: null}
    /// ```
    NULL_IN_LIST = "null-in-list", Note;
}

pub(super) const CHECK: Check = Check { code: &NULL_IN_LIST, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in subject.items.iter().filter(|written| written.item.values.len() > 1) {
        for value in written.item.values.iter().filter(|value| value.value == Value::Null) {
            let message = match written.has(Modifier::EveryValue) {
                true => "a field cannot be absent and hold all the other values",
                false => "`null` stands in a list, where not every tool reads it as \"absent\"",
            };
            findings
                .add(&NULL_IN_LIST, value.span, message)
                .help("ask for the absent field in a selection of its own");
        }
    }
}

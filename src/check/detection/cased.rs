//! `cased` where no letter has a case.

use super::{Subject, edit};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::language::sigma::{Modifier, print};

code! {
    /// `cased` stands with values that have no case
    ///
    /// Digits and signs are the same in any case, so the modifier does nothing and makes readers
    /// look for a reason.
    ///
    /// ```yaml
    /// cidrIp|cased: 0.0.0.0/0    # bad
    /// cidrIp: 0.0.0.0/0          # good
    /// ```
    IDLE_CASED = "idle-cased", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &IDLE_CASED, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for written in &subject.items {
        let cased = written.item.modifiers.iter().find(|one| one.value == Modifier::Cased);
        let Some(cased) = cased else { continue };
        let caseless =
            |pattern: &Option<_>| pattern.as_ref().is_some_and(crate::query::Pattern::is_caseless);
        if !written.patterns.iter().all(caseless) {
            continue;
        }
        let mut plain = written.item.clone();
        plain.modifiers.retain(|modifier| modifier.value != Modifier::Cased);
        let edit =
            edit::rename_key(findings.source(), written.item, written.beside, &print::key(&plain));
        let message = "`cased` does nothing: these values have no letter with a case";
        let finding = findings.add(&IDLE_CASED, cased.span, message);
        finding.fix = edit.map(|edit| Fix { edits: vec![edit] });
    }
}

//! A claim that stands twice.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::rule::Rule;

code! {
    /// a control is claimed twice
    ///
    /// The second claim says nothing, and was probably meant to name another version or number.
    ///
    /// Bad:
    /// ```yaml
    /// controls:
    ///   - cis-aws-foundations@6.0.0/5.10
    ///   - cis-aws-foundations@6.0.0/5.10
    /// ```
    /// Good:
    /// ```yaml
    /// controls:
    ///   - cis-aws-foundations@6.0.0/5.10
    ///   - cis-aws-foundations@7.0.0/5.10
    /// ```
    DUPLICATE_CONTROL = "duplicate-control", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_CONTROL, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for control in &rule.sections.controls {
        let key = &control.value;
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, control.span);
            continue;
        };
        let first = findings.place(first);
        let fix = Fix::remove_member(&rule.source, control.span);
        let message = format!("`{}` is claimed twice", control.value);
        let finding = findings.add(&DUPLICATE_CONTROL, control.span, message);
        finding.label("second time").related(first, "first time").help("remove one of the two");
        finding.fix = fix;
    }
}

//! A reference that stands twice.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::rule::Rule;

code! {
    /// a reference stands twice
    ///
    /// The second one leads to the same page, and was perhaps meant to lead to another.
    ///
    /// Bad:
    /// ```yaml
    /// references:
    ///   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    ///   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    /// ```
    /// Good:
    /// ```yaml
    /// references:
    ///   - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    /// ```
    DUPLICATE_REFERENCE = "duplicate-reference", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_REFERENCE, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for reference in &rule.header.references {
        let key = reference.as_str();
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, reference.span);
            continue;
        };
        let first = findings.place(first);
        let fix = Fix::remove_member(&rule.source, reference.span);
        let message = format!("the reference `{}` stands here twice", reference.value);
        let finding = findings.add(&DUPLICATE_REFERENCE, reference.span, message);
        finding.label("second time").related(first, "first time").help("remove one of the two");
        finding.fix = fix;
    }
}

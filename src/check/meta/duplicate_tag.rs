//! A tag that stands twice.

use std::collections::HashMap;

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, code};
use crate::rule::Rule;

code! {
    /// a tag stands twice
    ///
    /// The second one says nothing, and was probably meant to be another.
    ///
    /// Bad:
    /// ```yaml
    /// tags: [attack.t1078.004, attack.initial-access, attack.t1078.004]
    /// ```
    /// Good:
    /// ```yaml
    /// tags: [attack.t1078.004, attack.initial-access]
    /// ```
    DUPLICATE_TAG = "duplicate-tag", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &DUPLICATE_TAG, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let mut seen = HashMap::new();
    for tag in &rule.header.tags {
        let key = tag.to_lowercase();
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, tag.span);
            continue;
        };
        let first = findings.place(first);
        let fix = Fix::remove_member(&rule.source, tag.span);
        let message = format!("the tag `{}` stands here twice", tag.value);
        let finding = findings.add(&DUPLICATE_TAG, tag.span, message);
        finding.label("second time").related(first, "first time").help("remove one of the two");
        finding.fix = fix;
    }
}

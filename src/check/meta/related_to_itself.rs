//! A rule that is related to itself.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a rule is related to itself
    ///
    /// The id of another rule was meant. If this rule was derived from another, its own id must be new.
    ///
    /// Bad:
    /// ```yaml
    /// id: 4b692c01-6860-436c-837b-02de65495da1
    /// related: [{id: 4b692c01-6860-436c-837b-02de65495da1, type: derived}]
    /// ```
    /// Good:
    /// ```yaml
    /// id: 188e15de-409e-4a66-ba81-ac67cdb51a5e
    /// related: [{id: 4b692c01-6860-436c-837b-02de65495da1, type: derived}]
    /// ```
    RELATED_TO_ITSELF = "related-to-itself", Warning;
}

pub(super) const CHECK: Check = Check { code: &RELATED_TO_ITSELF, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let Some(id) = &rule.header.id else { return };
    for related in rule.header.related.iter().filter(|related| related.id.value == id.value) {
        let own = findings.place(id.span);
        findings
            .add(&RELATED_TO_ITSELF, related.id.span, "this is the rule's own id")
            .related(own, "the rule's id")
            .help("write the id of the other rule, or remove the entry");
    }
}

//! A changelog that contradicts itself or the rule.

use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a changelog is out of order, or newer than `modified`
    ///
    /// The newest change stands last, and `modified` is its day. Pages and Datadog's message show the
    /// changelog in this order, and tools look at `modified` to find what has changed.
    ///
    /// Bad:
    /// ```yaml
    /// modified: 2026-11-21
    /// changelog:
    ///   - {date: 2026-12-01, change: refused calls count too}
    ///   - {date: 2026-11-21, change: first version}
    /// ```
    /// Good:
    /// ```yaml
    /// modified: 2026-12-01
    /// changelog:
    ///   - {date: 2026-11-21, change: first version}
    ///   - {date: 2026-12-01, change: refused calls count too}
    /// ```
    CHANGELOG_ORDER = "changelog-order", Warning, fixable;
}

pub(super) const CHECK: Check = Check { code: &CHANGELOG_ORDER, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let changes = &rule.sections.changelog;
    for (before, change) in changes.iter().zip(changes.iter().skip(1)) {
        if change.date.value < before.date.value {
            let place = findings.place(before.date.span);
            findings
                .add(
                    &CHANGELOG_ORDER,
                    change.date.span,
                    "an older change stands behind a newer one",
                )
                .related(place, "newer")
                .help("put the newest change last");
        }
    }
    let Some(newest) = changes.iter().map(|change| &change.date).max_by_key(|date| date.value)
    else {
        return;
    };
    let Some(modified) = &rule.header.modified else { return };
    if newest.value > modified.value {
        let message = format!(
            "the newest change is of {}, and `modified` says {}",
            newest.value, modified.value
        );
        let place = findings.place(newest.span);
        findings
            .add(&CHANGELOG_ORDER, modified.span, message)
            .related(place, "the newest change")
            .help(format!("write `modified: {}`", newest.value))
            .fix(modified.span, newest.value.to_string());
    }
}

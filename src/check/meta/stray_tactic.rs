//! A tactic without any of its techniques.

use super::tagged::Tagged;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, all_of, code};
use crate::rule::Rule;

code! {
    /// a tactic is tagged and none of the tagged techniques belongs to it
    ///
    /// Either the technique that was meant is missing, or the tactic is left over from another version of
    /// ATT&CK or of the rule. A rule without any technique is let be.
    ///
    /// Bad:
    /// ```yaml
    /// tags: [attack.persistence, attack.impact, attack.t1485]
    /// ```
    /// Good:
    /// ```yaml
    /// tags: [attack.impact, attack.t1485]
    /// ```
    STRAY_TACTIC = "stray-tactic", Note;
}

pub(super) const CHECK: Check = Check { code: &STRAY_TACTIC, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let Some(tagged) = Tagged::of(rule) else { return };
    if tagged.techniques.is_empty() {
        return;
    }
    for (tag, tactic) in &tagged.tactics {
        let mut tactics = tagged.techniques.iter().flat_map(|(_, technique)| &technique.tactics);
        if !tactics.any(|name| *name == tactic.short_name) {
            let ids = tagged.techniques.iter().map(|(_, technique)| technique.id);
            let message = format!(
                "{} {} of the tactic `{}`",
                all_of(ids.clone()),
                if ids.count() == 1 { "is no technique" } else { "are no techniques" },
                tactic.short_name,
            );
            findings
                .add(&STRAY_TACTIC, tag.span, message)
                .help("add the technique that is meant, or remove the tactic");
        }
    }
}

//! A technique without its tactic.

use super::tagged::Tagged;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Fix, any_of, code};
use crate::rule::Rule;

code! {
    /// a technique is tagged without its tactic
    ///
    /// Kibana files a technique under a tactic, and counts by tactic are what coverage reports begin
    /// with. A rule that names the technique alone is in none of them.
    ///
    /// Bad:
    /// ```yaml
    /// tags: [attack.t1686.001]
    /// ```
    /// Good:
    /// ```yaml
    /// tags: [attack.defense-impairment, attack.t1686.001]
    /// ```
    MISSING_TACTIC = "missing-tactic", Note, fixable;
}

pub(super) const CHECK: Check = Check { code: &MISSING_TACTIC, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    // A former tactic has a finding of its own, and what it becomes is not known before.
    let Some(tagged) = Tagged::of(rule) else { return };
    for (tag, technique) in &tagged.techniques {
        let has_one = technique.tactics.iter().any(|name| tagged.tactics.contains(name));
        if has_one || technique.tactics.is_empty() {
            continue;
        }
        let message = format!("none of the tactics of {} is tagged", technique.id);
        let tags = technique.tactics.iter().map(|name| format!("attack.{name}"));
        let tags: Vec<String> = tags.collect();
        let finding = findings.add(&MISSING_TACTIC, tag.span, message);
        finding.help(format!("add {}", any_of(tags.iter().map(String::as_str))));
        if let [only] = tags.as_slice() {
            finding.fix = Fix::insert_member(&rule.source, tag.span, only);
        }
    }
}

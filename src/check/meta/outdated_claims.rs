//! A claim that ends before the newest version.

use super::claim::Claim;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;

code! {
    /// a control is claimed in old versions of its framework only
    ///
    /// Audits are held against the newest version, and reports of it will not have the rule. The number
    /// of the control there is often another one.
    ///
    /// Bad:
    /// ```yaml
    /// controls: [cis-aws-foundations@5.0.0/4.10]
    /// ```
    /// Good:
    /// ```yaml
    /// controls:
    ///   - cis-aws-foundations@5.0.0/4.10
    ///   - cis-aws-foundations@6.0.0/5.10
    ///   - cis-aws-foundations@7.0.0/5.10
    /// ```
    OUTDATED_CONTROLS = "outdated-controls", Note;
}

pub(super) const CHECK: Check = Check { code: &OUTDATED_CONTROLS, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let claims = Claim::all(rule);
    for (at, claim) in claims.iter().enumerate() {
        let is_same = |other: &&Claim<'_>| {
            other.framework.framework == claim.framework.framework
                && other.subject.slug == claim.subject.slug
        };
        // The last claim of a subject speaks for all of them.
        if claims.iter().skip(at + 1).any(|other| is_same(&other)) {
            continue;
        }
        let versions = claim.framework.versions.iter().rev();
        let newest = versions
            .filter_map(|version| Some((version, claim.subject.control.get(version)?)))
            .next();
        let Some((newest, control)) = newest else { continue };
        if claims.iter().filter(is_same).any(|other| other.version() == newest) {
            continue;
        }
        let message = format!(
            "\"{}\" is not claimed in {newest}, the newest version that has it",
            claim.subject.title
        );
        let wanted = claim.control.with(newest, &control.number);
        findings
            .add(&OUTDATED_CONTROLS, claim.control.span, message)
            .help(format!("add `{wanted}` if the rule meets it"));
    }
}

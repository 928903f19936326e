//! Claims of one framework that mean different things.

use super::claim::Claim;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::rule::Rule;
use crate::rule::controls::Subject;

code! {
    /// claims in two versions of a framework are about different subjects
    ///
    /// The number of a control moves with the version. A rule that claims 4.10 in one version and 4.11 in
    /// the next, where the subject has kept its number, has a slip in one of them.
    ///
    /// Bad:
    /// ```yaml
    /// controls:
    ///   - cis-aws-foundations@4.0.0/4.10
    ///   - cis-aws-foundations@5.0.0/4.11
    /// ```
    /// Good:
    /// ```yaml
    /// controls:
    ///   - cis-aws-foundations@4.0.0/4.10
    ///   - cis-aws-foundations@5.0.0/4.10
    /// ```
    MIXED_SUBJECTS = "mixed-control-subjects", Warning;
}

pub(super) const CHECK: Check = Check { code: &MIXED_SUBJECTS, run: Run::Rule(run) };

fn run(rule: &Rule, findings: &mut Findings) {
    let claims = Claim::all(rule);
    for claim in &claims {
        // Another version that is claimed and has the subject, but is claimed for another one.
        let odd = claims.iter().find(|other| {
            claim.framework.framework == other.framework.framework
                && claim.version() != other.version()
                && claim.subject.slug != other.subject.slug
                && !is_claimed(&claims, claim.subject, other.version())
                && !is_claimed(&claims, other.subject, claim.version())
                && claim.subject.control.contains_key(other.version())
                && other.subject.control.contains_key(claim.version())
        });
        // The claim that stands alone with its subject is the slip.
        let alone = claims.iter().filter(|one| one.subject.slug == claim.subject.slug).count();
        let Some(other) = odd else { continue };
        let others = claims.iter().filter(|one| one.subject.slug == other.subject.slug).count();
        if alone > others || (alone == others && claim.control.span < other.control.span) {
            continue;
        }
        let message = format!(
            "`{}` is about \"{}\", `{}` about \"{}\"",
            claim.control.value, claim.subject.title, other.control.value, other.subject.title
        );
        let place = findings.place(other.control.span);
        let finding = findings.add(&MIXED_SUBJECTS, claim.control.span, message);
        finding.related(place, "the other claim");
        if let Some(number) = other.subject.control.get(claim.version()).map(|own| &own.number) {
            let wanted = claim.control.with(claim.version(), number);
            finding.help(format!("if both mean the latter, write `{wanted}`"));
        }
    }
}

fn is_claimed(claims: &[Claim<'_>], subject: &Subject, version: &str) -> bool {
    claims.iter().any(|claim| claim.subject.slug == subject.slug && claim.version() == version)
}

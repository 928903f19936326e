//! Datadog cases that another case keeps from firing.

use crate::check::{Check, Run, Subject};
use crate::diagnostic::{Findings, code};
use crate::query::{Expr, Prover};
use crate::rule::Case;

code! {
    /// a Datadog case can never fire
    ///
    /// Datadog goes through the cases in order and takes the first that holds. Whatever this case
    /// matches, a case above it matches too, so its status and its notifications are never used.
    /// Put the narrower case first.
    ///
    /// ```yaml
    /// # bad
    /// cases:
    ///   - {name: sign-in, condition: login, status: info}
    ///   - {name: sign-in of root, condition: login and root, status: high}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// cases:
    ///   - {name: sign-in of root, condition: login and root, status: high}
    ///   - {name: sign-in, condition: login, status: info}
    /// ```
    DEAD_CASE = "dead-case", Error;
}

pub(super) const CHECK: Check = Check { code: &DEAD_CASE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let cases = &subject.rule.sections.datadog.cases;
    if cases.len() < 2 {
        return;
    }
    let single = |field: &_| subject.is_single(field);
    let prover = Prover::new(&single);
    let mut above: Vec<(&Case, Expr)> = Vec::new();
    for case in cases {
        let Some(expr) = subject.condition(&case.condition) else { continue };
        let taken = above.iter().find(|(_, other)| prover.implies(&expr, other));
        if let Some((other, wider)) = taken {
            let message = match prover.implies(wider, &expr) {
                true => format!("the case `{}` has the same condition", other.name.value),
                false => format!("the case `{}` takes every event of this one", other.name.value),
            };
            let place = findings.place(other.condition.span);
            findings
                .add(&DEAD_CASE, case.condition.span, message)
                .related(place, "the first case that holds is taken")
                .help("put the narrower case first, or take it out");
        }
        if prover.is_spent() {
            return;
        }
        above.push((case, expr));
    }
}

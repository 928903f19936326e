//! Conditions that every event fulfils.

use super::Subject;
use super::parts::{is_small, meaning};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::{Expr, Prover};

code! {
    /// a condition is true for every event
    ///
    /// The alternatives together leave nothing out, so the rule raises an alert for each event of
    /// its log source. Mostly an `or` should be an `and`.
    ///
    /// ```yaml
    /// condition: selection or not selection    # bad
    /// condition: selection and not filter      # good
    /// ```
    ALWAYS_TRUE = "always-true", Error;
}

pub(super) const CHECK: Check = Check { code: &ALWAYS_TRUE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let single = |field: &_| subject.is_single(field);
    let prover = Prover::new(&single);
    for condition in subject.conditions().filter(|condition| is_small(subject, condition)) {
        let always = match meaning(subject, condition) {
            Some(Expr::True) => true,
            Some(Expr::Or(members)) => prover.exhaustive(&members),
            Some(Expr::Not(inner)) => match *inner {
                Expr::And(members) => {
                    let members: Vec<Expr> = members.into_iter().map(Expr::negated).collect();
                    prover.exhaustive(&members)
                }
                _ => false,
            },
            _ => false,
        };
        if always {
            findings.add(&ALWAYS_TRUE, condition.span, "every event fulfils this condition");
        }
    }
}

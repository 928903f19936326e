//! Two selections that say the same.

use std::collections::HashMap;

use super::Subject;
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, code};
use crate::query::Expr;
use crate::source::Span;

code! {
    /// two selections say the same
    ///
    /// One of them can go, or was copied and should have been changed: then the rule misses what
    /// was meant.
    ///
    /// ```yaml
    /// # bad
    /// created: {eventName: CreateUser}
    /// deleted: {eventName: CreateUser}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// created: {eventName: CreateUser}
    /// deleted: {eventName: DeleteUser}
    /// ```
    SAME_SELECTION = "same-selection", Warning;
}

pub(super) const CHECK: Check = Check { code: &SAME_SELECTION, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.detection.selections.len() < 2 {
        return;
    }
    let mut first: HashMap<Expr, (&str, Span)> = HashMap::new();
    for (name, _) in &subject.detection.selections {
        let Some(whole) = subject.meaning(name).and_then(|meaning| meaning.whole()) else {
            continue;
        };
        let before = first.get(&sorted(whole.clone())).copied();
        let Some((other, place)) = before else {
            first.insert(sorted(whole), (name, name.span));
            continue;
        };
        let message = format!("`{}` says the same as `{other}`", name.value);
        let place = findings.place(place);
        findings
            .add(&SAME_SELECTION, name.span, message)
            .related(place, "the other one")
            .help("use one of them in its place, or correct the one that was meant to differ");
    }
}

/// Members in order, each once: "and" and "or" know no order.
fn sorted(expr: Expr) -> Expr {
    let members = |members: Vec<Expr>| {
        let mut members: Vec<Expr> = members.into_iter().map(sorted).collect();
        members.sort();
        members.dedup();
        members
    };
    match expr {
        Expr::And(inner) => Expr::all(members(inner)),
        Expr::Or(inner) => Expr::any_of(members(inner)),
        Expr::Not(inner) => sorted(*inner).negated(),
        other => other,
    }
}

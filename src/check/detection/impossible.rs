//! Conditions, or parts of them, that can never hold.

use super::parts::{Branch, Part, is_small, of_branch};
use super::subject::Meaning;
use super::{Subject, parts};
use crate::check::{Check, Run};
use crate::diagnostic::{Findings, Severity, code};
use crate::query::{Expr, Prover};
use crate::source::Span;

code! {
    /// a condition asks for something that cannot be
    ///
    /// Two things that must hold together rule each other out: one field with two values that it
    /// cannot both have, or a filter that shuts out everything that the selection lets in. The
    /// rule never fires. If only one alternative is affected, the rest works and this is a
    /// warning. That a field has at most one value is known from the catalogue, or from the log
    /// source: records of operating systems are flat.
    ///
    /// ```yaml
    /// # bad
    /// root: {userIdentity.type: Root}
    /// user: {userIdentity.type: IAMUser}
    /// condition: root and user
    /// ```
    ///
    /// ```yaml
    /// # good
    /// condition: root or user
    /// ```
    IMPOSSIBLE = "impossible-condition", Warning;
}

pub(super) const CHECK: Check = Check { code: &IMPOSSIBLE, run: Run::Detection(run) };

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let single = |field: &_| subject.is_single(field);
    let prover = Prover::new(&single);
    for meaning in subject.meanings().values() {
        selection(meaning, &prover, findings);
    }
    for condition in subject.conditions().filter(|condition| is_small(subject, condition)) {
        let whole = Branch::Condition(&condition.value);
        walk(subject, &whole, &[], &prover, findings);
    }
}

/// Items of one selection that rule each other out, and values of one item that do.
fn selection(meaning: &Meaning<'_>, prover: &Prover<'_>, findings: &mut Findings) {
    let Meaning::All(items) = meaning else { return };
    for (index, (item, expr)) in items.iter().enumerate().take_while(|_| !prover.is_spent()) {
        if let Expr::And(members) = expr
            && clash(members, prover)
        {
            let message = "the field cannot have all these values at once";
            findings.add(&IMPOSSIBLE, item.span, message);
            continue;
        }
        let other = items.iter().take(index).find(|(_, other)| prover.disjoint(other, expr));
        if let Some((other, _)) = other {
            let place = findings.place(other.span);
            findings
                .add(&IMPOSSIBLE, item.span, "two items of this selection rule each other out")
                .related(place, "the other one");
        }
    }
}

fn clash(members: &[Expr], prover: &Prover<'_>) -> bool {
    let mut pairs = members.iter().enumerate().take_while(|_| !prover.is_spent());
    pairs.any(|(index, one)| members.iter().take(index).any(|other| prover.disjoint(one, other)))
}

/// Looks at what must hold together, then at each alternative beside the rest.
fn walk(
    subject: &Subject<'_>,
    branch: &Branch<'_>,
    context: &[Part<'_>],
    prover: &Prover<'_>,
    findings: &mut Findings,
) {
    let own = of_branch(subject, branch);
    for (index, part) in own.iter().enumerate() {
        let before = context.iter().chain(own.iter().take(index));
        let mut before = before.filter(|other| !is_one_selection(other, part));
        if let Some(other) = before.find(|other| prover.disjoint(&other.expr, &part.expr)) {
            report(other, part, context.is_empty(), findings);
            return;
        }
        if prover.is_spent() {
            return;
        }
    }
    for (index, part) in own.iter().enumerate().filter(|(_, part)| part.branches.len() > 1) {
        let rest = own.iter().enumerate().filter(|(other, _)| *other != index);
        let rest = rest.map(|(_, part)| part);
        let context: Vec<Part<'_>> = context.iter().chain(rest).cloned().collect();
        // Without context an alternative stands by itself, and its selections were looked at.
        for branch in &part.branches {
            walk(subject, branch, &context, prover, findings);
        }
    }
}

/// What stands in one selection was looked at there.
fn is_one_selection(a: &Part<'_>, b: &Part<'_>) -> bool {
    a.name == b.name && !a.negated && !b.negated
}

fn report(other: &Part<'_>, part: &Part<'_>, whole: bool, findings: &mut Findings) {
    let message = match (other.negated, part.negated) {
        (false, true) => shut_out(part, other),
        (true, false) => shut_out(other, part),
        _ if whole => format!("`{}` and `{}` can never hold together", other.name, part.name),
        _ => format!("`{}` can never hold beside `{}`", part.name, other.name),
    };
    let items: Vec<(Span, &str)> = [(other, "this item"), (part, "and this one")]
        .into_iter()
        .filter_map(|(part, label)| Some((part.item?.span, label)))
        .collect();
    let places: Vec<_> =
        items.into_iter().map(|(span, label)| (findings.place(span), label)).collect();
    let finding = findings.add(&IMPOSSIBLE, part.at, message);
    for (place, label) in places {
        finding.related(place, label);
    }
    if !whole {
        finding.severity = Severity::Warning;
        finding.help("this alternative never applies; the others do");
    }
}

fn shut_out(filter: &parts::Part<'_>, let_in: &parts::Part<'_>) -> String {
    format!("`not {}` shuts out everything that `{}` lets in", filter.name, let_in.name)
}

//! Parts of a condition on which nothing depends.

use rayon::prelude::*;

use super::{LIMITS, Proven};
use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::language::sigma::{Item, Value, lower_item};
use crate::proof::idle;
use crate::query::Test;
use crate::rule::{Rule, RuleSet};
use crate::source::{Place, Span, Spanned};

code! {
    /// a part of the condition can never matter
    ///
    /// With or without it the rule matches the same events: whatever it lets in is let in already, or
    /// whatever it shuts out is shut out already. Either it can go, or it was meant to say something
    /// else. That is proven, with what is known of the fields of the log source.
    ///
    /// ```yaml
    /// # bad
    /// any: {eventName|startswith: Delete}
    /// trail: {eventName: DeleteTrail, userIdentity.type: Root}
    /// condition: any or trail
    /// ```
    ///
    /// ```yaml
    /// # good
    /// any: {eventName|startswith: Delete}
    /// condition: any
    /// ```
    pub(crate) DEAD_CLAUSE = "dead-clause", Warning;
}

pub(super) const CHECK: Check = Check { code: &DEAD_CLAUSE, run: Run::Set(run) };

/// Most tests of a rule that are looked at.
const MOST: usize = 120;

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    let rules: Vec<&Rule> = set.rules().collect();
    let found: Vec<Finding> = rules.par_iter().flat_map_iter(|rule| of_rule(set, rule)).collect();
    // A check that knows the reason has said it better.
    let is_new = |finding: &Finding| !findings.iter().any(|other| is_about(other, finding));
    let new: Vec<Finding> = found.into_iter().filter(is_new).collect();
    findings.extend(new);
}

fn of_rule(set: &RuleSet, rule: &Rule) -> Vec<Finding> {
    let Some(proven) = Proven::of(set, rule) else { return Vec::new() };
    // Conditions of platforms and cases use the same selections for something else.
    if proven.subject.has_variants() {
        return Vec::new();
    }
    let dead = idle(&proven.expr, &proven, &LIMITS, MOST);
    let mut found = Vec::new();
    for (test, stands_for) in dead {
        let Some((span, item)) = written(&proven, &test) else { continue };
        let what =
            item.field.as_ref().map_or("this keyword".to_owned(), |f| format!("`{}`", f.value));
        let message = format!("nothing depends on this test of {what}: it {}", test.op);
        let place = Place::new(&rule.source, span);
        let mut finding = Finding::new(&DEAD_CLAUSE, place, message);
        finding.help(match stands_for {
            true => "leave it out, or correct what makes it idle",
            // Without it what stands beside it would match more.
            false => {
                "leave out the whole alternative that it belongs to, or correct what makes it idle"
            }
        });
        found.push(finding);
    }
    found
}

/// The value that a test was written as, or its item. Tests that stand in several places are left
/// alone: in one of them they may matter.
fn written<'p>(proven: &'p Proven<'_>, test: &Test) -> Option<(Span, &'p Item)> {
    let has = |item: &&Item| lower_item(item).is_ok_and(|expr| expr.tests().contains(&test));
    let mut items = proven.subject.items().filter(has);
    let item = items.next()?;
    if items.next().is_some() {
        return None;
    }
    let one = |value: &Spanned<Value>| Item { values: vec![value.clone()], ..item.clone() };
    let value = item.values.iter().find(|value| has(&&one(value)));
    Some((value.filter(|_| item.values.len() > 1).map_or(item.span, |value| value.span), item))
}

fn is_about(other: &Finding, finding: &Finding) -> bool {
    let (Some(a), Some(b)) = (&other.place, &finding.place) else { return false };
    let overlaps = a.span.start < b.span.end && b.span.start < a.span.end;
    a.source.name() == b.source.name() && overlaps
}

//! Rules that detect what other rules detect.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde_json::Value as Json;

use super::{LIMITS, Proven, leaning};
use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::proof::{Assumed, Satisfiable, satisfiable};
use crate::query::Expr;
use crate::rule::{Rule, RuleSet};
use crate::source::Place;

code! {
    /// two rules detect the same
    ///
    /// Every event that raises an alert raises two. That is proven, whatever the conditions look like.
    /// Keep one of them, and let `related:` name the other if it must stay.
    ///
    /// ```yaml
    /// # bad
    /// detection: {a: {eventName: [StopLogging, DeleteTrail]}, condition: a}
    /// ---
    /// detection: {a: {eventName: StopLogging}, b: {eventName: DeleteTrail}, condition: a or b}
    /// ```
    ///
    /// ```yaml
    /// # good
    /// detection: {a: {eventName: [StopLogging, DeleteTrail]}, condition: a}
    /// ```
    SAME_DETECTION = "same-detection", Warning;
}

code! {
    /// every event of a rule is matched by another rule too
    ///
    /// The one rule is a part of the other. That can be meant: a graver level for a special case. If it
    /// is not, the narrower rule adds nothing but a second alert.
    ///
    /// ```yaml
    /// # bad
    /// detection: {a: {eventName: [StopLogging, DeleteTrail]}, condition: a}
    /// level: high
    /// ---
    /// detection: {a: {eventName: DeleteTrail}, condition: a}
    /// level: high
    /// ```
    ///
    /// ```yaml
    /// # good: the second rule has a level of its own, and an entry in the first one's `related:`
    /// detection: {a: {eventName: DeleteTrail, userIdentity.type: Root}, condition: a}
    /// level: critical
    /// ```
    CONTAINED_RULE = "contained-rule", Note;
}

pub(super) const CHECK: Check = Check { code: &SAME_DETECTION, run: Run::Set(run) };
pub(super) const CONTAINED: Check =
    Check { code: &CONTAINED_RULE, run: Run::Beside(&SAME_DETECTION) };

/// A rule with an event that it matches.
struct Member<'r> {
    rule: &'r Rule,
    proven: Proven<'r>,
    event: Json,
}

/// A rule of which every event is one of another rule.
struct Inside<'m, 'r> {
    inner: &'m Member<'r>,
    outer: &'m Member<'r>,
    assumed: Vec<Assumed>,
    /// Whether the other is inside of this one as well.
    same: bool,
}

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for members in groups(set).values() {
        findings.extend(inside(members).iter().map(Inside::finding));
    }
}

/// The rules by whose events they look at: log source and names. Rules of different log sources are
/// not compared, even if the one is a part of the other.
fn groups(set: &RuleSet) -> BTreeMap<String, Vec<Member<'_>>> {
    let rules: Vec<&Rule> = set.rules().filter(|rule| set.raises_alerts(rule)).collect();
    let members: Vec<(String, Member<'_>)> =
        rules.par_iter().filter_map(|rule| member(set, rule)).collect();
    let mut groups: BTreeMap<String, Vec<Member<'_>>> = BTreeMap::new();
    for (key, member) in members {
        groups.entry(key).or_default().push(member);
    }
    groups
}

/// A rule that can match, under the name of its group.
fn member<'r>(set: &RuleSet, rule: &'r Rule) -> Option<(String, Member<'r>)> {
    let proven = Proven::of(set, rule)?;
    let key = format!("{:?} {:?}", proven.subject.source(), rule.header.taxonomy);
    match satisfiable(&proven.expr, &proven, &LIMITS) {
        Satisfiable::Yes(event) => Some((key, Member { rule, proven, event })),
        _ => None,
    }
}

/// All pairs of which the one is inside of the other. An event of a rule that another rule misses
/// settles most of them.
fn inside<'m, 'r>(members: &'m [Member<'r>]) -> Vec<Inside<'m, 'r>> {
    let of = |(at, inner): (usize, &'m Member<'r>)| {
        let others = members.iter().enumerate();
        let mut found = Vec::new();
        let others = others.filter(|(place, _)| *place != at);
        for (place, outer) in others.filter(|(_, outer)| !is_known(inner.rule, outer.rule)) {
            if !outer.proven.expr.eval(&inner.event) {
                continue;
            }
            let Some(assumed) = is_inside(inner, outer) else { continue };
            let same = inner.proven.expr.eval(&outer.event) && is_inside(outer, inner).is_some();
            // Of two that are the same the later one has the finding.
            if !same || place < at {
                found.push(Inside { inner, outer, assumed, same });
            }
        }
        found
    };
    members.par_iter().enumerate().flat_map_iter(of).collect()
}

/// Whether one of two rules names the other in its `related:`.
fn is_known(one: &Rule, other: &Rule) -> bool {
    let names = |from: &Rule, to: &Rule| {
        let id = to.header.id.as_ref().map(|id| id.value);
        id.is_some_and(|id| from.header.related.iter().any(|related| related.id.value == id))
    };
    names(one, other) || names(other, one)
}

/// What must be assumed for every event of the one rule to be one of the other; `None` if it is not so.
fn is_inside(inner: &Member<'_>, outer: &Member<'_>) -> Option<Vec<Assumed>> {
    let Member { proven, .. } = inner;
    let outside = Expr::all([proven.expr.clone(), outer.proven.expr.clone().negated()]);
    match satisfiable(&outside, proven, &LIMITS) {
        Satisfiable::Never(assumed) => Some(assumed),
        _ => None,
    }
}

impl Inside<'_, '_> {
    fn finding(&self) -> Finding {
        let place =
            |member: &Member<'_>| Place::new(&member.rule.source, member.rule.header.title_span);
        let other = &self.outer.rule.header.title;
        let leaning = leaning(&self.assumed);
        let mut finding = match self.same {
            true => Finding::new(
                &SAME_DETECTION,
                place(self.inner),
                format!("this rule and `{other}` match the same events{leaning}"),
            ),
            false => Finding::new(
                &CONTAINED_RULE,
                place(self.inner),
                format!("`{other}` matches every event of this rule{leaning}"),
            ),
        };
        finding.related(place(self.outer), "the other rule");
        finding
    }
}

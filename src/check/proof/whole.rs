//! Rules that match nothing, or everything, for reasons that only a proof sees.

use rayon::prelude::*;

use super::{LIMITS, Proven, leaning};
use crate::check::detection::{ALWAYS_TRUE, IMPOSSIBLE};
use crate::check::{Check, Run};
use crate::diagnostic::{Code, Finding};
use crate::proof::{Satisfiable, satisfiable};
use crate::query::Expr;
use crate::rule::{Rule, RuleSet};
use crate::source::Place;

pub(super) const NEVER: Check = Check { code: IMPOSSIBLE, run: Run::Set(never) };
pub(super) const ALWAYS: Check = Check { code: ALWAYS_TRUE, run: Run::Set(always) };

fn never(set: &RuleSet, findings: &mut Vec<Finding>) {
    let ask = |proven: &Proven<'_>| proven.expr.clone();
    report(set, IMPOSSIBLE, &ask, "no event can fulfil this condition", findings);
}

fn always(set: &RuleSet, findings: &mut Vec<Finding>) {
    let ask = |proven: &Proven<'_>| proven.expr.clone().negated();
    report(
        set,
        ALWAYS_TRUE,
        &ask,
        "every event of the log source fulfils this condition",
        findings,
    );
}

/// Reports rules of which what is asked can never hold.
fn report(
    set: &RuleSet,
    code: &'static Code,
    ask: &(dyn Fn(&Proven<'_>) -> Expr + Sync),
    message: &str,
    findings: &mut Vec<Finding>,
) {
    let rules: Vec<&Rule> = set.rules().filter(|rule| !is_known(rule, code, findings)).collect();
    let one = |rule: &&Rule| {
        let proven = Proven::of(set, rule)?;
        let asked = ask(&proven);
        let Satisfiable::Never(assumed) = satisfiable(&asked, &proven, &LIMITS) else {
            return None;
        };
        let condition = proven.subject.own_condition()?;
        let place = Place::new(&rule.source, condition);
        Some(Finding::new(code, place, format!("{message}{}", leaning(&assumed))))
    };
    let found: Vec<Finding> = rules.par_iter().filter_map(one).collect();
    findings.extend(found);
}

/// Whether the rule's file has such a finding, which says where it comes from.
fn is_known(rule: &Rule, code: &'static Code, findings: &[Finding]) -> bool {
    let mut known = findings.iter().filter(|finding| finding.code == code);
    known.any(|finding| {
        let place = finding.place.as_ref();
        place.is_some_and(|place| place.source.name() == rule.source.name())
    })
}

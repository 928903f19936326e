//! Test events that must not match and are nowhere near matching.

use super::Proven;
use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::query::{Expr, Test};
use crate::rule::RuleSet;
use crate::source::Place;

code! {
    /// a test event shows nothing about the rule
    ///
    /// The event must not match, and does not, but several clauses keep it out at once. Were any one of
    /// them missing or wrong, the test would still pass. A near miss differs from a match in one thing.
    /// `crosswalk synth` makes one for each clause.
    ///
    /// ```yaml
    /// # bad
    /// detection: {selection: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}, condition: selection}
    /// tests: [{name: buckets are quiet, match: false, event: {eventSource: s3.amazonaws.com, eventName: ListBuckets}}]
    /// ```
    ///
    /// ```yaml
    /// # good
    /// tests: [{name: starting is quiet, match: false, event: {eventSource: cloudtrail.amazonaws.com, eventName: StartLogging}}]
    /// ```
    DISTANT_TEST = "distant-test-event", Note;
}

pub(super) const CHECK: Check = Check { code: &DISTANT_TEST, run: Run::Set(run) };

/// Most tests of a condition that is looked at: each is tried for each event.
const MOST: usize = 500;

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for rule in set.rules().filter(|rule| !rule.sections.tests.is_empty()) {
        let Some(proven) = Proven::of(set, rule) else { continue };
        if proven.subject.has_variants() || proven.expr.tests().len() > MOST {
            continue;
        }
        let own = rule.sections.tests.iter().filter(|test| !test.matches);
        for test in own.filter(|test| !proven.expr.eval(&test.event)) {
            let decides =
                |one: &&Test| with(&proven.expr, one, !one.eval(&test.event)).eval(&test.event);
            if !proven.expr.tests().iter().any(decides) {
                let place = Place::new(&rule.source, test.name.span);
                let message =
                    "several clauses keep this event out, so it shows of none that it works";
                let mut finding = Finding::new(&DISTANT_TEST, place, message);
                finding.help("let the event differ from a match in one thing (`crosswalk synth`)");
                findings.push(finding);
            }
        }
    }
}

/// The expression if a test came out this way.
fn with(expr: &Expr, test: &Test, holds: bool) -> Expr {
    let value = if holds { Expr::True } else { Expr::False };
    expr.clone().map_tests(&|own| if own == *test { value.clone() } else { own.into() })
}

//! Tests that failed, and rules that lack them.

use super::{Column, RuleRun, Side, Verdict, codes};
use crate::check::{FAILING_TEST, ONE_SIDED, UNTESTED};
use crate::diagnostic::Finding;
use crate::rule::Logic;
use crate::source::{Place, Span};

/// Most reasons that a finding names.
const SHOWN: usize = 3;

/// Everything that is wrong with the tests of a rule, in the order of the file.
pub fn findings(run: &RuleRun<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = missing(run).into_iter().collect();
    for column in &run.columns {
        findings.extend(of_column(run, column));
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    findings
}

fn at(run: &RuleRun<'_>, span: Span) -> Place {
    Place::new(&run.rule.source, span)
}

fn of_column(run: &RuleRun<'_>, column: &Column) -> Vec<Finding> {
    let tests = &run.rule.sections.tests;
    let verdicts = match &column.verdicts {
        Ok(verdicts) => verdicts,
        // A platform that does not get the rule is the business of the build.
        Err(reason) if column.side == Side::Canonical && !tests.is_empty() => {
            let span = run.rule.header.title_span;
            let message = format!("the tests of this rule cannot be run: {reason}");
            return vec![Finding::new(&codes::NOT_TESTABLE, at(run, span), message)];
        }
        Err(_) => return Vec::new(),
    };
    let failed = tests.iter().zip(verdicts).filter_map(|(test, verdict)| match verdict {
        Verdict::Failed { why } => Some((test, why)),
        _ => None,
    });
    let finding = |(test, why): (&crate::rule::TestEvent, &Vec<String>)| {
        let verb = if test.matches { "misses" } else { "matches" };
        let (code, who) = match column.side {
            Side::Canonical => (FAILING_TEST, "the rule".to_owned()),
            side => (&codes::FAILING_ON_TARGET, format!("the query for {}", side.name())),
        };
        let message = format!("{who} {verb} this event: {}", shown(why));
        Finding::new(code, at(run, test.name.span), message)
    };
    failed.map(finding).collect()
}

fn shown(why: &[String]) -> String {
    let first = why.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join("; ");
    match why.len().saturating_sub(SHOWN) {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}

/// A rule without a test of each kind.
fn missing(run: &RuleRun<'_>) -> Option<Finding> {
    if matches!(run.rule.logic, Logic::Correlation(_)) {
        return None;
    }
    let tests = &run.rule.sections.tests;
    let (code, span, message, help) = match tests.first() {
        None => (
            UNTESTED,
            run.rule.header.title_span,
            "nothing shows that this rule works",
            "add events to `tests` that must match and that must not",
        ),
        Some(first) if tests.iter().any(|test| test.matches != first.matches) => return None,
        Some(first) if first.matches => (
            ONE_SIDED,
            first.name.span,
            "every test must match",
            "add an event that must not match",
        ),
        Some(first) => (
            ONE_SIDED,
            first.name.span,
            "every test must stay quiet",
            "add an event that must match",
        ),
    };
    let mut finding = Finding::new(code, at(run, span), message);
    finding.help(help);
    Some(finding)
}

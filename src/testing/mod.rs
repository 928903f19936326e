//! The tests of rules, run on what every platform gets.
//!
//! A rule's `tests:` are events of its log source. The rule itself judges them as they are. For a
//! platform, the query is generated and read again from its text, and the event is projected to
//! what the platform would hold; so a test also fails where the translation or the field table is
//! wrong, not only the rule.

pub mod codes;
mod findings;
mod junit;
mod side;

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::build::emit;
use crate::config::{Config, Target};
use crate::query::{Effect, Expr, Test};
use crate::rule::{Accept, Rule, RuleSet, TestEvent};
use crate::target::{Names, Output, Request, Unknown};
use side::Judge;

pub use findings::findings;
pub use junit::junit;
pub use side::Side;

/// The tests of one rule on every side.
#[derive(Debug, Serialize)]
pub struct RuleRun<'r> {
    /// The rule.
    #[serde(rename = "file", serialize_with = "file")]
    pub rule: &'r Rule,
    /// The name of its artifacts.
    pub name: &'r str,
    /// Side by side, the rule itself first.
    pub columns: Vec<Column>,
    /// How the tests exercise the rule's condition; `None` if it has no meaning over single events.
    pub coverage: Option<Coverage>,
}

/// The tests of one rule on one side.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Who judges.
    #[serde(serialize_with = "name")]
    pub side: Side,
    /// One verdict for each test of the rule, or why there are none.
    pub verdicts: Result<Vec<Verdict>, String>,
}

/// How a test went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// The event got the verdict that the test asks for.
    Passed,
    /// It did not, and the rule's section for the platform wants it so.
    Accepted {
        /// In the words of the section.
        reason: String,
    },
    /// It did not.
    Failed {
        /// What decided against it, in words.
        why: Vec<String>,
    },
}

/// Which tests of a condition are shown both true and false by some test event.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Distinct tests in the condition.
    pub total: usize,
    /// Those that came out the same for every event.
    pub idle: Vec<Idle>,
}

/// A test of a condition that nothing exercises.
#[derive(Clone, Debug, Serialize)]
pub struct Idle {
    /// The test in words.
    pub test: String,
    /// What it gave for every event.
    pub always: bool,
}

/// Runs the tests of every rule that raises alerts, on the rule itself and on the targets.
pub fn run<'r>(
    set: &'r RuleSet,
    names: &'r Names<'r>,
    config: &Config,
    targets: &[Target],
) -> Vec<RuleRun<'r>> {
    let rules: Vec<(&Rule, &str)> = names.iter().collect();
    rules
        .par_iter()
        .map(|(rule, name)| {
            let request =
                Request { rule, set, name, elastic: &config.elastic, unknown: Unknown::Refuse };
            one(&request, rule, name, targets)
        })
        .collect()
}

fn one<'r>(
    request: &Request<'_>,
    rule: &'r Rule,
    name: &'r str,
    targets: &[Target],
) -> RuleRun<'r> {
    let tests = &rule.sections.tests;
    let canonical = Judge::canonical(request.set, rule);
    let coverage = canonical.as_ref().ok().map(|judge| Coverage::of(&judge.expr, tests));
    let verdicts = canonical
        .map(|judge| tests.iter().map(|test| verdict(test, &judge, |_| None)).collect::<Vec<_>>());
    let mut columns = vec![Column { side: Side::Canonical, verdicts }];
    // Without tests there is nothing to generate for.
    for target in targets.iter().copied().filter(|_| !tests.is_empty()) {
        let Some(emission) = emit(request, target) else { continue };
        let judge = Judge::of_emission(request, target, &emission);
        let verdicts = judge.map(|judge| {
            let waived = |test: &TestEvent| {
                let output = emission.output.as_ref()?;
                accepted(request, output, test).map(|accept| accept.reason.clone())
            };
            tests.iter().map(|test| verdict(test, &judge, waived)).collect()
        });
        columns.push(Column { side: Side::Target(target), verdicts });
    }
    RuleRun { rule, name, columns, coverage }
}

fn verdict(
    test: &TestEvent,
    judge: &Judge,
    waived: impl Fn(&TestEvent) -> Option<String>,
) -> Verdict {
    if judge.matches(&test.event) == test.matches {
        return Verdict::Passed;
    }
    match waived(test) {
        Some(reason) => Verdict::Accepted { reason },
        None => Verdict::Failed { why: judge.why(&test.event) },
    }
}

/// The words with which a platform's section wants a test to go the other way: its own condition
/// does so, or a loss that it accepts has this effect.
fn accepted<'o>(request: &Request<'_>, output: &'o Output, test: &TestEvent) -> Option<&'o Accept> {
    let effect = if test.matches { Effect::Narrower } else { Effect::Wider };
    let fits = |other: Effect| other == effect || other == Effect::Overlapping;
    let own = conditions(request, output.target);
    let own_verdict = own.map(|expr| expr.eval(&test.event));
    output.accepted.iter().find(|accept| {
        let loss = accept.loss.value.as_str();
        match Effect::from_name(loss) {
            Some(relation) => fits(relation) && own_verdict == Some(!test.matches),
            None => output.losses.iter().any(|other| other.code == loss && fits(other.effect)),
        }
    })
}

/// What a platform's own conditions match together, if it has some.
fn conditions(request: &Request<'_>, target: Target) -> Option<Expr> {
    let sections = &request.rule.sections;
    let own: Vec<_> = match target {
        Target::Elastic => sections.elastic.condition.iter().collect(),
        Target::Datadog => sections.datadog.cases.iter().map(|case| &case.condition).collect(),
        Target::Sigma | Target::Docs => Vec::new(),
    };
    let exprs = own.iter().map(|condition| request.set.expr(request.rule, Some(&condition.value)));
    let exprs: Vec<Expr> = exprs.collect::<Result<_, _>>().ok()?;
    (!exprs.is_empty()).then(|| Expr::any_of(exprs))
}

impl Coverage {
    fn of(expr: &Expr, tests: &[TestEvent]) -> Self {
        let events: Vec<_> = tests.iter().map(|test| test.event.clone()).collect();
        let mut distinct: Vec<&Test> = expr.tests();
        distinct.sort_unstable();
        distinct.dedup();
        let idle = expr.unexercised(&events).into_iter();
        let idle = idle.map(|(test, always)| Idle { test: test.to_string(), always }).collect();
        Self { total: distinct.len(), idle }
    }

    /// Tests that some event shows true and another false.
    pub fn exercised(&self) -> usize {
        self.total - self.idle.len()
    }
}

impl Column {
    /// Tests that went as asked, that differ by consent, and that failed.
    pub fn counts(&self) -> Option<[usize; 3]> {
        let verdicts = self.verdicts.as_ref().ok()?;
        let count = |wanted: fn(&Verdict) -> bool| verdicts.iter().filter(|v| wanted(v)).count();
        Some([
            count(|verdict| matches!(verdict, Verdict::Passed)),
            count(|verdict| matches!(verdict, Verdict::Accepted { .. })),
            count(|verdict| matches!(verdict, Verdict::Failed { .. })),
        ])
    }
}

fn file<S: Serializer>(rule: &&Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.source.name())
}

fn name<S: Serializer>(side: &Side, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(side.name())
}

//! For test reports: JUnit's XML with one suite a rule and one case for each test on each side.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Column, RuleRun, Verdict};
use crate::rule::TestEvent;

/// Renders test runs as a JUnit report. No times: a report depends on the rules alone.
pub fn junit(runs: &[RuleRun<'_>]) -> Result<String, SerializeError> {
    let mut report = Report::new("crosswalk test");
    report
        .add_test_suites(runs.iter().filter(|run| !run.rule.sections.tests.is_empty()).map(suite));
    report.to_string()
}

fn suite(run: &RuleRun<'_>) -> TestSuite {
    let mut suite = TestSuite::new(run.name);
    suite.extra.insert("file".into(), run.rule.source.name().into());
    for column in &run.columns {
        suite.add_test_cases(cases(run, column));
    }
    suite
}

fn cases(run: &RuleRun<'_>, column: &Column) -> Vec<TestCase> {
    let tests = &run.rule.sections.tests;
    let case = |test: &TestEvent, status| {
        let mut case = TestCase::new(test.name.value.as_str(), status);
        case.set_classname(format!("{}.{}", run.name, column.side.name()));
        case
    };
    let skipped = |reason: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(reason);
        status
    };
    match &column.verdicts {
        Err(reason) => tests.iter().map(|test| case(test, skipped(reason))).collect(),
        Ok(verdicts) => {
            let status = |verdict: &Verdict| match verdict {
                Verdict::Passed => TestCaseStatus::success(),
                Verdict::Accepted { reason } => skipped(reason),
                Verdict::Failed { why } => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_type("failing-test").set_message(why.join("; "));
                    status
                }
            };
            let both = tests.iter().zip(verdicts);
            both.map(|(test, verdict)| case(test, status(verdict))).collect()
        }
    }
}

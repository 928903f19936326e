//! For test reports: JUnit's XML with one test case a file. Files without findings pass.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{clean, human};
use crate::diagnostic::{Finding, Severity};

/// The test case of findings that have no file.
const RUN: &str = "the run as a whole";

/// Renders findings as a JUnit report. `files` are the names of all files that were looked at;
/// under `strict` warnings are failures like errors. No times: a report depends on the rules alone.
pub fn junit(files: &[&str], findings: &[Finding], strict: bool) -> Result<String, SerializeError> {
    let mut cases: BTreeMap<&str, Vec<Finding>> =
        files.iter().map(|file| (*file, Vec::new())).collect();
    for finding in findings {
        let file = finding.place.as_ref().map_or(RUN, |place| place.source.name());
        cases.entry(file).or_default().push(finding.clone());
    }
    let mut suite = TestSuite::new("rules");
    suite.add_test_cases(cases.iter().map(|(file, findings)| case(file, findings, strict)));
    let mut report = Report::new("crosswalk");
    report.add_test_suite(suite);
    report.to_string()
}

fn case(file: &str, findings: &[Finding], strict: bool) -> TestCase {
    let fails = |finding: &&Finding| match finding.severity {
        Severity::Error => true,
        Severity::Warning => strict,
        Severity::Note => false,
    };
    let text = human(findings, false);
    let mut case = match findings.iter().find(fails) {
        None => TestCase::new(file, TestCaseStatus::success()),
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(first.code.name).set_message(clean(&first.message));
            status.set_description(text.trim_end());
            TestCase::new(file, status)
        }
    };
    case.set_classname("crosswalk");
    if file != RUN {
        case.extra.insert("file".into(), file.into());
    }
    let passed = matches!(case.status, TestCaseStatus::Success { .. });
    if passed && !findings.is_empty() {
        case.set_system_out(text.trim_end());
    }
    case
}

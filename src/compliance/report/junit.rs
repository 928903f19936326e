//! For test reports: JUnit's XML, one suite for each version and place, one case for each control.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::gap::gaps;
use crate::compliance::{Audit, ControlAudit, Place, VersionAudit};

/// The audit as a JUnit report: a control that is not covered in full fails. No times: a report
/// depends on the rules alone.
pub fn junit(audit: &Audit) -> Result<String, SerializeError> {
    let mut report = Report::new("crosswalk coverage");
    for version in &audit.versions {
        for place in &audit.places {
            let name = format!("{}@{} {}", audit.framework, version.version, place.name());
            let mut suite = TestSuite::new(clean(&name));
            let cases = version.controls.iter();
            suite.add_test_cases(cases.filter_map(|one| case(audit, version, one, *place)));
            report.add_test_suite(suite);
        }
    }
    report.to_string()
}

fn case(
    audit: &Audit,
    version: &VersionAudit,
    control: &ControlAudit,
    place: Place,
) -> Option<TestCase> {
    let found = control.place(place)?;
    let name = clean(&format!("{} {}", control.control.number, control.title));
    let mut case = if found.covered() == found.parts.len() {
        TestCase::new(name, TestCaseStatus::success())
    } else {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type("not-covered").set_message(clean(&found.fraction()));
        let mut text = String::new();
        let own = |gap: &super::gap::Gap<'_>| {
            gap.place == place.name() && gap.control.control == control.control
        };
        for gap in gaps(audit, version).iter().filter(|gap| own(gap)) {
            text.push_str(&format!("{}: {}\n", gap.parts.join(", "), gap.what()));
            for reason in &gap.reasons {
                text.push_str(&format!("  {} ({}): {}\n", reason.rule, reason.kind, reason.words));
            }
            if let Some(witness) = gap.witness {
                text.push_str(&format!("  demanded and not found: {witness}\n"));
            }
        }
        status.set_description(clean(text.trim_end()));
        TestCase::new(name, status)
    };
    case.set_classname(clean(&format!("{}.{}", audit.framework, place.name())));
    Some(case)
}

/// Without characters that XML does not have.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

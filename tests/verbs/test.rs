//! `crosswalk test`: rules, their tests, and what platforms make of both.

use super::Folder;

const RULE: &str = "\
title: Trail stopped
id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventSource: cloudtrail.amazonaws.com, eventName: [StopLogging, DeleteTrail]}
  refused: {errorCode|exists: true}
  condition: selection and not refused
level: high
tests:
  - name: stopping a trail matches
    match: true
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}
  - name: a refused call is quiet
    match: false
    event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging, errorCode: AccessDenied}
";

fn with(rule: &str) -> Folder {
    let folder = Folder::empty();
    folder.write("trail_stopped.yml", rule);
    folder
}

#[test]
fn good_rules_pass_on_every_side() {
    let folder = with(RULE);
    let (_, out, err) = folder.passes(&["test", "trail_stopped.yml"]);
    let cells: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        cells,
        [
            vec!["rule", "canonical", "elastic", "datadog", "sigma", "exercised"],
            vec!["trail_stopped", "2/2", "2/2", "2/2", "2/2", "1/4"],
        ],
        "{out}"
    );
    assert!(err.contains("8 as they should, 0 not"), "{err}");
}

#[test]
fn a_wrong_event_fails_with_field_expected_and_found() {
    let folder = with(&RULE.replace(
        "event: {eventSource: cloudtrail.amazonaws.com, eventName: StopLogging}",
        "event: {eventSource: cloudtrail.amazonaws.com, eventName: StartLogging}",
    ));
    let (code, _, err) = folder.run(&["test", "trail_stopped.yml"]);
    assert_eq!(code, 1, "{err}");
    for part in [
        "failing-test",
        "the rule misses this event: eventName: expected is `StopLogging`",
        "or is `DeleteTrail` in any case, found `StartLogging`",
        "failing-on-target",
        "the query for elastic misses this event: event.action: expected",
        "the query for datadog misses this event: @evt.name: expected",
        "trail_stopped.yml:10",
    ] {
        assert!(err.contains(part), "no `{part}` in\n{err}");
    }
}

#[test]
fn an_event_that_must_be_quiet_says_what_matched() {
    let folder = with(&RULE.replace(", errorCode: AccessDenied", ""));
    let (code, _, err) = folder.run(&["test", "trail_stopped.yml"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("the rule matches this event: eventSource: expected not is"), "{err}");
}

#[test]
fn a_platform_may_differ_where_its_section_says_so() {
    let section = "\
elastic:
  condition: selection and not refused and own
  accept: [{loss: narrower, reason: only the platform team's own account}]
";
    let own = "  own: {recipientAccountId: '123456789012'}\n  condition:";
    let rule = RULE.replace("  condition:", own).replace("tests:", &format!("{section}tests:"));
    let folder = with(&rule);
    let (_, out, err) = folder.passes(&["test", "trail_stopped.yml"]);
    assert!(out.contains("1+1/2"), "{out}");
    assert!(err.contains("1 differ as the rules accept"), "{err}");
    let unaccepted = rule.replace("loss: narrower", "loss: wider");
    let (code, _, err) = with(&unaccepted).run(&["test", "trail_stopped.yml"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("recipient_account_id: expected is `123456789012`"), "{err}");
}

#[test]
fn rules_without_tests_of_both_kinds_are_found() {
    let none = RULE.split("tests:").next().expect("there is a start").to_owned();
    let (code, _, err) = with(&none).run(&["test", "trail_stopped.yml"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("untested-rule"), "{err}");
    let one_sided = RULE.split("  - name: a refused").next().expect("there is a start").to_owned();
    let (code, _, err) = with(&one_sided).run(&["test", "--strict", "trail_stopped.yml"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("one-sided-tests"), "{err}");
}

#[test]
fn coverage_names_what_no_event_exercises() {
    let (_, out, _) = with(RULE).passes(&["test", "--coverage", "trail_stopped.yml"]);
    assert!(out.contains("never true   eventName is `DeleteTrail` in any case"), "{out}");
    assert!(out.contains("always true  eventSource is"), "{out}");
}

#[test]
fn reports_have_a_case_for_each_test_on_each_side() {
    let folder = with(RULE);
    let (_, out, _) =
        folder.passes(&["test", "--junit", "report.xml", "--output-format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["rules"][0]["columns"][1]["side"], "elastic");
    assert_eq!(report["rules"][0]["columns"][1]["verdicts"]["Ok"][0]["verdict"], "passed");
    let junit = folder.read("report.xml");
    assert_eq!(junit.matches("<testcase").count(), 8, "{junit}");
    assert!(junit.contains("classname=\"trail_stopped.elastic\""), "{junit}");
}

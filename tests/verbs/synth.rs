//! `crosswalk synth`: what it makes are tests that the rule passes.

use super::Folder;

const RULE: &str = "\
title: Trail stopped
id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1
logsource: {product: aws, service: cloudtrail}
detection:
  stopped: {eventSource: cloudtrail.amazonaws.com, eventName: [StopLogging, DeleteTrail]}
  pipeline: {userAgent|contains: terraform, userIdentity.type: AssumedRole}
  condition: stopped and not pipeline
level: high
";

#[test]
fn pasted_events_pass_and_exercise_every_clause() {
    let folder = Folder::empty();
    folder.write("rule.yml", RULE);
    let (_, tests, err) = folder.passes(&["synth", "rule.yml"]);
    assert!(tests.starts_with("tests:\n"), "{tests}");
    assert!(err.contains("of `Trail stopped`"), "{err}");
    folder.write("rule.yml", &format!("{RULE}{tests}"));
    let (code, out, err) =
        folder.run(&["test", "--coverage", "--targets", "elastic,datadog", "rule.yml"]);
    assert!(out.contains("5/5"), "{out}{err}");
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_rule_that_cannot_match_has_no_events() {
    let folder = Folder::empty();
    folder.write("rule.yml", &RULE.replace("stopped and not pipeline", "stopped and not 1 of st*"));
    let (code, out, err) = folder.run(&["synth", "rule.yml"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(err.contains("no event can match"), "{err}");
}

#[test]
fn a_query_has_events_of_its_platform() {
    let (_, out, _) = Folder::empty().passes(&["synth", "kql:event.action:a and not user.name:b"]);
    assert!(out.contains("action: a"), "{out}");
}

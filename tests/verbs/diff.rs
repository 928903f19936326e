//! `crosswalk diff`: two versions of a repository.

use std::process::Command;

use super::Folder;

const RULE: &str = "\
title: Trail stopped
id: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: [StopLogging, DeleteTrail]}
  condition: selection
level: high
";

fn versions(new: &str) -> Folder {
    let folder = Folder::empty();
    folder.write("old/trail.yml", RULE);
    folder.write("new/trail.yml", new);
    folder
}

#[test]
fn detection_and_metadata_are_told_apart() {
    let new = RULE.replace("DeleteTrail", "UpdateTrail").replace("level: high", "level: low");
    let (code, out, err) = versions(&new).run(&["diff", "old", "new"]);
    assert_eq!(code, 1, "{err}");
    for part in [
        "Trail stopped (new/trail.yml)",
        "matches further events, and no longer matches others",
        "newly matched: {\"eventName\":\"UpdateTrail\"}",
        "no longer matched: {\"eventName\":\"DeleteTrail\"}",
        "matched as before: {\"eventName\":\"StopLogging\"}",
        "level: high → low",
    ] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
}

#[test]
fn another_way_to_say_the_same_is_no_change() {
    let new = RULE.replace(
        "  selection: {eventName: [StopLogging, DeleteTrail]}\n  condition: selection",
        "  a: {eventName: DeleteTrail}\n  b: {eventName: StopLogging}\n  condition: 1 of them",
    );
    let (code, out, err) = versions(&new).run(&["diff", "old", "new"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
}

#[test]
fn new_and_gone_rules_are_named() {
    let folder = versions(&RULE.replace("5d0c1f5e", "00000000").replace("Trail st", "Other st"));
    folder.write("new/other.yml", &folder.read("new/trail.yml"));
    std::fs::remove_file(folder.path("new/trail.yml")).expect("removed");
    let (code, out, _) = folder.run(&["diff", "old", "new", "--format", "md"]);
    assert_eq!(code, 1);
    assert!(out.contains("### Other stopped") && out.contains("New rule."), "{out}");
    assert!(out.contains("### Trail stopped") && out.contains("The rule is gone."), "{out}");
}

#[test]
fn a_threshold_that_moves_is_a_change_of_counting() {
    let counted = |number: u32| {
        format!(
            "{RULE}name: trail\n---\ntitle: Trail stopped often\ncorrelation:\n  type: event_count\n  \
             rules: [trail]\n  group-by: [userIdentity.arn]\n  timespan: 5m\n  condition: {{gte: {number}}}\n"
        )
    };
    let folder = Folder::empty();
    folder.write("old/trail.yml", &counted(5));
    folder.write("new/trail.yml", &counted(10));
    let (code, out, err) = folder.run(&["diff", "old", "new"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("how it counts them changed"), "{out}");
    assert!(out.contains("counting.at_least: 5 → 10"), "{out}");
}

#[test]
fn a_git_revision_is_a_version() {
    let folder = Folder::empty();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=x", "-c", "user.email=x@example.org"]);
        let done = command.args(arguments).current_dir(folder.path("")).output().expect("git");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    folder.write("rules/trail.yml", RULE);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    folder.write("rules/trail.yml", &RULE.replace("StopLogging, ", ""));
    let (code, out, err) = folder.run(&["diff", "HEAD"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("no longer matched: {\"eventName\":\"StopLogging\"}"), "{out}");
    let (code, _, err) = folder.run(&["diff", "no-such-thing"]);
    assert_eq!(code, 2);
    assert!(err.contains("neither a path nor a Git revision"), "{err}");
}

/// The rule of 2021 asked for the provider of another service, and never saw a change of a security
/// group.
#[test]
fn rules_of_a_platform_are_compared_as_they_are() {
    let rule = |provider: &str, name: &str| {
        format!(
            "[metadata]\ncreation_date = \"2021/05/05\"\nmaturity = \"production\"\n\n[rule]\n\
             name = \"{name}\"\nrule_id = \"29052c19-ff3e-42fd-8363-7be14d7c5469\"\ntype = \"query\"\n\
             language = \"kuery\"\nindex = [\"logs-aws*\"]\nseverity = \"low\"\nrisk_score = 21\n\
             description = \"A security group was changed\"\nquery = '''\n\
             event.dataset:aws.cloudtrail and event.provider:{provider} and\n\
             event.action:CreateSecurityGroup\n'''\n"
        )
    };
    let folder = Folder::empty();
    folder.write("old.toml", &rule("iam.amazonaws.com", "Group changed"));
    folder.write("new.toml", &rule("ec2.amazonaws.com", "Security group changed"));
    let (code, out, err) = folder.run(&["diff", "old.toml", "new.toml"]);
    assert_eq!(code, 1, "{err}");
    for part in [
        "matches nothing that it did before",
        "newly matched: {\"eventName\":\"CreateSecurityGroup\",\"eventSource\":\"ec2.amazonaws.com\"}",
        "no longer matched: {\"eventName\":\"CreateSecurityGroup\",\"eventSource\":\"iam.amazonaws.com\"}",
    ] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
}

#[test]
fn two_files_with_one_rule_each_are_two_versions_of_it() {
    let folder = versions("");
    let other = RULE.replace("5d0c1f5e", "00000000").replace("Trail st", "Other st");
    folder.write("new/other.yml", &other.replace(", DeleteTrail", ""));
    let (code, out, err) = folder.run(&["diff", "old/trail.yml", "new/other.yml"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("no longer matched: {\"eventName\":\"DeleteTrail\"}"), "{out}");
}

/// What decides over alerts beside the condition is no metadata.
#[test]
fn other_counts_and_other_members_of_a_correlation_are_told() {
    let correlation = |count: &str, call: &str| {
        format!(
            "title: Call\nname: call\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
             selection: {{eventName: {call}}}\n  condition: selection\n---\ntitle: Other call\n\
             name: other\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
             selection: {{eventName: DeleteTrail}}\n  condition: selection\n---\ntitle: Many\n\
             level: high\ncorrelation:\n  type: event_count\n  rules: [call]\n  timespan: 5m\n  \
             condition: {{gte: {count}}}\n---\ntitle: Both\nlevel: high\ncorrelation:\n  \
             type: temporal\n  rules: [call, other]\n  timespan: 5m\n"
        )
    };
    let folder = Folder::empty();
    folder.write("old/rule.yml", &correlation("5", "StopLogging"));
    folder.write("new/rule.yml", &correlation("500", "StopLogging"));
    let (code, out, err) = folder.run(&["diff", "old", "new"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        out.contains("Many (new/rule.yml)") && out.contains("how it counts them changed"),
        "{out}"
    );
    assert!(!out.contains("Both"), "{out}");
    folder.write("new/rule.yml", &correlation("5", "UpdateTrail"));
    let (code, out, err) = folder.run(&["diff", "old", "new"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("the rule `call`, which it relates, changed"), "{out}");
}

#[test]
fn other_logs_are_another_detection() {
    let new = RULE.replace("product: aws, service: cloudtrail", "product: gcp, service: gcp.audit");
    let (code, out, err) = versions(&new).run(&["diff", "old", "new"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("matches nothing that it did before"), "{out}");
    assert!(out.contains("logsource.product: aws → gcp"), "{out}");
    let rule = |index: &str| {
        format!(
            r#"{{"name": "r", "rule_id": "6e1a9a1e-0000-4000-8000-000000000105", "type": "query",
                "description": "d", "risk_score": 47, "severity": "medium", "language": "kuery",
                "query": "event.dataset:aws.cloudtrail and event.action:StopLogging",
                "index": ["{index}"]}}"#
        )
    };
    let folder = Folder::empty();
    folder.write("old.json", &rule("logs-aws.cloudtrail-*"));
    folder.write("new.json", &rule("logs-gcp.audit-*"));
    let (code, out, err) = folder.run(&["diff", "old.json", "new.json"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("but Elastic's rule reads other indices"), "{out}");
    assert!(out.contains("elastic.index: logs-aws.cloudtrail-* → logs-gcp.audit-*"), "{out}");
}

#[test]
fn a_condition_of_a_platform_is_compared_with_events() {
    let rule = |elastic: &str, case: &str| {
        RULE.replace(
            "  condition: selection\n",
            "  ok: {errorCode: null, errorMessage: null}\n  condition: selection\n",
        ) + &format!(
            "elastic:\n  condition: {elastic}\ndatadog:\n  cases:\n    - {{name: a, condition: {case}, status: high}}\n"
        )
    };
    let folder = Folder::empty();
    folder.write("old.yml", &rule("selection and ok", "selection"));
    folder.write("new.yml", &rule("selection", "selection"));
    let (code, out, err) = folder.run(&["diff", "old.yml", "new.yml"]);
    assert_eq!(code, 1, "{out}{err}");
    for part in [
        "  detects the same as before\n  for Elastic: matches further events, and everything that it did\n",
        "    newly matched: {\"errorCode\":\"x\",\"eventName\":",
        "elastic.condition: selection and ok → selection",
    ] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
    assert!(!out.contains("condition.and") && !out.contains("Datadog"), "{out}");
    let (_, out, _) = folder.run(&["diff", "old.yml", "new.yml", "--format", "md"]);
    assert!(out.contains("For Elastic: matches further events"), "{out}");
    folder.write("new.yml", &rule("selection and ok", "selection and ok"));
    let (code, out, err) = folder.run(&["diff", "old.yml", "new.yml"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.contains("for Datadog: no longer matches some events"), "{out}");
    // Another way to say the same is metadata.
    folder.write("new.yml", &rule("(selection) and all of ok", "selection"));
    let (code, out, err) = folder.run(&["diff", "old.yml", "new.yml"]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn a_rule_that_could_not_match_is_told_from_one_that_matched_less() {
    let dead = RULE.replace("condition: selection", "condition: selection and not selection");
    let (code, out, _) = versions(&dead).run(&["diff", "old", "new"]);
    assert!(code == 1 && out.contains("can no longer match any event"), "{out}");
    let (code, out, _) = versions(&dead).run(&["diff", "new", "old"]);
    assert!(code == 1 && out.contains("matches events, which it never could before"), "{out}");
}

/// What keeps a match from becoming an alert is a change of what is detected; how alerts are sorted
/// and called is none.
#[test]
fn switches_exceptions_and_groups_decide_over_alerts() {
    let of = |old: &str, new: &str| {
        let folder = Folder::empty();
        folder.write("old/trail.yml", &format!("{RULE}{old}"));
        folder.write("new/trail.yml", &format!("{RULE}{new}"));
        let (code, out, err) = folder.run(&["diff", "old", "new"]);
        assert!(err.contains("1 rule: 0 new, 0 gone"), "{err}");
        (code, out)
    };
    for (old, new, words) in [
        ("", "elastic: {enabled: false}\n", "Elastic's rule is switched on or off"),
        ("", "datadog: {enabled: false}\n", "Datadog's rule is switched on or off"),
        (
            "elastic: {interval: 5m, from: now-9m}\n",
            "elastic: {interval: 5m, from: now-4m}\n",
            "Elastic's runs leave events unseen: it looks back 240 seconds and runs every 300",
        ),
        (
            "",
            "elastic: {patch: {exceptions_list: [{id: a}]}}\n",
            "`elastic.patch.exceptions_list` changed",
        ),
        (
            "datadog: {group_by: [userAgent], group_by_optional: false}\n",
            "datadog: {group_by: [eventName], group_by_optional: false}\n",
            "Datadog ignores logs without other fields than before",
        ),
        (
            "datadog: {group_by: [userAgent]}\n",
            "datadog: {group_by: [userAgent], group_by_optional: false}\n",
            "whether Datadog ignores logs without the group changed",
        ),
    ] {
        let (code, out) = of(old, new);
        assert!(code == 1 && out.contains(words), "{new}: {code} {out}");
    }
    for (old, new) in [
        ("", "elastic: {enabled: true}\n"),
        ("", "elastic: {patch: {note: more}}\n"),
        ("elastic: {interval: 5m, from: now-9m}\n", "elastic: {interval: 10m, from: now-19m}\n"),
        ("datadog: {group_by: [userAgent]}\n", "datadog: {group_by: [eventName]}\n"),
    ] {
        let (code, out) = of(old, new);
        assert!(code == 0 && out.contains("detects the same as before"), "{new}: {code} {out}");
    }
}

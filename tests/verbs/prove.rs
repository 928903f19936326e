//! `crosswalk prove`: two sides, one answer, an event for every difference.

use serde_json::Value as Json;

use super::Folder;

const KQL: &str = "kql:event.dataset:aws.cloudtrail and event.action:(StopLogging or DeleteTrail)";

fn prove(left: &str, right: &str) -> (i32, String, String) {
    Folder::empty().run(&["prove", left, right])
}

#[test]
fn queries_of_two_platforms_are_compared_over_the_record() {
    let (code, out, err) =
        prove(KQL, "datadog:source:cloudtrail @evt.name:(DeleteTrail OR StopLogging)");
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.starts_with("equal: "), "{out}");
    assert!(out.contains("its CloudTrail pipeline is not public"), "{out}");
}

#[test]
fn every_difference_comes_with_an_event() {
    let (code, out, err) =
        prove(KQL, "datadog:source:cloudtrail @evt.name:(StopLogging OR StartLogging)");
    assert_eq!(code, 1, "{err}");
    assert!(out.starts_with("overlapping: "), "{out}");
    for event in ["DeleteTrail", "StartLogging", "StopLogging"] {
        assert!(out.contains(&format!("{{\"eventName\":\"{event}\"}}")), "no {event} in\n{out}");
    }
}

#[test]
fn events_of_a_report_are_judged_as_it_says() {
    let folder = Folder::empty();
    let arguments = [
        "prove",
        "--output-format",
        "json",
        KQL,
        "sigma:{a: {eventName: StopLogging}, condition: a}",
    ];
    let (code, out, err) = folder.run(&arguments);
    assert_eq!(code, 1, "{out}{err}");
    let report: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["comparison"]["relation"], "narrower");
    assert_eq!(report["comparison"]["only_left"]["eventName"], "DeleteTrail");
    assert_eq!(report["comparison"]["only_right"], Json::Null);
}

#[test]
fn two_versions_of_one_rule_are_told_apart_by_their_files() {
    let rule = |call: &str| {
        format!(
            "title: Trail stopped\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
             selection: {{eventName: {call}}}\n  condition: selection\nlevel: high\n"
        )
    };
    let folder = Folder::empty();
    folder.write("old.yml", &rule("StopLogging"));
    folder.write("new.yml", &rule("DeleteTrail"));
    let (code, out, err) = folder.run(&["prove", "old.yml", "new.yml"]);
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("only `old.yml` matches:"), "{out}");
    assert!(out.contains("only `new.yml` matches:"), "{out}");
}

#[test]
fn names_that_no_table_knows_are_compared_as_they_are() {
    let (code, out, err) = prove("eql:any where a.b == \"x\"", "kql:a.b:x");
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, err) = prove("eql:any where a.b == \"x\"", "kql:a.b:x*");
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("wider: "), "{out}");
}

#[test]
fn what_cannot_be_compared_says_why() {
    let (code, _, err) = prove("kql:a.b:x", "datadog:@a.b:x");
    assert_eq!(code, 2);
    assert!(err.contains("--logsource"), "{err}");
    let (code, _, err) = prove("eql:sequence [any where a == 1] [any where b == 2]", "kql:a:1");
    assert_eq!(code, 2);
    assert!(err.contains("relates several events"), "{err}");
    let (code, _, err) = prove("nothing_of_this_name", "kql:a:1");
    assert_eq!(code, 2);
    assert!(err.contains("nothing_of_this_name"), "{err}");
    let (code, _, err) = prove("kql:a:(", "kql:a:1");
    assert_eq!(code, 2);
    assert!(err.contains("cannot compare"), "{err}");
}

#[test]
fn rules_in_the_names_of_a_platform_are_certified_in_them() {
    let rule = |taxonomy: &str, field: &str, platform: &str| {
        format!(
            "title: Tor\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1\ntaxonomy: {taxonomy}\nlogsource: \
             {{product: x}}\ndetection:\n  a: {{\"{field}|cased\": tor}}\n  condition: a\nlevel: high\n\
             {platform}"
        )
    };
    for (target, rule) in [
        ("datadog", rule("datadog", "@evt.name", "datadog: {group_by: [\"@usr.id\"]}\n")),
        ("elastic", rule("ecs", "event.action", "elastic: {index: [\"logs-*\"]}\n")),
    ] {
        let folder = Folder::empty();
        folder.write("rules/tor.yml", &rule);
        let (_, out, err) = folder.run(&["build", "-t", target, "rules"]);
        let manifest = std::fs::read_to_string(folder.path("dist/manifest.json"));
        let manifest: Json = manifest
            .map(|text| serde_json::from_str(&text).expect("JSON"))
            .unwrap_or_else(|_| panic!("{target}: {out}{err}"));
        assert_eq!(manifest["certificates"][0]["proven"]["relation"], "equal", "{target}");
    }
}

#[test]
fn a_console_login_comes_from_its_service() {
    let (code, out, err) = prove(
        "kql:event.dataset:aws.cloudtrail and event.provider:s3.amazonaws.com and event.outcome:failure",
        "sigma:{a: {eventSource|cased: s3.amazonaws.com}, b: {errorCode|exists: true}, c: {errorMessage|exists: true}, condition: a and (b or c)}",
    );
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("events with `eventName` `ConsoleLogin` always have"), "{out}");
}

/// A folder with a rule that a target can say, one that it says at a loss, and one that it cannot have.
fn corpus() -> Folder {
    let folder = Folder::empty();
    for (name, condition) in [
        ("same", "selection: {eventName|cased: StopLogging}"),
        ("lost", "selection: {requestParameters.name: Main}"),
        ("refused", "selection: {userAgent|re: 'a[0-9]+b'}"),
    ] {
        folder.write(
            &format!("rules/{name}.yml"),
            &format!(
                "title: {name}\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n  \
                 {condition}\n  condition: selection\n"
            ),
        );
    }
    folder
}

#[test]
fn a_whole_set_is_compared_with_what_it_becomes() {
    let (code, out, err) = corpus().run(&["prove", "--corpus", "rules", "--to", "kql,sigma"]);
    assert_eq!(code, 1, "{out}{err}");
    let row = |to: &str| {
        let line = out.lines().find(|line| line.trim_start().starts_with(to));
        let words: Vec<&str> = line.unwrap_or_default().split_whitespace().skip(1).collect();
        words.join(" ")
    };
    // equal; equal, assuming; narrower; wider; overlapping; disjoint; undecided; not compared; refused
    assert_eq!(row("kql"), "1 0 1 0 0 0 0 0 1", "{out}");
    assert_eq!(row("sigma"), "0 3 0 0 0 0 0 0 0", "{out}");
    assert!(
        err.contains("kql: 1 of 2 compared rules detect the same, 0 differ unannounced"),
        "{err}"
    );
}

#[test]
fn what_detects_the_same_everywhere_is_fine() {
    let (_, out, _) =
        corpus().passes(&["prove", "--corpus", "rules", "--to", "sigma", "--format", "json"]);
    let lines: Vec<Json> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3);
    for line in lines {
        assert_eq!(line["translation"]["comparison"]["relation"], "equal", "{line}");
    }
}

#[test]
fn a_set_that_cannot_be_read_is_not_fine() {
    let folder = Folder::empty();
    folder.write("rules/a.yml", "title: [");
    let (code, out, err) = folder.run(&["prove", "--corpus", "rules", "--to", "kql"]);
    assert_eq!(code, 2, "{out}{err}");
    folder.write(
        "rules/a.yml",
        "title: a\nlogsource: {product: x}\ndetection:\n  a: [x]\n  condition: a\n",
    );
    let (code, out, err) = folder.run(&["prove", "--corpus", "rules", "--to", "eql"]);
    assert_eq!(code, 1, "nothing was compared: {out}{err}");
}

/// Datadog ignores logs without a field of the group, unless that is optional.
#[test]
fn a_group_that_is_not_optional_selects_events() {
    let rule = |section: &str| {
        format!(
            "title: Trail stopped\nid: 5d0c1f5e-8a30-4f6b-9f86-6a1a35f1b9d1\nstatus: test\ndescription: d\n\
             logsource: {{product: aws, service: cloudtrail}}\ndetection:\n  selection: {{eventName: StopLogging}}\n  \
             condition: selection\nlevel: high\ndatadog:\n  group_by: [userIdentity.userName]\n{section}"
        )
    };
    let folder = Folder::empty();
    let build = ["build", "rule.yml", "-t", "datadog", "-o", "out"];
    folder.write("rule.yml", &rule(""));
    folder.passes(&build);
    folder.write("rule.yml", &rule("  group_by_optional: false\n"));
    let (code, _, err) = folder.run(&build);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("error[proven-difference]: the query for datadog is narrower"), "{err}");
    assert!(err.contains("it misses `{\"eventName\":\"StopLogging\"}`"), "{err}");
    let accept = "  group_by_optional: false\n  accept: [{loss: narrower, reason: users only}]\n";
    folder.write("rule.yml", &rule(accept));
    folder.passes(&build);
    let mut made = std::fs::read_dir(folder.path("out/datadog")).expect("a folder");
    let made = made.next().expect("a file").expect("readable").path().display().to_string();
    let (code, out, err) = folder.run(&["prove", "rule.yml", &made]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("narrower: "), "{out}");
    // What Datadog runs comes back as a rule that builds, with the difference named.
    let (code, imported, err) = folder.run(&["import", &made]);
    assert_eq!(code, 0, "{err}");
    assert!(imported.contains("loss: narrower"), "{imported}");
    folder.write("rule.yml", &imported);
    folder.passes(&build);
}

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

/// A rule of a log source, in one line.
fn rule(logsource: &str, call: &str) -> String {
    format!(
        "title: Trail\nlogsource: {{{logsource}}}\ndetection:\n  selection: {{eventName: {call}}}\n  \
         condition: selection\nlevel: high\n"
    )
}

#[test]
fn the_logs_that_are_read_are_part_of_the_answer() {
    let folder = Folder::empty();
    for (left, right, expected) in [
        ("product: aws, service: cloudtrail", "product: gcp, service: gcp.audit", "disjoint"),
        ("category: process_creation", "category: image_load", "disjoint"),
        ("product: aws, service: cloudtrail", "product: aws", "wider"),
        ("product: windows", "product: windows, category: process_creation", "narrower"),
        ("product: windows, tenant: a", "product: windows", "wider"),
        ("product: windows, tenant: a", "product: windows, tenant: b", "other logs"),
        ("category: cloud", "product: aws", "other logs"),
        ("product: aws", "product: aws", "equal"),
    ] {
        folder.write("left.yml", &rule(left, "StopLogging"));
        folder.write("right.yml", &rule(right, "StopLogging"));
        let (code, out, err) = folder.run(&["prove", "left.yml", "right.yml"]);
        assert!(out.starts_with(&format!("{expected}: ")), "{left}, {right}: {out}{err}");
        assert_eq!(code, i32::from(expected != "equal"), "{left}, {right}: {out}");
    }
    // Fewer events of more logs are other events.
    folder.write("left.yml", &rule("product: aws, service: x", "[StopLogging, DeleteTrail]"));
    folder.write("right.yml", &rule("product: aws", "StopLogging"));
    let (code, out, _) = folder.run(&["prove", "left.yml", "right.yml"]);
    assert!(code == 1 && out.starts_with("overlapping: "), "{out}");
    assert!(out.contains("reads events of `aws/x`, `right.yml` reads events of `aws`"), "{out}");
}

/// A rule of Elastic's, of a type with what belongs to it.
fn elastic(index: &str, more: &str) -> String {
    format!(
        r#"{{"name": "r", "rule_id": "6e1a9a1e-0000-4000-8000-000000000105", "description": "d",
            "risk_score": 47, "severity": "medium", "language": "kuery", "index": [{index}],
            "query": "a.b: x and c: y", {more}}}"#
    )
}

#[test]
fn indices_of_elastic_are_compared_by_the_names_that_they_take() {
    let folder = Folder::empty();
    let plain = r#""type": "query""#;
    for (left, right, expected) in [
        (r#""logs-aws.cloudtrail-*""#, r#""logs-gcp.audit-*""#, "disjoint"),
        (r#""logs-*""#, r#""logs-aws*""#, "narrower"),
        (r#""logs-aws*""#, r#""filebeat-*", "logs-aws*""#, "wider"),
        (r#""a-*", "b-*""#, r#""b-*", "c-*""#, "overlapping"),
        (r#""a-*", "b-*""#, r#""b-*", "a-*""#, "equal"),
        (r#""a-*", "-a-x""#, r#""a-*""#, "other logs"),
    ] {
        folder.write("left.json", &elastic(left, plain));
        folder.write("right.json", &elastic(right, plain));
        let (code, out, err) = folder.run(&["prove", "left.json", "right.json"]);
        assert!(out.starts_with(&format!("{expected}: ")), "{left}, {right}: {out}{err}");
        assert_eq!(code, i32::from(expected != "equal"), "{left}, {right}: {out}");
    }
    let (code, out, _) = prove("esql:FROM l | WHERE a == 1", "esql:FROM m | WHERE a == 1");
    assert!(code == 1 && out.starts_with("disjoint: "), "{out}");
    folder.write("view.json", &elastic("", r#""type": "query", "data_view_id": "v""#));
    let (code, out, _) = folder.run(&["prove", "view.json", "left.json"]);
    assert!(code == 1 && out.contains("the data view `v`"), "{out}");
}

#[test]
fn logs_under_names_of_two_kinds_are_taken_to_be_the_same_and_it_is_said() {
    let folder = Folder::empty();
    folder.write("rule.yml", &rule("product: aws, service: cloudtrail", "StopLogging"));
    let taken = "both are taken to be the same logs";
    let prove = |query: &str, source: &[&str]| {
        let (code, out, err) = folder.run(&[&["prove", "rule.yml", query], source].concat());
        assert_eq!(code, 0, "{out}{err}");
        out
    };
    let said = prove("kql:event.dataset:aws.cloudtrail and event.action:StopLogging", &[]);
    assert!(!said.contains(taken), "{said}");
    let unsaid = prove("kql:event.action:StopLogging", &[]);
    assert!(unsaid.contains("`event.action:StopLogging` whatever it is run on"), "{unsaid}");
    assert!(unsaid.contains(taken), "{unsaid}");
    let named = prove("kql:event.action:StopLogging", &["--logsource", "aws/cloudtrail"]);
    assert!(!named.contains(taken), "{named}");
}

#[test]
fn a_query_that_asks_for_other_logs_than_the_rule_is_another_detection() {
    let folder = Folder::empty();
    let asking =
        |dataset: &str| format!("kql:event.dataset:{dataset} and event.action:StopLogging");
    let cloudtrail = asking("aws.cloudtrail");
    let stand = |source: &str, query: &str| {
        folder.write("rule.yml", &rule(source, "StopLogging"));
        let (code, out, err) = folder.run(&["prove", "rule.yml", query]);
        (code, format!("{out}{err}"))
    };
    for source in [
        "product: gcp, service: gcp.audit",
        "product: windows, category: process_creation",
        "product: aws, service: guardduty",
    ] {
        let datadog = "datadog:source:cloudtrail @evt.name:StopLogging";
        for query in [cloudtrail.as_str(), datadog] {
            let (code, out) = stand(source, query);
            assert!(code == 1 && out.starts_with("disjoint: "), "{source}, {query}: {out}");
            assert!(out.contains("reads events of `aws/cloudtrail`"), "{source}, {query}: {out}");
        }
    }
    let process = "product: windows, category: process_creation";
    for query in ["kql:host.os.type:windows and process.name:a", &asking("endpoint.events.process")]
    {
        let (_, out) = stand(process, query);
        assert!(!out.starts_with("disjoint: ") && out.contains("taken to be the same"), "{out}");
    }
}

/// Over a record, nothing of a query's own test for its log is left.
#[test]
fn a_query_that_leaves_its_log_open_is_the_wider_one() {
    let (code, out, err) =
        prove("datadog:source:cloudtrail @evt.name:StopLogging", "datadog:@evt.name:StopLogging");
    assert!(code == 1 && out.starts_with("wider: "), "{out}{err}");
    let (code, out, err) = prove(
        "datadog:source:cloudtrail @evt.name:StopLogging",
        "datadog:source:gcp @evt.name:StopLogging",
    );
    assert!(code == 1 && out.starts_with("disjoint: "), "{out}{err}");
}

#[test]
fn equal_events_that_are_counted_otherwise_are_not_equal() {
    let folder = Folder::empty();
    let counted = |condition: &str| {
        let base = rule("product: aws, service: cloudtrail", "StopLogging");
        format!(
            "{}name: base\n---\ntitle: Many\ncorrelation:\n  type: event_count\n  rules: [base]\n  \
             group-by: [sourceIPAddress]\n  timespan: {condition}\nlevel: high\n",
            base
        )
    };
    folder.write("few.yml", &counted("5m\n  condition: {gte: 10}"));
    folder.write("many.yml", &counted("1h\n  condition: {gte: 100}"));
    folder.write("same.yml", &counted("5m\n  condition: {gt: 9}"));
    let (code, out, err) = folder.run(&["prove", "few.yml", "many.yml"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("other counting: "), "{out}");
    assert!(out.contains("at_least: 10 → 100") && out.contains("window: \"5m\" → \"1h\""), "{out}");
    let (code, out, err) = folder.run(&["prove", "few.yml", "same.yml"]);
    assert!(code == 0 && out.starts_with("equal: "), "{out}{err}");
    folder.write("plain.yml", &rule("product: aws, service: cloudtrail", "StopLogging"));
    let (code, out, _) = folder.run(&["prove", "plain.yml", "few.yml"]);
    assert!(code == 1 && out.starts_with("other counting: "), "{out}");
    let (_, out, _) = folder.run(&["prove", "--output-format", "json", "few.yml", "many.yml"]);
    let report: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["same"], false);
    assert_eq!(report["counting"]["left"]["at_least"], 10);
    assert_eq!(report["counting"]["right"]["at_least"], 100);
}

#[test]
fn what_elastic_asks_beside_the_query_is_compared() {
    let folder = Folder::empty();
    let threshold = |field: &str, value: u32| {
        format!(r#""type": "threshold", "threshold": {{"field": ["{field}"], "value": {value}}}"#)
    };
    let new_terms = |days: u32| {
        format!(
            r#""type": "new_terms", "new_terms_fields": ["a.b"], "history_window_start": "now-{days}d""#
        )
    };
    let filter = |name: &str| {
        format!(
            r#""type": "query", "filters": [{{"query": {{"match_phrase": {{"c": "{name}"}}}}}}]"#
        )
    };
    for (left, right) in [
        (threshold("source.ip", 10), threshold("source.ip", 100)),
        (threshold("source.ip", 10), threshold("user.name", 10)),
        (new_terms(7), new_terms(14)),
        (filter("x"), filter("y")),
        (filter("x"), r#""type": "query""#.to_owned()),
    ] {
        folder.write("left.json", &elastic(r#""l-*""#, &left));
        folder.write("right.json", &elastic(r#""l-*""#, &right));
        let (code, out, err) = folder.run(&["prove", "left.json", "right.json"]);
        assert_eq!(code, 1, "{left}, {right}: {out}{err}");
        assert!(out.starts_with("other counting: "), "{left}, {right}: {out}");
        let (code, out, err) = folder.run(&["prove", "left.json", "left.json"]);
        assert_eq!(code, 0, "{left}: {out}{err}");
    }
    for (left, right) in [
        ("FROM l | LIMIT 5 | WHERE a == 1", "FROM l | WHERE a == 1"),
        ("FROM l | LIMIT 5 | WHERE a == 1", "FROM l | WHERE a == 1 | LIMIT 5"),
        // The same limit on other rows, or on these in another order.
        (
            "FROM l | WHERE a == 1 | LIMIT 10 | WHERE b == 1",
            "FROM l | WHERE b == 1 | LIMIT 10 | WHERE a == 1",
        ),
        ("FROM l | SORT b | LIMIT 10", "FROM l | SORT c | LIMIT 10"),
        ("FROM l | SORT b | LIMIT 10", "FROM l | SORT b DESC | LIMIT 10"),
        ("FROM l | SORT b | LIMIT 10", "FROM l | LIMIT 10"),
        (
            "FROM l | STATS c = COUNT(*) BY b | WHERE c > 5",
            "FROM l | STATS c = COUNT(*) BY d | WHERE c > 5",
        ),
        (
            "FROM l | STATS c = COUNT(*) BY b | WHERE c > 5",
            "FROM l | STATS c = COUNT(*) BY b | WHERE c > 500",
        ),
    ] {
        let (code, out, err) = prove(&format!("esql:{left}"), &format!("esql:{right}"));
        assert!(code == 1 && out.starts_with("other counting: "), "{left}, {right}: {out}{err}");
    }
    let (code, out, err) =
        prove("esql:from l | sort b | limit 10", "esql:FROM l | SORT b | LIMIT 10 | KEEP b");
    assert!(code == 0 && out.contains("limit them in the same way"), "{out}{err}");
    let (code, out, _) = prove("esql:FROM l | LIMIT 0", "esql:FROM l");
    assert!(code == 1 && out.contains("no event can match `FROM l | LIMIT 0`"), "{out}");
}

/// A rule of Datadog's with the queries `q` and `b`.
fn datadog(conditions: &[&str]) -> String {
    let query = |name: &str, call: &str| {
        serde_json::json!({"name": name, "query": format!("source:cloudtrail @evt.name:{call}"),
            "aggregation": "count", "groupByFields": [], "distinctFields": []})
    };
    let case = |condition: &&str| serde_json::json!({"status": "high", "condition": condition});
    serde_json::json!({
        "name": "r", "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "queries": [query("q", "StopLogging"), query("b", "DeleteTrail")],
        "cases": conditions.iter().map(case).collect::<Vec<_>>(),
        "options": {"detectionMethod": "threshold", "evaluationWindow": 300},
        "filters": [],
    })
    .to_string()
}

#[test]
fn only_queries_that_a_case_needs_count() {
    let folder = Folder::empty();
    let run = |left: &[&str], right: &[&str]| {
        folder.write("left.json", &datadog(left));
        folder.write("right.json", &datadog(right));
        let (code, out, err) = folder.run(&["prove", "left.json", "right.json"]);
        (code, format!("{out}{err}"))
    };
    let (code, out) = run(&["q > 0"], &["b > 0"]);
    assert!(code == 1 && out.starts_with("disjoint: "), "{out}");
    assert!(out.contains("needs events of the query `b`"), "{out}");
    let (code, out) = run(&["q > 0", "b > 0"], &["b >= 1 || q > 0"]);
    assert!(code == 0 && out.starts_with("equal: "), "{out}");
    let (code, out) = run(&["q > 0 && b > 0"], &["q > 0 || b > 0"]);
    assert!(code == 1 && out.starts_with("other counting: "), "{out}");
    // Nothing need be found, and what is found opens a signal.
    let (code, out) = run(&["q >= 0"], &["q > 0"]);
    assert!(code == 1 && out.starts_with("other counting: "), "{out}");
    let (code, out) = run(&["q >= 0"], &["q >= 0"]);
    assert!(code == 0 && out.starts_with("equal: "), "{out}");
    let (code, out) = run(&["q > 5 && q < 3"], &["q > 0"]);
    assert!(code == 1 && out.contains("can match `left.json`"), "{out}");
    let (code, out) = run(&["q > 5 && q < 3"], &["q > 5 && q < 3"]);
    assert!(code == 1 && out.starts_with("neither can match: "), "{out}");
}

#[test]
fn what_can_never_match_is_said_to() {
    let folder = Folder::empty();
    let run =
        |arguments: &[&str]| folder.run(&[arguments, &["--logsource", "aws/cloudtrail"]].concat());
    let (foo, bar) = ("kql:event.category:foo", "kql:event.category:bar");
    let (code, out, err) = run(&["prove", foo, bar]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(out.starts_with("neither can match: no record of `aws/cloudtrail`"), "{out}");
    let (code, out, _) = run(&["prove", foo, "kql:event.action:StopLogging"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("no record of `aws/cloudtrail` can match `event.category:foo`"), "{out}");
    let (_, out, _) = run(&["prove", "--output-format", "json", foo, bar]);
    let report: Json = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["same"], false);
    assert_eq!(report["comparison"]["never"], serde_json::json!(["left", "right"]));
    let (code, out, err) = run(&["synth", foo]);
    assert!(code == 1 && !out.contains("match: true"), "{out}{err}");
    assert!(err.contains("no event can match"), "{err}");
    let (code, out, _) = run(&["synth", "kql:event.action:StopLogging"]);
    assert!(code == 0 && out.contains("match: true"), "{out}");
}

/// A Sigma file that keeps the names of a platform is read in them, as the rule is.
#[test]
fn a_rule_in_datadogs_names_is_certified_as_a_sigma_rule() {
    let folder = Folder::empty();
    folder.write(
        "rules/okta.yml",
        "title: Okta\nid: 88996228-5da9-8faa-b0c7-e5330c58eef9\ntaxonomy: datadog\nlogsource: \
         {product: okta}\ndetection:\n  selection:\n    source|cased: okta\n    \
         \"@outcome.result|cased\": FAILURE\n  condition: selection\nlevel: high\n",
    );
    let (code, out, err) = folder.run(&["build", "-t", "sigma", "rules"]);
    assert_eq!(code, 0, "{out}{err}");
    let manifest: Json = serde_json::from_str(&folder.read("dist/manifest.json")).expect("JSON");
    assert_eq!(manifest["certificates"][0]["proven"]["relation"], "equal");
    assert_eq!(manifest["certificates"][0]["proven"].get("never"), None);
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

//! Which rules run as Datadog's, and which cannot.

use crosswalk::replay::{Form, LeftOut};
use serde_json::{Value, json};

use super::super::{record, replay, rule};
use super::{body, by, case, native, program, signals, told};

#[test]
fn a_rule_runs_as_datadogs_only_if_asked_to() {
    let both = rule(
        "r",
        "level: high\n\
         detection: { a: { eventName: A }, b: { eventName: B }, condition: a or b }\n\
         datadog:\n  \
           cases:\n  \
           - { name: an A, condition: a, status: low }\n  \
           - { name: a B, condition: b, status: critical }\n  \
           group_by: [userIdentity.arn]\n  \
           keep_alive: 10m\n  \
           evaluation_window: 5m",
    );
    let log =
        [by(0, "A", "x"), by(1, "A", "x"), by(2, "A", "y"), by(3, "B", "y"), by(30, "B", "x")];
    // As it is written, each event is a match.
    let records: Vec<Value> =
        log.iter().map(|(minute, event, more)| record("", *minute, event, more.clone())).collect();
    assert_eq!(replay(&[&both], &records).found.len(), 5);
    let found = signals(&program(&[&both], Form::Datadog), &log);
    // Within five minutes of its A the first case still holds for `y`, and it comes first.
    assert_eq!(
        told(&found),
        [
            ("0", "an A", "low", "opened"),
            ("2", "an A", "low", "opened"),
            ("4", "a B", "critical", "opened"),
        ]
    );
}

#[test]
fn correlations_run_as_datadogs_thresholds() {
    let many = "title: many\nlevel: high\ncorrelation: { type: event_count, rules: [a], \
                group-by: [userIdentity.arn], timespan: 10m, condition: { gte: 3 } }\n";
    let a = rule("a", "detection: { s: { eventName: A }, condition: s }");
    let log: Vec<_> = (0..8).map(|n| by(n * 3, "A", "x")).collect();
    let found = signals(&program(&[&a, many], Form::Datadog), &log);
    assert_eq!(told(&found), [("2", "many", "high", "opened")]);
}
#[test]
fn what_is_not_followed_is_left_out_by_name() {
    let plain = || body(&[("a", "A")], json!([case("", "a > 0", "low")]), json!({}));
    let with = |pointer: &str, value: Value| {
        let mut body = plain();
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("there")[key] = value;
        body
    };
    for (body, words) in [
        (with("/options/detectionMethod", json!("anomaly_detection")), "anomaly_detection"),
        (with("/options/detectionMethod", json!("impossible_travel")), "impossible_travel"),
        (with("/queries/0/aggregation", json!("geo_data")), "geo_data"),
        (with("/queries/0/dataSource", json!("audit")), "audit"),
        (with("/referenceTables", json!([{"tableName": "t"}])), "reference tables"),
        (with("/cases/0/condition", json!("a / 2 > 1")), "missing in the case's condition"),
        (with("/cases/0/condition", json!("z > 1")), "`z`"),
        (with("/queries/0/query", json!("#calculated:1")), "calculated"),
    ] {
        let left = program(&[&native(&body)], Form::Canonical).left_out;
        let [(facts, LeftOut::Refused(why))] = &left[..] else { panic!("{words}: {left:?}") };
        assert!(facts.title == "r" && why.contains(words), "{words}: {why}");
    }
}

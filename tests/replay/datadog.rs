//! Rules as Datadog gets them: cases over counts, signals that stay open, new values, sequences.

use crosswalk::replay::{Form, LeftOut, Options, Program};
use serde_json::{Value, json};

use super::{Replayed, record, rule, rules};

/// A rule that stands only in Datadog's words.
fn native(body: &Value) -> String {
    rule("r", &format!("level: low\ndatadog:\n  patch: {body}"))
}

/// A body with queries by name and event name, grouped by who did it.
fn body(queries: &[(&str, &str)], cases: Value, options: Value) -> Value {
    let query = |(name, event): &(&str, &str)| {
        json!({
            "name": name, "query": format!("source:cloudtrail @evt.name:{event}"),
            "aggregation": "count", "groupByFields": ["@userIdentity.arn"], "distinctFields": [],
        })
    };
    let queries: Vec<Value> = queries.iter().map(query).collect();
    let mut all = json!({
        "detectionMethod": "threshold", "evaluationWindow": 600, "keepAlive": 3600,
        "maxSignalDuration": 21_600,
    });
    all.as_object_mut()
        .expect("an object")
        .extend(options.as_object().cloned().unwrap_or_default());
    json!({
        "name": "r", "type": "log_detection", "isEnabled": true, "message": "m", "tags": [],
        "queries": queries, "cases": cases, "options": all,
    })
}

fn case(name: &str, condition: &str, status: &str) -> Value {
    json!({"name": name, "condition": condition, "status": status, "notifications": []})
}

/// A record of a minute with who did it and further fields.
fn at(minute: u32, event: &str, who: &str, more: Value) -> (u32, String, Value) {
    let mut fields = json!({"userIdentity": {"type": "IAMUser", "arn": who}});
    fields
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().cloned().unwrap_or_default());
    (minute, event.to_owned(), fields)
}

fn by(minute: u32, event: &str, who: &str) -> (u32, String, Value) {
    at(minute, event, who, json!({}))
}

fn program(texts: &[&str], form: Form) -> Program {
    Program::new(&rules(texts), Options { form, ..Options::default() })
}

/// What signals a program raises over records with their numbers as ids: id and what is said of it.
/// The order of the log makes no difference.
fn signals(program: &Program, records: &[(u32, String, Value)]) -> Vec<(String, Value)> {
    assert!(program.left_out.is_empty(), "{:?}", program.left_out);
    let numbered = records.iter().enumerate();
    let records: Vec<Value> = numbered
        .map(|(n, (minute, name, more))| record(&n.to_string(), *minute, name, more.clone()))
        .collect();
    let run = |records: &[&Value]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("log.ndjson");
        let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
        std::fs::write(&path, lines).expect("written");
        let replayed = Replayed::of(program, &[path]);
        assert!(replayed.faults.is_empty(), "{:?}", replayed.faults);
        replayed.found.into_iter().map(|(_, id, over)| (id, over)).collect::<Vec<_>>()
    };
    let forwards = run(&records.iter().collect::<Vec<_>>());
    assert_eq!(forwards, run(&records.iter().rev().collect::<Vec<_>>()), "in reverse");
    forwards
}

fn ids(found: &[(String, Value)]) -> Vec<&str> {
    found.iter().map(|(id, _)| id.as_str()).collect()
}

/// Id, case, level and what became of the signal.
fn told(found: &[(String, Value)]) -> Vec<(&str, &str, &str, &str)> {
    let text = |value: &'_ Value, key: &str| -> &'static str {
        value[key].as_str().unwrap_or_default().to_owned().leak()
    };
    found
        .iter()
        .map(|(id, over)| {
            (id.as_str(), text(over, "case"), text(over, "level"), text(over, "signal"))
        })
        .collect()
}

fn raised(body: &Value, records: &[(u32, String, Value)]) -> Vec<(String, Value)> {
    signals(&program(&[&native(body)], Form::Canonical), records)
}

#[test]
fn the_first_case_that_holds_decides_and_an_open_signal_can_rise() {
    let cases = json!([
        case("broken in", "failed > 2 && done > 0", "critical"),
        case("tried", "failed > 2", "medium"),
    ]);
    let body = body(&[("failed", "Fail"), ("done", "Done")], cases, json!({}));
    let found = raised(
        &body,
        &[
            by(0, "Fail", "x"),
            by(1, "Fail", "x"),
            by(1, "Fail", "y"),
            by(2, "Done", "y"),
            by(3, "Fail", "x"),
            by(4, "Fail", "x"),
            by(5, "Done", "x"),
            by(6, "Done", "x"),
            // The order of the cases counts, not that of the logs.
            by(100, "Done", "z"),
            by(101, "Fail", "z"),
            by(102, "Fail", "z"),
            by(103, "Fail", "z"),
        ],
    );
    assert_eq!(
        told(&found),
        [
            ("4", "tried", "medium", "opened"),
            ("6", "broken in", "critical", "raised"),
            ("11", "broken in", "critical", "opened"),
        ]
    );
    assert_eq!(found[0].1["count"], json!(3));
    assert_eq!(found[1].1["count"], json!({"failed": 4, "done": 1}));
    assert_eq!(found[1].1["group"], json!({"@userIdentity.arn": "x"}));
    assert_eq!(found[2].1["since"], json!("2024-05-01T01:40:00Z"));
}

#[test]
fn windows_slide_over_event_time_with_both_ends() {
    let body = body(&[("a", "A")], json!([case("", "a >= 3", "low")]), json!({}));
    let records = |third| [by(0, "A", "x"), by(5, "A", "x"), by(third, "A", "x")];
    assert_eq!(ids(&raised(&body, &records(10))), ["2"]);
    assert_eq!(ids(&raised(&body, &records(11))), [""; 0]);
}

#[test]
fn signals_stay_open_and_close() {
    let options = json!({"evaluationWindow": 60, "keepAlive": 600, "maxSignalDuration": 1800});
    let one = |options| body(&[("a", "A")], json!([case("", "a > 0", "low")]), options);
    let every_nine: Vec<_> = (0..6).map(|n| by(n * 9, "A", "x")).collect();
    // Kept open by each, closed half an hour after it was raised.
    assert_eq!(ids(&raised(&one(options), &every_nine)), ["0", "4"]);
    let pauses = [by(0, "A", "x"), by(10, "A", "x"), by(21, "A", "x"), by(22, "A", "y")];
    let options = json!({"evaluationWindow": 0, "keepAlive": 600, "maxSignalDuration": 86400});
    assert_eq!(ids(&raised(&one(options), &pauses)), ["0", "2", "3"]);
    // Without time to stay open each log is a signal.
    let options = json!({"evaluationWindow": 0, "keepAlive": 0, "maxSignalDuration": 0});
    assert_eq!(ids(&raised(&one(options), &pauses)), ["0", "1", "2", "3"]);
}

#[test]
fn without_a_window_each_log_stands_alone() {
    let queries = [("a", "A"), ("any", "*")];
    let both = |condition: &str| {
        let options = json!({"evaluationWindow": 0, "keepAlive": 0, "maxSignalDuration": 0});
        body(&queries, json!([case("", condition, "low")]), options)
    };
    // Both happen in one minute; only the second is one log for both queries.
    let records = [by(0, "B", "x"), by(0, "A", "x"), by(0, "B", "x")];
    let backwards = |condition: &str| {
        let found = raised(&both(condition), &records);
        ids(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(backwards("a > 0 && any > 0"), ["1"]);
    assert_eq!(backwards("any > 1"), [""; 0]);
    // A log counts for all queries before any case is asked.
    assert_eq!(backwards("a > 0 && any < 1"), [""; 0]);
}

#[test]
fn conditions_are_read_as_datadog_writes_them() {
    let log = [by(0, "A", "x"), by(1, "B", "x"), by(2, "B", "x")];
    for (condition, expected) in [
        ("a>0&&b>=2", vec!["2"]),
        ("a > 0 && b > 0 || b > 5", vec!["1"]),
        ("b > 5 || (a > 0 && b > 0)", vec!["1"]),
        ("!(a > 0 || b < 2)", vec![]),
        ("b == 2", vec!["2"]),
        ("a <= 1 && b != 0", vec!["1"]),
    ] {
        let body = body(&[("a", "A"), ("b", "B")], json!([case("", condition, "low")]), json!({}));
        assert_eq!(ids(&raised(&body, &log)), expected, "{condition}");
    }
}

#[test]
fn distinct_values_sums_and_greatest_values_are_counted() {
    let log: Vec<_> = [("1", 10), ("1", 20), ("2", 60), ("3", 5)]
        .iter()
        .enumerate()
        .map(|(n, (ip, size))| {
            let more = json!({"requestParameters": {"bucket": ip, "size": size}});
            at(u32::try_from(n).expect("small"), "A", "x", more)
        })
        .collect();
    let with = |aggregation: Value, condition: &str| {
        let mut body = body(&[("a", "A")], json!([case("", condition, "low")]), json!({}));
        let query = body["queries"][0].as_object_mut().expect("an object");
        query.extend(aggregation.as_object().cloned().unwrap_or_default());
        raised(&body, &log)
    };
    let bucket = "@requestParameters.bucket";
    let size = "@requestParameters.size";
    let distinct = json!({"aggregation": "cardinality", "distinctFields": [bucket]});
    assert_eq!(ids(&with(distinct, "a > 2")), ["3"]);
    let pairs = json!({"aggregation": "cardinality", "distinctFields": [bucket, size]});
    assert_eq!(ids(&with(pairs, "a > 2")), ["2"]);
    let sum = json!({"aggregation": "sum", "metrics": [size]});
    assert_eq!(ids(&with(sum, "a >= 90")), ["2"]);
    let max = json!({"aggregation": "max", "metric": size});
    assert_eq!(ids(&with(max, "a > 50")), ["2"]);
}

#[test]
fn logs_without_a_group_count_only_if_they_may() {
    let log = [
        (0, "A".to_owned(), json!({"userIdentity": {"type": "AWSService"}})),
        by(1, "A", "x"),
        (2, "A".to_owned(), json!({"userIdentity": {"type": "AWSService"}})),
    ];
    let mut body = body(&[("a", "A")], json!([case("", "a > 0", "low")]), json!({}));
    assert_eq!(ids(&raised(&body, &log)), ["1"]);
    body["queries"][0]["hasOptionalGroupByFields"] = json!(true);
    let found = raised(&body, &log);
    assert_eq!(ids(&found), ["0", "1"]);
    assert_eq!(found[0].1["group"], json!({"@userIdentity.arn": null}));
}

#[test]
fn groups_of_queries_are_joined_place_by_place() {
    let mut body =
        body(&[("a", "A"), ("b", "B")], json!([case("", "a > 0 && b > 0", "low")]), json!({}));
    body["queries"][1]["groupByFields"] = json!(["@requestParameters.user"]);
    let of =
        |minute, user: &str| at(minute, "B", "z", json!({"requestParameters": {"user": user}}));
    let found = raised(&body, &[by(0, "A", "x"), of(1, "y"), of(2, "x")]);
    assert_eq!(ids(&found), ["2"]);
    body["queries"][1]["groupByFields"] = json!([]);
    let left = program(&[&native(&body)], Form::Canonical).left_out;
    assert!(matches!(&left[..], [(_, LeftOut::Refused(why))] if why.contains("different sizes")));
}

/// A body that looks for new event sources of whoever it is.
fn new_value(options: Value) -> Value {
    let mut case = case("", "", "high");
    case.as_object_mut().expect("an object").remove("condition");
    let mut body = body(
        &[("a", "A")],
        json!([case]),
        json!({"detectionMethod": "new_value", "newValueOptions": options, "keepAlive": 0}),
    );
    body["queries"][0]["aggregation"] = json!("new_value");
    body["queries"][0]["metrics"] = json!(["@requestParameters.bucket"]);
    body
}

#[test]
fn values_are_learnt_and_forgotten() {
    const DAY: u32 = 24 * 60;
    let of = |minute, who: &str, bucket: &str| {
        at(minute, "A", who, json!({"requestParameters": {"bucket": bucket}}))
    };
    let log = [
        of(0, "x", "1"),
        of(DAY - 1, "x", "2"),
        of(DAY, "x", "3"),
        of(DAY + 1, "x", "3"),
        // Another group learns for itself.
        of(DAY + 2, "y", "1"),
        of(2 * DAY, "x", "1"),
        // Two days after it was seen last, `2` is forgotten.
        of(3 * DAY, "x", "2"),
        of(3 * DAY + 1, "x", "1"),
        at(3 * DAY + 2, "A", "x", json!({})),
    ];
    let found = raised(&new_value(json!({"forgetAfter": 2, "learningDuration": 1})), &days(&log));
    assert_eq!(ids(&found), ["2", "6"]);
    assert_eq!(found[0].1["new"], json!([{"@requestParameters.bucket": "3"}]));
    assert_eq!(found[0].1["level"], json!("high"));
    assert_eq!(found[0].1["history_complete"], json!(false));
    assert_eq!(found[1].1["history_complete"], json!(true));
    // Without time to learn in, the first value is learnt; by number it may be none.
    let found =
        raised(&new_value(json!({"forgetAfter": 2, "learningDuration": 0})), &days(&log[..5]));
    assert_eq!(ids(&found), ["1", "2"]);
    let by_number =
        |n| json!({"forgetAfter": 2, "learningMethod": "threshold", "learningThreshold": n});
    assert_eq!(ids(&raised(&new_value(by_number(0)), &days(&log[..5]))), ["0", "1", "2", "4"]);
    assert_eq!(ids(&raised(&new_value(by_number(1)), &days(&log[..5]))), ["1", "2"]);
}

/// Records of minutes of several days: the time is set by hand.
fn days(log: &[(u32, String, Value)]) -> Vec<(u32, String, Value)> {
    let record = |(minute, event, more): &(u32, String, Value)| {
        let (day, rest) = (minute / 1440, minute % 1440);
        let mut more = more.clone();
        let time = format!("2024-05-{:02}T{:02}:{:02}:00Z", day + 1, rest / 60, rest % 60);
        more["eventTime"] = json!(time);
        (0, event.clone(), more)
    };
    log.iter().map(record).collect()
}

#[test]
fn steps_come_one_after_the_other() {
    let options = json!({
        "detectionMethod": "sequence_detection",
        "evaluationWindow": 0,
        "sequenceDetectionOptions": {
            "steps": [
                {"name": "tried", "condition": "a > 1", "evaluationWindow": 300},
                {"name": "done", "condition": "b > 0", "evaluationWindow": 60},
            ],
            "stepTransitions": [{"parent": "tried", "child": "done", "evaluationWindow": 900}],
        },
    });
    let sequence = body(&[("a", "A"), ("b", "B")], json!([case("", "done > 0", "info")]), options);
    let found = raised(
        &sequence,
        &[
            by(0, "B", "x"),
            by(1, "A", "x"),
            by(2, "A", "y"),
            by(3, "A", "x"),
            // What came before the first step is no second step.
            by(4, "A", "x"),
            by(10, "B", "y"),
            by(19, "B", "x"),
            by(100, "A", "z"),
            by(101, "A", "z"),
            by(117, "B", "z"),
        ],
    );
    assert_eq!(ids(&found), ["6"]);
    assert_eq!(found[0].1["since"], json!("2024-05-01T00:01:00Z"));
    assert_eq!(found[0].1["kind"], json!("sequence"));
    assert_eq!(found[0].1["level"], json!("informational"));
}

#[test]
fn then_is_a_sequence() {
    let then = |condition: &str| {
        body(&[("a", "A"), ("b", "B")], json!([case("", condition, "low")]), json!({}))
    };
    let log =
        [by(0, "B", "x"), by(1, "A", "x"), by(5, "B", "x"), by(30, "A", "y"), by(41, "B", "y")];
    assert_eq!(ids(&raised(&then("a > 0 THEN b > 0"), &log)), ["2"]);
    // No log is two steps.
    assert_eq!(ids(&raised(&then("a > 0 THEN a > 0"), &log)), [""; 0]);
}

#[test]
fn filters_and_extensions_select_logs() {
    let mut body = body(&[("a", "*")], json!([case("", "a > 0", "low")]), json!({"keepAlive": 0}));
    body["queries"][0]["customQueryExtension"] = json!("@userIdentity.type:IAMUser");
    body["filters"] = json!([
        {"action": "require", "query": "@evt.name:(A OR B)"},
        {"action": "suppress", "query": "@userIdentity.arn:y"},
    ]);
    let other = json!({"userIdentity": {"type": "Root", "arn": "x"}});
    let log = [by(0, "A", "x"), by(1, "C", "x"), by(2, "B", "y"), at(3, "A", "x", other)];
    assert_eq!(ids(&raised(&body, &log)), ["0"]);
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
    assert_eq!(super::replay(&[&both], &records).found.len(), 5);
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

//! Cases over counts: which one holds, of which group, and how long a signal stays open.

use serde_json::{Value, json};

use super::{at, body, by, case, ids, native, program, raised, told};
use crosswalk::replay::{Form, LeftOut};

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

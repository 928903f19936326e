//! Conditions over several events: when they begin to hold, for which group, and that the order of
//! the log makes no difference.

use serde_json::{Value, json};

use super::{record, replay, rule};

fn correlation(kind: &str, rules: &str, more: &str) -> String {
    format!(
        "title: over\ncorrelation: {{ type: {kind}, rules: [{rules}], timespan: 10m, {more} }}\n"
    )
}

fn named(name: &str) -> String {
    rule(name, &format!("detection: {{ s: {{ eventName: {name} }}, condition: s }}"))
}

/// Minute, name and further fields of each record; ids are their numbers. Found: the ids.
fn ids(rules: &[&str], records: &[(u32, &str, Value)]) -> Vec<String> {
    let numbered = records.iter().enumerate();
    let records: Vec<Value> = numbered
        .map(|(at, (minute, name, more))| record(&at.to_string(), *minute, name, more.clone()))
        .collect();
    let found = |records: &[Value]| {
        let replayed = replay(rules, records);
        assert!(replayed.faults.is_empty(), "{:?}", replayed.faults);
        replayed.found.into_iter().map(|(_, id, _)| id).collect::<Vec<_>>()
    };
    let forwards = found(&records);
    // Of records of different moments the order does not count.
    let backwards: Vec<Value> = records.iter().rev().cloned().collect();
    assert_eq!(forwards, found(&backwards), "in reverse");
    forwards
}

#[test]
fn a_threshold_begins_to_hold_once_for_each_burst() {
    let a = named("a");
    let many = correlation("event_count", "a", "group-by: [user], condition: { gte: 3 }");
    let at = |minute, user: &str| (minute, "a", json!({"user": user}));
    let log = [
        at(0, "x"),
        at(1, "y"),
        at(4, "x"),
        at(10, "x"),
        at(11, "x"),
        at(30, "x"),
        at(31, "x"),
        at(32, "x"),
        at(45, "y"),
        at(46, "y"),
    ];
    // The window of the fourth event is ten minutes long, both ends included.
    assert_eq!(ids(&[&a, &many], &log), ["3", "7"]);
}

#[test]
fn distinct_values_and_absent_groups_count() {
    let a = named("a");
    let many = correlation("value_count", "a", "group-by: [user], condition: { gt: 1, field: ip }");
    let at = |minute, more: Value| (minute, "a", more);
    let log = [
        at(0, json!({"ip": "1"})),
        at(1, json!({"ip": "1"})),
        at(2, json!({"ip": "2"})),
        at(3, json!({"user": "x", "ip": ["1", "2"]})),
        at(4, json!({"user": "y"})),
    ];
    assert_eq!(ids(&[&a, &many], &log), ["2", "3"]);
}

#[test]
fn an_event_counts_for_each_of_its_values() {
    let a = named("a");
    let many = correlation("event_count", "a", "group-by: [user], condition: { gte: 2 }");
    let records = [
        record("1", 0, "a", json!({"user": ["x", "y"]})),
        record("2", 1, "a", json!({"user": ["y", "z"]})),
    ];
    let found = replay(&[&a, &many], &records).found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].2["group"], json!({"user": "y"}));
    assert_eq!(
        (&found[0].2["count"], &found[0].2["since"]),
        (&json!(2), &json!("2024-05-01T00:00:00Z"))
    );
}

#[test]
fn sums_means_and_medians_are_held_against_bounds() {
    let a = named("a");
    let at = |minute, bytes: Value| (minute, "a", json!({"bytes": bytes}));
    let log = [at(0, json!(10)), at(1, json!("20")), at(2, json!(60)), at(3, json!("none"))];
    for (kind, bound, expected) in [
        ("value_sum", "gte: 90", vec!["2"]),
        ("value_avg", "gt: 14", vec!["1"]),
        ("value_median", "gte: 20", vec!["2"]),
        ("value_percentile", "gte: 60, percentile: 90", vec!["2"]),
        ("value_sum", "gt: 5, lt: 20", vec!["0"]),
        ("value_sum", "neq: 10", vec!["1"]),
    ] {
        let rule = correlation(kind, "a", &format!("condition: {{ {bound}, field: bytes }}"));
        assert_eq!(ids(&[&a, &rule], &log), expected, "{kind} {bound}");
    }
}

#[test]
fn rules_together_and_in_order() {
    let (a, b, c) = (named("a"), named("b"), named("c"));
    let at = |minute, name| (minute, name, json!({"user": "x"}));
    let log =
        [at(0, "b"), at(3, "a"), at(8, "b"), at(40, "a"), at(45, "c"), at(49, "b"), at(51, "b")];
    let together = correlation("temporal", "a, b", "group-by: [user]");
    assert_eq!(ids(&[&a, &b, &together], &log), ["1", "5"]);
    let in_order = correlation("temporal_ordered", "a, b", "group-by: [user]");
    assert_eq!(ids(&[&a, &b, &in_order], &log), ["2", "5"]);
    let three = correlation("temporal_ordered", "a, c, b", "group-by: [user]");
    assert_eq!(ids(&[&a, &b, &c, &three], &log), ["5"]);
    let either = correlation("temporal", "a, b, c", "group-by: [user], condition: b and not c");
    assert_eq!(ids(&[&a, &b, &c, &either], &log), ["0"]);
}

/// Sigma wants the events in the order of the rules; one event is in no order with itself.
#[test]
fn each_rule_in_order_needs_an_event_of_its_own() {
    let b = named("b");
    let starred = rule("s", "detection: { s: { star: yes }, condition: s }");
    let log = [
        (0, "b", json!({"star": "yes"})),
        (20, "b", json!({})),
        (22, "z", json!({"star": "yes"})),
        (24, "b", json!({"star": "yes"})),
    ];
    // The first event is both, and so is the last, which others have come before.
    for (rules, expected) in
        [("b, s", vec!["2"]), ("s, b", vec!["3"]), ("s, b, s", vec![]), ("b, s, b", vec!["3"])]
    {
        let over = correlation("temporal_ordered", rules, "");
        assert_eq!(ids(&[&b, &starred, &over], &log), expected, "{rules}");
    }
    let twice = correlation("temporal_ordered", "b, b", "");
    assert_eq!(ids(&[&b, &twice], &log), ["3"]);
    let together = correlation("temporal", "b, s", "");
    assert_eq!(ids(&[&b, &starred, &together], &log), ["0", "2"]);
    // At one moment the event that is read first comes first.
    let one_moment =
        [record("star", 0, "z", json!({"star": "yes"})), record("name", 0, "b", json!({}))];
    for (rules, expected) in [("s, b", vec![("over", "name")]), ("b, s", vec![])] {
        let over = correlation("temporal_ordered", rules, "");
        let replayed = replay(&[&b, &starred, &over], &one_moment);
        assert_eq!(replayed.pairs(), expected, "{rules}");
    }
}

#[test]
fn fields_may_have_another_name_in_each_rule() {
    let (a, b) = (named("a"), named("b"));
    let both =
        correlation("temporal", "a, b", "group-by: [who], aliases: { who: { a: user, b: actor } }");
    let log = [
        (0, "a", json!({"user": "x"})),
        (1, "b", json!({"actor": "y"})),
        (2, "b", json!({"actor": "x"})),
    ];
    assert_eq!(ids(&[&a, &b, &both], &log), ["2"]);
}

#[test]
fn a_value_is_new_once_in_its_history() {
    let new = rule(
        "n",
        "new_value: { fields: [user, ip], history: 1h }\n\
         detection: { s: { eventName: a }, condition: s }",
    );
    let at = |minute, more: Value| (minute, "a", more);
    let log = [
        at(0, json!({"user": "x", "ip": "1"})),
        at(50, json!({"user": "x", "ip": "1"})),
        at(110, json!({"user": "x", "ip": "1"})),
        at(171, json!({"user": "x", "ip": "1"})),
        at(172, json!({"user": "x"})),
        at(173, json!({"user": "x", "ip": "2"})),
    ];
    assert_eq!(ids(&[&new], &log), ["0", "3", "5"]);
    let records: Vec<Value> =
        log.iter().map(|(minute, name, more)| record("", *minute, name, more.clone())).collect();
    let complete: Vec<Value> = replay(&[&new], &records)
        .found
        .iter()
        .map(|(.., over)| over["history_complete"].clone())
        .collect();
    assert_eq!(complete, [json!(false), json!(true), json!(true)]);
}

#[test]
fn members_raise_alerts_only_if_they_are_to() {
    let a = named("a");
    let records = [record("1", 0, "a", json!({})), record("2", 1, "a", json!({}))];
    let silent = correlation("event_count", "a", "condition: { gte: 2 }");
    assert_eq!(replay(&[&a, &silent], &records).pairs(), [("over", "2")]);
    let loud = correlation("event_count", "a", "condition: { gte: 2 }, generate: true");
    assert_eq!(replay(&[&a, &loud], &records).pairs(), [("a", "1"), ("a", "2"), ("over", "2")]);
}

#[test]
fn events_without_a_time_are_counted() {
    let a = named("a");
    let many = correlation("event_count", "a", "condition: { gte: 1 }");
    let mut odd = record("1", 0, "a", json!({}));
    odd["eventTime"] = json!("yesterday");
    let replayed = replay(&[&a, &many], &[odd]);
    assert_eq!((replayed.totals.timeless, replayed.found.len()), (1, 0));
}

//! New values: what is learnt, and what is forgotten.

use serde_json::{Value, json};

use super::{at, body, case, ids, raised};

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

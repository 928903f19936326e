//! Conditions that come to hold one after the other.

use serde_json::json;

use super::{body, by, case, ids, raised};

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

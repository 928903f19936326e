//! Payloads and logs made by chance: signals are those of a plain reading.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::replay::Form;
use serde_json::{Value, json};

use super::plain::{Seen, plainly};
use super::{at, body, case, native, program, signals};
use crosswalk::replay::Moment;

/// Numbers that are the same on every machine (a linear congruential generator, Knuth's MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }

    fn of<'v, T: ?Sized>(&mut self, values: &[&'v T]) -> &'v T {
        values[self.below(values.len() as u32) as usize]
    }
}

fn condition(chance: &mut Chance) -> String {
    let mut term = || {
        let (query, order) = (chance.of(&["a", "b", "any"]), chance.of(&[">", ">", ">=", "<"]));
        format!("{query} {order} {}", chance.below(4))
    };
    let (first, second, third) = (term(), term(), term());
    match chance.below(4) {
        0 => first,
        1 => format!("{first} && {second}"),
        2 => format!("{first} || {second} && {third}"),
        _ => format!("!({first}) && {second}"),
    }
}

fn payload(chance: &mut Chance) -> Value {
    let statuses = ["info", "low", "medium", "high", "critical"];
    let cases: Vec<Value> = (0..1 + chance.below(3))
        .map(|_| case("", &condition(chance), chance.of(&statuses)))
        .collect();
    let length = |chance: &mut Chance| *chance.of(&[&0, &60, &300, &900, &3600]);
    let options = json!({
        "evaluationWindow": length(chance), "keepAlive": length(chance),
        "maxSignalDuration": length(chance),
    });
    let mut payload = body(&[("a", "A"), ("b", "B"), ("any", "(A OR B)")], json!(cases), options);
    for query in payload["queries"].as_array_mut().expect("queries") {
        if chance.below(4) == 0 {
            query["aggregation"] = json!("cardinality");
            query["distinctFields"] = json!(["@requestParameters.bucket"]);
        }
        query["hasOptionalGroupByFields"] = json!(chance.below(2) == 0);
    }
    payload
}

/// Records with their minute, no two of one: only events of different moments have an order.
fn log(chance: &mut Chance) -> Vec<(u32, String, Value)> {
    let mut minute = 0;
    (0..40)
        .map(|_| {
            minute += 1 + chance.below(6);
            let bucket = chance.of(&["1", "2", "3"]);
            let mut more = json!({"requestParameters": {"bucket": bucket}});
            if chance.below(3) == 0 {
                more["requestParameters"]["bucket"] = json!(["1", bucket]);
            }
            if chance.below(6) == 0 {
                more["userIdentity"] = json!({"type": "AWSService"});
            }
            let event = chance.of(&["A", "B", "C"]);
            at(minute, event, chance.of(&["x", "y"]), more)
        })
        .collect()
}

#[test]
fn signals_of_any_payload_are_those_of_a_plain_reading() {
    let mut chance = Chance(7);
    let mut number = 0;
    for round in 0..150 {
        let (payload, log) = (payload(&mut chance), log(&mut chance));
        let seen: Vec<(String, Seen)> = (1..)
            .zip(&log)
            .map(|(line, (minute, _, more))| {
                let time = format!("2024-05-01T{:02}:{:02}:00Z", minute / 60, minute % 60);
                let time = Moment::parse(&time).expect("a time");
                (line.to_string(), Seen { time, line, document: json!({"attributes": more}) })
            })
            .collect();
        let named = |names: &[&str]| -> BTreeSet<String> {
            let hits = (1..).zip(&log).filter(|(_, (_, event, _))| names.contains(&event.as_str()));
            hits.map(|(line, _): (u64, _)| line.to_string()).collect()
        };
        let verdicts: BTreeMap<String, BTreeSet<String>> =
            [("A", &["A"][..]), ("B", &["B"]), ("(A OR B)", &["A", "B"])]
                .map(|(text, names)| (format!("source:cloudtrail @evt.name:{text}"), named(names)))
                .into();
        let expected = plainly(&payload, &seen, &verdicts).expect("verdicts for all");
        let own: Vec<(u64, String, bool)> =
            signals(&program(&[&native(&payload)], Form::Canonical), &log)
                .into_iter()
                .map(|(id, over)| {
                    let line = id.parse::<u64>().expect("a number") + 1;
                    let level = over["level"].as_str().expect("a level").to_owned();
                    (line, level, over["signal"] == "raised")
                })
                .collect();
        assert_eq!(own, expected, "round {round}: {payload}\n{log:?}");
        number += own.len();
    }
    assert!(number > 1000, "{number} signals");
}

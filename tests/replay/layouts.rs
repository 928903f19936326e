//! Records come out whole, whatever the file looks like and in whatever pieces it arrives.

use std::io::Read;

use crosswalk::event::{Scanner, Splitter, Step};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A stream that gives a few bytes at a time.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    size: usize,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.min(buffer.len()).min(self.bytes.len() - self.at);
        buffer[..size].copy_from_slice(&self.bytes[self.at..self.at + size]);
        self.at += size;
        Ok(size)
    }
}

/// The records of a text that can be built, with the number of faults.
fn split(text: &str, size: usize) -> (Vec<Value>, usize) {
    let mut splitter = Splitter::new(Box::new(Pieces { bytes: text.into(), at: 0, size }));
    let (mut records, mut faults) = (Vec::new(), 0);
    while let Some(block) = splitter.next_block() {
        faults += block.faults.len();
        for (_, bytes) in block.records() {
            match serde_json::from_slice(bytes) {
                Ok(record) => records.push(record),
                Err(_) => faults += 1,
            }
        }
    }
    (records, faults)
}

/// The layouts in which logs hold records; a record is a text here, so that it can be broken.
fn layouts(records: &[String]) -> Vec<(&'static str, String)> {
    let lines = records.join("\n");
    let list = records.join(",");
    vec![
        ("lines", format!("{lines}\n")),
        ("lines without end", lines.clone()),
        ("lines with empty ones", records.join("\r\n\n")),
        ("list", format!("[{list}]")),
        ("list over lines", format!("[\n  {}\n]\n", records.join(",\n  "))),
        ("Records", format!("{{\"Records\":[{list}]}}")),
        (
            "Records between others",
            format!("{{\"a\":[1,{{}}],\"Records\": [{list}] ,\"z\":{{}}}}\n"),
        ),
        ("one after another", records.concat()),
        ("a mark of UTF-8", format!("\u{feff}{{\"Records\":[{list}]}}")),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let text = "[a-z\"\\\\{}\\[\\],: \n\u{e9}]{0,6}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text, inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn records() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(value(), 1..6).prop_map(|values| {
        let numbered = values.into_iter().enumerate();
        numbered.map(|(at, value)| json!({"eventVersion": at, "body": value})).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_layout_gives_the_records(records in records(), size in 1usize..40) {
        let texts: Vec<String> = records.iter().map(Value::to_string).collect();
        for (layout, text) in layouts(&texts) {
            prop_assert_eq!(split(&text, size), (records.clone(), 0), "{}: {}", layout, text);
        }
        let pretty: String = records.iter().map(|record| format!("{record:#}\n")).collect();
        prop_assert_eq!(split(&pretty, size), (records, 0), "pretty: {}", pretty);
    }

    /// Whatever is broken about one record, the others come out.
    #[test]
    fn a_broken_record_harms_no_other(records in records(), at in 0usize..6, how in 0usize..6) {
        let broken = [
            r#"{"eventVersion":tru}"#, r#"{"eventVersion":"x}"#, r#"{"eventVersion":[}"#,
            r#"{"eventVersion":[1,2}"#, r#"{"eventVersion":1"#, r#"{"eventVersion" 1}"#,
        ][how];
        let mut texts: Vec<String> = records.iter().map(Value::to_string).collect();
        let at = at.min(texts.len());
        texts.insert(at, broken.to_owned());
        for (layout, text) in layouts(&texts) {
            // Without a line end and without a record before it that shows how records begin,
            // nothing tells where a record without end ends.
            let endless = how != 0 && how != 5;
            if endless && (at == 0 || layout == "one after another") && !layout.starts_with("lines") {
                continue;
            }
            let (found, faults) = split(&text, 7);
            prop_assert!(faults > 0, "{}: {}", layout, text);
            for record in &records {
                prop_assert!(found.contains(record), "{}: {} is lost in {}", layout, record, text);
            }
        }
    }

    #[test]
    fn values_end_where_serde_json_says(value in value(), rest in "[ ,x\\]}\"]{0,3}") {
        prop_assume!(value.is_object() || value.is_array() || value.is_string());
        let text = format!("{value}{rest}");
        let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        prop_assert_eq!(stream.next().and_then(Result::ok), Some(value));
        let end = stream.byte_offset();
        prop_assert_eq!(Scanner::default().feed(text.as_bytes()), Step::Ended(end));
    }

    /// Nothing that is read makes the readers panic or run on.
    #[test]
    fn any_bytes_are_read(text in "[{}\\[\\]\",:\\\\ \nRecords0-9]{0,80}", size in 1usize..20) {
        split(&text, size);
        split(&format!("{{\"Records\":[{text}"), size);
    }
}

#[test]
fn a_record_may_span_blocks_and_a_long_list_is_cut() {
    let text = "x".repeat(300 << 10);
    let records: Vec<Value> = (0..9).map(|n| json!({"eventVersion": n, "text": text})).collect();
    let texts: Vec<String> = records.iter().map(Value::to_string).collect();
    for (layout, text) in layouts(&texts) {
        let (found, faults) = split(&text, 1 << 16);
        assert_eq!((found.len(), faults), (9, 0), "{layout}");
        assert!(found == records, "{layout}");
    }
}

/// What other services wrap records in.
fn wrapped(records: &[Value]) -> Vec<(&'static str, String)> {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).expect("JSON");
    let each = |wrap: &dyn Fn(&Value) -> Value| records.iter().map(wrap).collect::<Vec<Value>>();
    let lines = |values: &[Value]| values.iter().map(|value| format!("{value}\n")).collect();
    let event = |record: &Value| json!({"EventId": "1", "Resources": [], "CloudTrailEvent": record.to_string()});
    let bridge = |record: &Value| {
        json!({"version": "0", "id": "1", "detail-type": "AWS API Call via CloudTrail",
            "source": "aws.iam", "resources": [], "detail": record})
    };
    let message = |record: &Value| {
        json!({"logStreamName": "a", "timestamp": 1714521600000u64,
            "message": record.to_string(), "ingestionTime": 1714521600001u64})
    };
    let bridged = |record: &Value| json!({"timestamp": 1, "message": bridge(record).to_string()});
    let (found, looked_up) = (each(&message), each(&event));
    let subscribed = json!({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g",
        "subscriptionFilters": ["f"], "logEvents": each(&message)});
    let control = json!({"messageType": "CONTROL_MESSAGE"});
    vec![
        ("looked up", pretty(&json!({"Events": looked_up, "NextToken": "t"}))),
        ("looked up, a token first", json!({"NextToken": "t", "Events": looked_up}).to_string()),
        ("looked up, one a line", lines(&looked_up)),
        ("bridged, one a line", lines(&each(&bridge))),
        ("bridged, a list", pretty(&json!(each(&bridge)))),
        ("bridged, one after another", each(&bridge).iter().map(pretty).collect()),
        ("filtered", pretty(&json!({"events": found, "searchedLogStreams": []}))),
        ("filtered, one a line", lines(&found)),
        ("subscribed", subscribed.to_string()),
        ("subscribed, lines", lines(&[subscribed, control])),
        ("bridged to a log", lines(&each(&bridged))),
        ("bridged to a log, a list", json!({"logEvents": each(&bridged)}).to_string()),
    ]
}

#[test]
fn wrapped_records_come_out() {
    let record = |n: usize| {
        let odd = "\"\\ \u{e9}\n}]".repeat(n % 4);
        json!({"eventVersion": "1.08", "eventID": n.to_string(), "message": odd,
            "requestParameters": {"text": format!("{{\"eventVersion\":{n}"), "n": [n, null]}})
    };
    for number in [1, 2, 30, 3000] {
        let records: Vec<Value> = (0..number).map(record).collect();
        for (layout, text) in wrapped(&records) {
            for size in if number == 30 { vec![1, 7, 4096] } else { vec![1 << 20] } {
                let (mut found, faults) = split(&text, size);
                if layout == "subscribed, lines" {
                    assert_eq!(found.pop(), Some(json!({"messageType": "CONTROL_MESSAGE"})));
                }
                assert!(found == records && faults == 0, "{layout}, {number} by {size}: {faults}");
            }
        }
    }
}

/// Lists and texts that hold something else are records as they were.
#[test]
fn what_holds_no_record_stays_what_it_is() {
    for value in [
        json!({"Events": [{"a": 1}, {"CloudTrailEvent": "{\"eventVersion\":\"1\"}"}]}),
        json!({"Events": [], "NextToken": "t"}),
        json!({"events": {"timestamp": 1, "message": "{\"eventVersion\":\"1\"}"}}),
        json!({"logEvents": [{"timestamp": 1, "message": "START eventVersion"}]}),
        json!({"detail-type": "GuardDuty Finding", "detail": {"eventVersion": "1"}}),
        json!({"message": "{\"eventVersion\":\"1\"}", "@timestamp": "2024-05-01T00:00:00Z"}),
        json!({"eventVersion": "1", "detail-type": "x via CloudTrail", "detail": {"a": 1}}),
    ] {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("JSON")] {
            let other = json!({"a": 2});
            for text in [format!("{text}\n{other}\n"), format!("[{text},{other}]")] {
                let expected = (vec![value.clone(), other.clone()], 0);
                assert_eq!(split(&text, 5), expected, "{text}");
            }
        }
    }
}

//! What the platforms make of a record, for the few fields that the pack tests. Held against the
//! recorded documents of the whole corpus by a test, so that it cannot drift from them.

use serde_json::{Map, Value, json};

/// Objects whose leaves keep their paths in the flattened fields.
const FLATTENED: [(&str, &str); 3] = [
    ("requestParameters", "request_parameters"),
    ("responseElements", "response_elements"),
    ("additionalEventData", "additional_eventdata"),
];

/// The record as Elastic's integration indexes it.
pub(crate) fn ecs(record: &Value) -> Value {
    let identity = &record["userIdentity"];
    let flattened: Map<String, Value> =
        FLATTENED.iter().map(|(raw, ecs)| ((*ecs).to_owned(), record[*raw].clone())).collect();
    without_nulls(json!({
        "event": {
            "dataset": "aws.cloudtrail",
            "action": record["eventName"],
            "provider": record["eventSource"],
            "outcome": outcome(record),
        },
        "source": {"address": record["sourceIPAddress"]},
        "aws": {"cloudtrail": {
            "error_code": record["errorCode"],
            "error_message": record["errorMessage"],
            "event_type": record["eventType"],
            "user_identity": {"type": identity["type"], "invoked_by": identity["invokedBy"]},
            "flattened": flattened,
        }},
    }))
}

/// A console sign-in has the outcome that it reports; every other call has failed if the record
/// has an error code or an error message.
fn outcome(record: &Value) -> String {
    let reported = record["responseElements"]["ConsoleLogin"].as_str();
    let login =
        record["eventName"] == "ConsoleLogin" && record["eventSource"] == "signin.amazonaws.com";
    match reported.filter(|_| login) {
        Some(reported) => reported.to_lowercase(),
        None if failed(record) => "failure".to_owned(),
        None => "success".to_owned(),
    }
}

/// The record as Datadog presents it: its own attributes, and a few remapped ones beside them.
pub(crate) fn datadog(record: &Value) -> Value {
    let mut attributes = record.clone();
    attributes["evt"] = json!({"name": record["eventName"]});
    attributes["error"] = json!({"kind": record["errorCode"]});
    attributes["network"] = json!({"client": {"ip": record["sourceIPAddress"]}});
    if failed(record) {
        attributes["level"] = json!("Error");
    }
    without_nulls(json!({"source": "cloudtrail", "attributes": attributes}))
}

fn failed(record: &Value) -> bool {
    ["errorCode", "errorMessage"].iter().any(|field| record[*field].is_string())
}

/// Both platforms drop fields without a value.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().map(|(key, value)| (key, without_nulls(value)));
            Value::Object(kept.filter(|(_, value)| !value.is_null()).collect())
        }
        other => other,
    }
}

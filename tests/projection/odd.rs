//! Records that nobody expects: what is missing or of another shape fills no field, and nothing
//! fails.

use crosswalk::fields::View;
use crosswalk::query::{Expr, Op, Test};
use serde_json::{Value, json};

use crate::cloudtrail;

fn ecs(record: Value) -> Value {
    cloudtrail().project(&record, View::Ecs)
}

fn at(document: &Value, path: &str) -> Value {
    path.split('.').fold(document.clone(), |value, step| value[step].clone())
}

#[test]
fn what_is_no_object_becomes_a_document_without_fields_of_its_own() {
    for record in
        [json!(null), json!([]), json!("text"), json!(7), json!({}), json!([{"eventName": "X"}])]
    {
        let document = ecs(record.clone());
        assert_eq!(at(&document, "event.dataset"), "aws.cloudtrail");
        assert_eq!(at(&document, "event.outcome"), "success");
        assert_eq!(at(&document, "event.type"), json!(["info"]));
        assert_eq!(at(&document, "event.action"), Value::Null);
        let log = cloudtrail().project(&record, View::Datadog);
        assert_eq!(
            (at(&log, "status"), at(&log, "attributes.level")),
            (json!("info"), Value::Null)
        );
    }
}

#[test]
fn other_shapes_fill_no_field() {
    for identity in [json!("root"), json!([{"type": "Root"}]), json!(null), json!(1.5e300)] {
        let document = ecs(json!({"eventName": "X", "userIdentity": identity}));
        assert_eq!(at(&document, "aws.cloudtrail.user_identity"), Value::Null);
        assert_eq!(at(&document, "user"), Value::Null);
    }
    let document =
        ecs(json!({"sourceIPAddress": ["10.0.0.1"], "eventTime": 7, "tlsDetails": "TLSv1"}));
    assert_eq!(at(&document, "source.address"), json!(["10.0.0.1"]));
    assert_eq!((at(&document, "source.ip"), at(&document, "tls")), (Value::Null, Value::Null));
    assert_eq!(at(&document, "@timestamp"), Value::Null);
}

#[test]
fn objects_are_written_as_java_writes_them() {
    for (parameters, expected) in [
        (json!("a text"), json!("a text")),
        (json!([[1, [null]], {"a": ""}, true]), json!("[[1], true]")),
        (json!({"b": 1, "a": {"é": [2.5, 1e10]}}), json!("{a={é=[2.5, 1.0E10]}, b=1}")),
        (json!({"a": {"b": {"c": {}}}}), Value::Null),
        (json!({"": "x"}), json!("{=x}")),
        (json!(""), Value::Null),
    ] {
        let document = ecs(json!({"requestParameters": parameters}));
        assert_eq!(at(&document, "aws.cloudtrail.request_parameters"), expected);
    }
}

#[test]
fn long_objects_keep_their_text_alone() {
    let record = |n: usize| json!({"requestParameters": {"userName": "u", "k": "x".repeat(n)}});
    let (short, long) = (ecs(record(32_766 - 17)), ecs(record(32_766 - 16)));
    let length =
        |document: &Value| at(document, "aws.cloudtrail.request_parameters").as_str().map(str::len);
    assert_eq!((length(&short), length(&long)), (Some(32_765), Some(32_766)));
    assert_eq!(at(&short, "user.target.name"), "u");
    assert_eq!(at(&long, "user.target.name"), Value::Null);
    assert_eq!(at(&long, "related"), Value::Null);
    assert_eq!(at(&long, "aws.cloudtrail.flattened"), json!({}));
}

#[test]
fn sign_ins_without_a_response_break_the_pipeline_off() {
    let record = json!({
        "eventName": "ConsoleLogin", "errorMessage": "no", "responseElements": null,
        "tlsDetails": {"tlsVersion": "TLSv1.3"}
    });
    let document = ecs(record.clone());
    assert_eq!(at(&document, "event.outcome"), "failure");
    assert_eq!(at(&document, "event.category"), Value::Null);
    assert_eq!(at(&document, "tls"), Value::Null);
    assert!(at(&document, "error.message").is_string());
    for (field, op) in [
        ("error.message", Op::Exists),
        ("event.category", Op::is("authentication")),
        ("tls.version", Op::is("1.3")),
        ("event.outcome", Op::is("failure")),
        ("event.type", Op::is("info")),
    ] {
        let expr: Expr = Test::field(field, op).into();
        let back = cloudtrail().pull_back(&expr, View::Ecs).expect("exact").value;
        assert_eq!(expr.eval(&document), back.eval(&record), "{field}");
    }
}

#[test]
fn digest_files_are_documents_too() {
    let document = ecs(json!({
        "awsAccountId": "123456789012", "digestEndTime": "2020-09-11T19:37:23Z",
        "previousDigestSignature": "ab", "previousDigestHashAlgorithm": "SHA-256",
        "digestS3Object": "a.json.gz", "logFiles": [{"hashValue": "c", "oldestEventTime": ""}]
    }));
    for (path, expected) in [
        ("@timestamp", json!("2020-09-11T19:37:23.000Z")),
        ("cloud.account.id", json!("123456789012")),
        ("file.hash.sha256", json!("ab")),
        ("related.hash", json!(["ab"])),
        ("file.path", json!("a.json.gz")),
        ("aws.cloudtrail.flattened.digest.log_files", json!([{"hashValue": "c"}])),
        ("aws.cloudtrail.flattened.digest.end_time", json!("2020-09-11T19:37:23.000Z")),
    ] {
        assert_eq!(at(&document, path), expected, "{path}");
    }
}

#[test]
fn what_no_record_tells_is_refused_by_name() {
    for (view, field, op, code) in [
        (View::Ecs, "source.geo.region_name", Op::Exists, "platform-added"),
        (View::Ecs, "user.entity.id", Op::is("x"), "platform-added"),
        (View::Ecs, "user_agent.name", Op::is("x"), "platform-added"),
        (View::Ecs, "user.name.text", Op::Words(vec!["x".into()]), "platform-added"),
        (View::Ecs, "aws.cloudtrail.session_credential_from_console", Op::Exists, "later-pipeline"),
        (View::Ecs, "aws.cloudtrail.request_parameters", Op::is("{a=b}"), "text-form"),
        (View::Ecs, "@timestamp", Op::is("2020"), "date-text"),
        (View::Datadog, "attributes.network.client.geoip.as.name", Op::Exists, "platform-added"),
        (View::Datadog, "attributes.threat_intel.results", Op::Exists, "platform-added"),
    ] {
        let refusals =
            cloudtrail().pull_back(&Test::field(field, op).into(), view).expect_err(field);
        assert_eq!(refusals[0].code, code, "{field}");
    }
}

//! Datadog's search syntax as its documentation says it, where Datadog's own open matcher does
//! something else.

use crosswalk::language::datadog::{lower, parse};
use serde_json::{Value, json};

/// Whether a query finds a log.
fn finds(query: &str, log: &Value) -> bool {
    let tree = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    let meaning = lower(&tree, &()).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    meaning.eval(log)
}

fn with(attributes: Value) -> Value {
    json!({"attributes": attributes})
}

#[test]
fn an_array_has_its_elements_as_values() {
    let event = with(json!({"p": {"items": [{"cidr": ["0.0.0.0/0"]}, {"cidr": ["::/0"]}]}}));
    assert!(finds(r#"@p.items.cidr:"0.0.0.0/0""#, &event));
    assert!(!finds(r#"-@p.items.cidr:"0.0.0.0/0""#, &event));
    assert!(finds(r#"@p.items.cidr:("0.0.0.0/0" AND "::/0")"#, &event));
    assert!(!finds(r#"@p.items.cidr:"10.0.0.0/8""#, &event));
}

#[test]
fn a_question_mark_of_datadog_is_one_character() {
    assert!(finds("@a:b?d", &with(json!({"a": "bcd"}))));
    assert!(!finds("@a:b?d", &with(json!({"a": "bd"}))));
    assert!(!finds(r#"@a:"b?d""#, &with(json!({"a": "bcd"}))));
}

#[test]
fn networks_of_datadog_are_networks() {
    let query = "CIDR(@ip,10.0.0.0/8,fe80::/10)";
    for (ip, expected) in [("10.1.2.3", true), ("febf::1", true), ("11.0.0.1", false)] {
        assert_eq!(finds(query, &with(json!({"ip": ip}))), expected, "{ip}");
    }
    assert!(!finds(query, &json!({"message": "CIDR @ip,10.0.0.0/8"})));
}

#[test]
fn full_text_is_read() {
    assert!(finds("*:hello", &with(json!({"deep": {"x": "say Hello there"}}))));
    assert!(!finds("*:hello", &with(json!({"deep": {"x": "shellos"}}))));
}

#[test]
fn calculated_fields_are_read() {
    assert!(parse("#slow:>5").is_ok());
}

#[test]
fn an_escaped_star_is_a_star() {
    assert!(finds(r"@a:*b\*d", &with(json!({"a": "xb*d"}))));
    assert!(!finds(r"@a:*b\*d", &with(json!({"a": "xbzzd"}))));
    assert!(finds(r"@a:b\*d*", &with(json!({"a": "b*dz"}))));
    assert!(!finds(r"@a:b\*d*", &with(json!({"a": "bxxdz"}))));
}

#[test]
fn words_of_free_text_stand_anywhere() {
    assert!(finds("hello world", &json!({"message": "hello beautiful world"})));
    assert!(!finds("\"hello world\"", &json!({"message": "hello beautiful world"})));
    assert!(!finds("hello world", &json!({"message": "hello"})));
}

#[test]
fn a_null_is_no_value() {
    assert!(!finds("@a:*", &with(json!({"a": null}))));
    assert!(finds("-@a:*", &with(json!({"a": null}))));
}

#[test]
fn numbers_in_texts_are_compared_as_numbers() {
    assert!(finds("@a:>2", &with(json!({"a": "10"}))));
    assert!(!finds("@a:>2", &with(json!({"a": "1"}))));
}

#[test]
fn a_literal_dotted_key_is_found() {
    assert!(finds("@a.b:1", &with(json!({"a.b": 1}))));
}

#[test]
fn brackets_of_two_kinds_are_an_error() {
    assert!(parse("@a:[1 TO 5}").is_err());
}

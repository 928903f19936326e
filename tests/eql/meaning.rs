//! What queries mean, and what is measured of other engines.

use crosswalk::language::eql::{lower, parse};
use crosswalk::query::{Expr, Schema};
use serde_json::{Value, json};

use super::common::expressions::Named;

/// The expression of a query for single events.
pub(crate) fn meaning(text: &str, schema: &dyn Schema) -> Expr {
    let query = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let meaning = lower(&query, schema).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    meaning.value.as_match().expect("a query for single events").clone()
}

fn matches(condition: &str, event: &Value) -> bool {
    meaning(&format!("any where {condition}"), &Named).eval(event)
}

#[test]
fn missing_fields_behave_as_measured() {
    let nothing = json!({});
    for (condition, event, expected) in [
        (r#"a != "x""#, &nothing, false),
        (r#"not (a == "x")"#, &nothing, false),
        (r#"not a : "x*""#, &nothing, false),
        (r#"not a == "x" or b == "y""#, &json!({"b": "y"}), true),
        ("?a == null", &nothing, true),
        (r#"not (a == "x")"#, &json!({"a": ["x", "z"]}), false),
        // Elasticsearch's values of an array, not the python engine's, to which an array is null.
        (r#"a : "x*""#, &json!({"a": ["x", "z"]}), true),
    ] {
        assert_eq!(matches(condition, event), expected, "{condition} on {event}");
    }
}

#[test]
fn conditions_mean_what_the_mapping_says() {
    for (condition, event, expected) in [
        (r#"a == "x""#, json!({"a": "x"}), true),
        (r#"a == "x""#, json!({"a": "X"}), false),
        (r#"a == "x*""#, json!({"a": "xy"}), false),
        (r#""x" == a"#, json!({"a": ["y", "x"]}), true),
        (r#"a : "X*""#, json!({"a": "xy"}), true),
        (r#"a : "x?""#, json!({"a": "x"}), false),
        (r#"a in ("x", "y")"#, json!({"a": "Y"}), false),
        (r#"a in~ ("x", "y")"#, json!({"a": "Y"}), true),
        (r#"a in~ ("x*")"#, json!({"a": "xy"}), false),
        (r#"a not in ("x", "y")"#, json!({"a": "z"}), true),
        (r#"a not in ("x", "y")"#, json!({}), false),
        (r#"a like "x*""#, json!({"a": "XY"}), false),
        (r#"a like~ ("q", "x*")"#, json!({"a": "XY"}), true),
        (r#"a regex "x.z""#, json!({"a": "x\nz"}), true),
        (r#"a regex "x""#, json!({"a": "xx"}), false),
        (r#"a regex~ ("q", "[x]{2}")"#, json!({"a": "xX"}), true),
        ("a == 5", json!({"a": 5.0}), true),
        ("5 < number", json!({"number": 6}), true),
        ("number >= 5 and number != 7", json!({"number": 7}), false),
        ("number != 7", json!({}), false),
        (r#"number == "7""#, json!({"number": 7}), true),
        ("boolean", json!({"boolean": true}), true),
        ("not boolean", json!({"boolean": false}), true),
        ("not boolean", json!({}), false),
        ("boolean == true", json!({"boolean": true}), true),
        ("boolean != true", json!({"boolean": false}), true),
        (r#"ip == "10.0.0.1""#, json!({"ip": "10.0.0.1"}), true),
        (r#"cidrMatch(ip, "10.0.0.0/8", "fe80::/10")"#, json!({"ip": "fe80::1"}), true),
        (r#"not cidrMatch(ip, "10.1.2.3/8")"#, json!({"ip": "10.9.9.9"}), false),
        (r#"not cidrMatch(ip, "10.0.0.0/8")"#, json!({}), false),
        ("a == null", json!({}), true),
        ("null != a", json!({"a": ""}), true),
        ("a < null", json!({"a": 1}), false),
        ("not (a < null)", json!({"a": 1}), false),
        ("null == null", json!({}), true),
        ("not null", json!({}), false),
        (r#"startsWith(a, "x")"#, json!({"a": "xy"}), true),
        (r#"startsWith~(a, "X")"#, json!({"a": "xy"}), true),
        (r#"not endsWith(a, "x")"#, json!({}), false),
        (r#"stringContains(a, "*")"#, json!({"a": "xy"}), false),
        (r#"stringContains(a, "*") == false"#, json!({"a": "xy"}), true),
        (r#"stringContains(a, "*") == null"#, json!({}), true),
        ("startsWith(a, b)", json!({"a": "xy", "b": "x"}), true),
        ("not startsWith(a, b)", json!({"a": "xy"}), false),
        ("endsWith~(string(a), b)", json!({"a": "xY", "b": "y"}), true),
        (r#"startsWith("xyz", a)"#, json!({"a": "xy"}), true),
        (r#"startsWith("xyz", a)"#, json!({"a": "yz"}), false),
        ("length(a) > 2", json!({"a": "éüö"}), true),
        ("length(a) >= 70", json!({"a": "x".repeat(70)}), true),
        ("length(a) < 3", json!({"a": "a\n"}), true),
        ("length(a) == 0", json!({"a": ""}), true),
        ("length(a) >= 0", json!({}), false),
        ("length(a) < 0", json!({"a": ""}), false),
        ("not length(a) < 0", json!({"a": ""}), true),
        ("length(a) in (1, 3)", json!({"a": "abc"}), true),
        (r#"substring(a, 1, 3) == "bc""#, json!({"a": "abcd"}), true),
        (r#"substring(a, 1, 3) == "b""#, json!({"a": "abc"}), false),
        (r#"substring(a, 1, 3) == "b""#, json!({"a": "ab"}), true),
        (r#"substring(a, 2) != "cd""#, json!({"a": "abcd"}), false),
        (r#"substring(a, -2) in ("cd", "x")"#, json!({"a": "abcd"}), true),
        (r#"substring(a, -2) == "x""#, json!({"a": "x"}), true),
        (r#"substring(a, 0, 1) in~ ("X")"#, json!({"a": "xyz"}), true),
        (r#"indexOf(a, "x") == 0"#, json!({"a": "xyz"}), true),
        (r#"indexOf(a, "y") == 0"#, json!({"a": "xyz"}), false),
        (r#"not indexOf(a, "y") == 0"#, json!({"a": "xz"}), false),
        (r#"indexOf(a, "y") != null"#, json!({"a": "xyz"}), true),
        ("indexOf(string(a), string(b)) == null", json!({"a": "xyz", "b": "q"}), true),
        (r#"indexOf~(a, "Y") >= 0"#, json!({"a": "xyz"}), true),
        ("number(a) > 5", json!({"a": "6"}), true),
        ("not number(a) > 5", json!({"a": "x"}), false),
        (r#"a == concat("x", 1 + 2 * 2)"#, json!({"a": "x5"}), true),
        (
            r#"string(5) == "5" and length("abc") == 3 and 7 / 2 == 3 and 7 % 2 == 1"#,
            json!({}),
            true,
        ),
        (r#""abc" like "a*" and "ABC" : "a*" and "a" in ("a", "b")"#, json!({}), true),
        (r#"add(1, null) == null and startsWith("ab", "a") and 7 / 2.0 == 3.5"#, json!({}), true),
        ("text == \"x y\"", json!({"text": "x y"}), true),
        ("flat like \"x*\"", json!({"flat": "xy"}), true),
    ] {
        assert_eq!(matches(condition, &event), expected, "{condition} on {event}");
    }
    let process = meaning("process where true", &());
    assert!(process.eval(&json!({"event": {"category": ["host", "process"]}})));
    assert!(!process.eval(&json!({"event": {"category": "Process"}})));
}

#[test]
fn what_a_meaning_leans_on_is_named() {
    for (condition, codes) in [
        ("length(a) > 2", vec!["utf16-length"]),
        (r#"text == "x""#, vec!["keyword-sub-field"]),
        (r#"a regex~ "[a-f]+""#, vec!["case-insensitive-range"]),
        (r#"a : "É""#, vec!["ascii-case"]),
        (r#"a : "e" and a == "É""#, vec![]),
    ] {
        let query = parse(&format!("any where {condition}")).expect("EQL");
        let meaning = lower(&query, &Named).expect("a meaning");
        let found: Vec<&str> = meaning.assumptions.iter().map(|a| a.code).collect();
        assert_eq!((found, meaning.losses.len()), (codes, 0), "{condition}");
    }
}

#[test]
fn what_has_no_stated_meaning_is_refused_at_its_place() {
    for (query, place) in [
        ("any where a == b", "a == b"),
        ("any where a in (b)", "b"),
        ("any where a in (\"x\", null)", "null"),
        ("any where a + 1 == 2", "a + 1"),
        ("any where -a == 2", "-a"),
        ("any where 1 / 0 == 2", "1 / 0"),
        ("any where -7 / 2 == 3", "-7 / 2"),
        ("any where a < \"x\"", "a < \"x\""),
        ("any where date == \"2024\"", "date == \"2024\""),
        ("any where date > 5", "date > 5"),
        ("any where a == 9007199254740993", "a == 9007199254740993"),
        ("any where a : 5", "5"),
        ("any where a regex \"a&b\"", "\"a&b\""),
        ("any where ip == \"x\"", "ip == \"x\""),
        ("any where ip : \"10.*\"", "\"10.*\""),
        ("any where number == \"x\"", "number == \"x\""),
        ("any where boolean == \"x\"", "boolean == \"x\""),
        ("any where number", "number"),
        ("any where \"x\"", "\"x\""),
        ("any where length(a)", "length(a)"),
        ("any where length(a) == length(b)", "length(a) == length(b)"),
        ("any where length(a) > \"x\"", "length(a) > \"x\""),
        ("any where between(a, \"x\", \"y\") == \"z\"", "between(a, \"x\", \"y\")"),
        ("any where substring(a, 0, -1) == \"z\"", "substring(a, 0, -1) == \"z\""),
        ("any where indexOf(a, \"x\") == 3", "indexOf(a, \"x\") == 3"),
        ("any where cidrMatch(a, b)", "cidrMatch(a, b)"),
        ("any where cidrMatch(a, \"x\")", "cidrMatch(a, \"x\")"),
        ("any where stringContains(\"xyz\", a)", "stringContains(\"xyz\", a)"),
        ("any where true | head 5", "head 5"),
        ("sequence [any where a] by b [any where c]", "[any where c]"),
    ] {
        let errors = lower(&parse(query).expect(query), &Named).expect_err(query);
        let places: Vec<&str> =
            errors.iter().map(|error| &query[error.span.start..error.span.end]).collect();
        assert_eq!(places, [place], "{query}: {errors:?}");
        assert_eq!(errors[0].code.name, "query-unsupported");
    }
    let both = lower(&parse("any where a == b or c + 1 == 2 | tail 1").expect("EQL"), &Named);
    assert_eq!(both.expect_err("refusals").len(), 3, "all at once");
}

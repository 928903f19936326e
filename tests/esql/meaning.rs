//! What queries mean.

use crosswalk::language::esql::{lower, parse, print};
use crosswalk::query::{
    Counted, Expr, FieldFacts, FieldPath, Having, Meaning, Number, Order, Schema,
};
use serde_json::json;

use super::common::expressions::Named;

/// The fields of [`Named`]; `one` has one value.
pub(crate) struct Mapped;

impl Schema for Mapped {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        FieldFacts { single: field.as_str() == "one", ..Named.facts(field) }
    }
}

fn meaning(query: &str) -> Meaning {
    let query = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    lower(&query, &Mapped).unwrap_or_else(|errors| panic!("{}: {errors:?}", print(&query))).value
}

/// The expression of a condition.
fn condition(condition: &str) -> Expr {
    let meaning = meaning(&format!("FROM logs | WHERE {condition}"));
    meaning.as_match().cloned().expect("single events")
}

#[test]
fn conditions_are_three_valued() {
    for (query, event, expected) in [
        (r#"a == "x""#, json!({"a": "x"}), true),
        (r#"a == "x""#, json!({"a": "X"}), false),
        (r#"a != "x""#, json!({"a": "y"}), true),
        (r#"a != "x""#, json!({}), false),
        (r#"NOT a == "x""#, json!({}), false),
        (r#"NOT a != "x""#, json!({}), false),
        (r#"NOT NOT a == "x""#, json!({"a": "x"}), true),
        (r#"NOT a LIKE "x*""#, json!({}), false),
        (r#"a NOT IN ("x", "y")"#, json!({"a": "z"}), true),
        (r#"a NOT IN ("x", "y")"#, json!({}), false),
        (r#"a NOT IN ("x", null)"#, json!({"a": "z"}), false),
        (r#"a IN ("x", null)"#, json!({"a": "x"}), true),
        (r#"NOT (a == "x" AND b == "y")"#, json!({"b": "z"}), true),
        (r#"NOT (a == "x" AND b == "y")"#, json!({"b": "y"}), false),
        (r#"NOT (a == "x" OR b == "y")"#, json!({"b": "z"}), false),
        (r#"a == "x" OR b == "y""#, json!({"b": "y"}), true),
        ("a IS NULL", json!({}), true),
        ("a IS NULL", json!({"a": null}), true),
        ("NOT a IS NULL", json!({"a": ""}), true),
        (r#"a == "x" IS NULL"#, json!({}), false),
        (r#"(a == "x") IS NULL"#, json!({}), true),
        (r#"(a == "x") IS NOT NULL"#, json!({"a": "y"}), true),
        ("a == null", json!({"a": "x"}), false),
        ("NOT a == null", json!({"a": "x"}), false),
        (r#"a == b"#, json!({"a": "x", "b": "x"}), true),
        (r#"a != b"#, json!({"a": "x"}), false),
        (r#"a != b"#, json!({"a": "x", "b": "y"}), true),
        ("boolean", json!({"boolean": true}), true),
        ("NOT boolean", json!({"boolean": false}), true),
        ("NOT boolean", json!({}), false),
        (r#"KQL("a:x")"#, json!({"a": ["y", "x"]}), true),
        (r#"NOT KQL("a:x")"#, json!({}), true),
        (r#"QSTR("a:x AND NOT b:y")"#, json!({"a": ["y", "x"]}), true),
        (r#"COALESCE(a, "") == """#, json!({}), true),
        (r#"COALESCE(a, b) != "x""#, json!({"b": "y"}), true),
        (r#"NOT COALESCE(a == "x", false)"#, json!({}), true),
        (r#"CASE(a == "x", "one", b == "y", "two", "none") == "two""#, json!({"b": "y"}), true),
        (r#"CASE(a == "x", "one", b == "y", "two") != "one""#, json!({}), false),
        (r#"CASE(a == "x", b, c) == "y""#, json!({"a": "x", "b": "y"}), true),
        ("null", json!({}), false),
        ("true", json!({}), true),
        (r#"1 + 2 * 3 == 7 AND "a" LIKE "?""#, json!({}), true),
    ] {
        // A comparison binds tighter than `IS`, so one example is a syntax error by design.
        let text = format!("FROM logs | WHERE {query}");
        let Ok(parsed) = parse(&text) else {
            assert_eq!(query, r#"a == "x" IS NULL"#);
            continue;
        };
        let Ok(lowered) = lower(&parsed, &Mapped) else { panic!("{query}") };
        let expr = lowered.value.as_match().cloned().expect("single events");
        assert_eq!(expr.eval(&event), expected, "{query} on {event}: {expr:?}");
    }
}

#[test]
fn values_mean_what_the_mapping_says() {
    for (query, event, expected) in [
        (r#"a LIKE "x*y?""#, json!({"a": "x--y1"}), true),
        (r#"a LIKE "x*""#, json!({"a": "X1"}), false),
        (r#"a LIKE "x\\*""#, json!({"a": "x*"}), true),
        (r#"a LIKE """x\*""""#, json!({"a": "xy"}), false),
        (r#"a LIKE ("x*", "*y")"#, json!({"a": "1y"}), true),
        (r#"a RLIKE "x[0-9]+""#, json!({"a": "x12"}), true),
        (r#"a RLIKE "x[0-9]+""#, json!({"a": "ax12"}), false),
        (r#"TO_LOWER(a) == "x""#, json!({"a": "X"}), true),
        (r#"TO_LOWER(a) == "X""#, json!({"a": "X"}), false),
        (r#"TO_LOWER(a) != "X""#, json!({"a": "X"}), true),
        (r#"TO_UPPER(a) LIKE "X*""#, json!({"a": "xyz"}), true),
        (r#"TO_LOWER(a) RLIKE ".*[xy]\\.z""#, json!({"a": "AX.Z"}), true),
        (r#"TO_LOWER(a) == TO_LOWER(b)"#, json!({"a": "x", "b": "X"}), true),
        (r#"STARTS_WITH(a, "x")"#, json!({"a": "xyz"}), true),
        (r#"ENDS_WITH(a, b)"#, json!({"a": "xyz", "b": "yz"}), true),
        (r#"CONTAINS(a, "*")"#, json!({"a": "a*b"}), true),
        (r#"LOCATE(a, "y") > 0"#, json!({"a": "xyz"}), true),
        (r#"LOCATE(a, "y") == 0"#, json!({}), false),
        (r#"LENGTH(a) > 2"#, json!({"a": "äöü"}), true),
        (r#"LENGTH(a) <= 2"#, json!({"a": "äöü"}), false),
        (r#"LENGTH(a) == 0"#, json!({"a": ""}), true),
        (r#"LENGTH(a) < 2"#, json!({}), false),
        ("number >= 5", json!({"number": 5}), true),
        ("5 < number", json!({"number": 5}), false),
        ("number == -1.5e1", json!({"number": -15}), true),
        ("number != 5", json!({}), false),
        ("number IN (1, 2)", json!({"number": 2}), true),
        ("TO_DOUBLE(a) > 5", json!({"a": "6"}), true),
        ("a::double <= 5", json!({"a": "x"}), false),
        (r#"TO_STRING(number) == "5""#, json!({"number": 5}), true),
        (r#"ip == "10.0.0.1""#, json!({"ip": "10.0.0.1"}), true),
        (r#"CIDR_MATCH(ip, "10.0.0.0/8", "::1/128")"#, json!({"ip": "::1"}), true),
        (r#"NOT CIDR_MATCH(ip, "10.0.0.0/8")"#, json!({}), false),
        (r#"CIDR_MATCH(TO_IP(a), "10.0.0.0/8")"#, json!({"a": "10.1.1.1"}), true),
        (r#"NOT CIDR_MATCH(TO_IP(a), "10.0.0.0/8")"#, json!({"a": "no address"}), false),
        ("boolean == true", json!({"boolean": true}), true),
        (r#"text : "one two""#, json!({"text": "a TWO b"}), true),
        (r#"MATCH_PHRASE(text, "one two")"#, json!({"text": "two one"}), false),
        (r#"MATCH(a, "x")"#, json!({"a": ["x", "y"]}), true),
        (r#"MV_CONTAINS(a, "x")"#, json!({"a": ["x", "y"]}), true),
        (r#"MV_CONTAINS(a, ["x", "z"])"#, json!({"a": ["x", "y"]}), false),
        (r#"NOT MV_CONTAINS(a, "x")"#, json!({}), true),
        (r#"DATE_EXTRACT("hour_of_day", date) < 6"#, json!({"date": "2024-05-06T05:00:00Z"}), true),
        (r#"a == CONCAT("x", SPACE(2), "y")"#, json!({"a": "x  y"}), true),
    ] {
        assert_eq!(condition(query).eval(&event), expected, "{query} on {event}");
    }
}

#[test]
fn columns_are_followed_through_the_pipe() {
    for (commands, event, expected) in [
        (r#"EVAL x = TO_LOWER(a) | WHERE x == "b""#, json!({"a": "B"}), true),
        (r#"EVAL a = "b" | WHERE a == "b""#, json!({}), true),
        (r#"RENAME a AS x | WHERE x == "b""#, json!({"a": "b"}), true),
        (r#"RENAME x = a | WHERE x == "b""#, json!({"a": "b"}), true),
        (r#"EVAL x = a == "b" | WHERE x"#, json!({"a": "b"}), true),
        (r#"EVAL x = CASE(a == "b", 1, 0) | WHERE x == 1"#, json!({"a": "b"}), true),
        (r#"EVAL a == "b" | WHERE `a == "b"`"#, json!({"a": "b"}), true),
        (r#"WHERE a == "b" | WHERE c == "d" | SORT a | KEEP x*"#, json!({"a": "b"}), false),
        (r#"KEEP a, b* | WHERE bb == "b""#, json!({"bb": "b"}), true),
        (r#"DROP b* | WHERE a == "b""#, json!({"a": "b"}), true),
        (r#"EVAL x = REPLACE(a, "b", "c") | WHERE a == "b""#, json!({"a": "b"}), true),
        (r#"GROK a "%{IP:b}" | WHERE a == "b" | KEEP b"#, json!({"a": "b"}), true),
        (r#"INLINE STATS c = COUNT(*) BY a | WHERE a == "b""#, json!({"a": "b"}), true),
    ] {
        let meaning = meaning(&format!("FROM logs | {commands}"));
        let expr = meaning.as_match().expect("single events");
        assert_eq!(expr.eval(&event), expected, "{commands} on {event}");
    }
}

#[test]
fn counts_of_groups_are_thresholds() {
    let events = |order, number: f64| Having {
        count: Counted::Events,
        order,
        number: Number::new(number).expect("finite"),
    };
    let distinct = |field: &str, order, number| Having {
        count: Counted::Distinct(field.into()),
        ..events(order, number)
    };
    let a = || condition(r#"a == "x""#);
    for (commands, expr, group_by, having) in [
        (
            r#"WHERE a == "x" | STATS c = COUNT(*) BY b, d | WHERE c >= 5"#,
            a(),
            vec!["b", "d"],
            vec![events(Order::GreaterOrEqual, 5.0)],
        ),
        (
            r#"STATS c = COUNT(), n = COUNT_DISTINCT(d) BY b | WHERE c > 2 AND 3 <= n AND b == "x""#,
            condition(r#"b == "x""#),
            vec!["b"],
            vec![events(Order::Greater, 2.0), distinct("d", Order::GreaterOrEqual, 3.0)],
        ),
        (
            r#"STATS c = COUNT(*) WHERE a == "x" BY b | WHERE c >= 1"#,
            a(),
            vec!["b"],
            vec![events(Order::GreaterOrEqual, 1.0)],
        ),
        (
            r#"STATS c = SUM(CASE(a == "x", 1, 0)), m = MAX(d) BY b | WHERE c >= 1 | KEEP *"#,
            a(),
            vec!["b"],
            vec![events(Order::GreaterOrEqual, 1.0)],
        ),
        (
            r#"STATS c = COUNT(d) BY b | WHERE c > 0"#,
            condition("d IS NOT NULL"),
            vec!["b"],
            vec![events(Order::Greater, 0.0)],
        ),
        (
            r#"WHERE a == "x" | STATS VALUES(c) BY b"#,
            a(),
            vec!["b"],
            vec![events(Order::GreaterOrEqual, 1.0)],
        ),
        (
            r#"STATS c = COUNT(*) | WHERE c >= 5 AND c < 9"#,
            Expr::True,
            vec![],
            vec![events(Order::GreaterOrEqual, 5.0), events(Order::Less, 9.0)],
        ),
        (
            r#"EVAL user = TO_STRING(b) | RENAME b AS x | STATS c = COUNT(*) BY u = x | WHERE c == 5"#,
            Expr::True,
            vec!["b"],
            vec![events(Order::Equal, 5.0)],
        ),
    ] {
        let Meaning::Threshold(threshold) = meaning(&format!("FROM logs | {commands}")) else {
            panic!("{commands}");
        };
        let names: Vec<&str> = threshold.group_by.iter().map(FieldPath::as_str).collect();
        assert_eq!(
            (threshold.expr, names, threshold.having),
            (expr, group_by, having),
            "{commands}"
        );
    }
}

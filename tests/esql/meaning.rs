//! What queries mean.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::query::{
    Counted, Expr, FieldFacts, FieldPath, FieldType, Having, Meaning, Number, Order, Schema,
};
use serde_json::{Value, json};

use super::{corpora, synthesis};

/// Fields named after their mapping.
struct Mapped;

impl Schema for Mapped {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "text" => FieldType::Text,
            "ip" => FieldType::Ip,
            "number" => FieldType::Number,
            "boolean" => FieldType::Boolean,
            "date" => FieldType::Date,
            _ => FieldType::Keyword,
        };
        FieldFacts { kind, single: field.as_str() == "one", ..FieldFacts::default() }
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

#[test]
fn what_has_no_stated_meaning_is_refused_at_its_place() {
    for (commands, places) in [
        (r#"WHERE REPLACE(a, "b", "c") == "x""#, vec![r#"REPLACE(a, "b", "c")"#]),
        (r#"EVAL x = SPLIT(a, "b") | WHERE x == "x""#, vec![r#"SPLIT(a, "b")"#]),
        (r#"WHERE date > NOW() - 9 hours"#, vec!["NOW()"]),
        (r#"WHERE a > "x""#, vec![r#"a > "x""#]),
        (r#"WHERE a + 1 == 2"#, vec!["a"]),
        (r#"WHERE _index LIKE "x*""#, vec!["_index"]),
        (r#"WHERE ip == "x""#, vec![r#"ip == "x""#]),
        (r#"WHERE number LIKE "5*""#, vec![r#""5*""#]),
        (r#"WHERE date == "2024-01-01""#, vec![r#"date == "2024-01-01""#]),
        (r#"WHERE a == ?x"#, vec!["?x"]),
        (r#"WHERE a LIKE """x\y""""#, vec![r#""""x\y""""#]),
        (r#"WHERE a RLIKE "x&y""#, vec![r#""x&y""#]),
        (r#"WHERE KQL("free text")"#, vec![r#""free text""#]),
        (r#"WHERE QSTR("a:b")"#, vec![r#"QSTR("a:b")"#]),
        (r#"WHERE MATCH(a, "x", {"fuzziness": 1})"#, vec![r#"MATCH(a, "x", {"fuzziness": 1})"#]),
        (r#"WHERE MV_COUNT(a) > 1 OR MV_FIRST(a) == "x""#, vec!["MV_COUNT(a)", "MV_FIRST(a)"]),
        (r#"WHERE number == 9007199254740993"#, vec!["9007199254740993"]),
        (r#"WHERE TO_INTEGER(a) == 1"#, vec!["TO_INTEGER(a)"]),
        (r#"DISSECT a "%{b} %{?c}" | WHERE b == "x" AND c == "y""#, vec![r#""%{b} %{?c}""#]),
        (r#"GROK a "(?<b.c>x)" | WHERE b.c == "x""#, vec![r#""(?<b.c>x)""#]),
        (r#"KEEP b | WHERE a == "x""#, vec!["a"]),
        (r#"DROP a* | WHERE ab == "x""#, vec!["ab"]),
        ("MV_EXPAND a", vec!["MV_EXPAND a"]),
        ("LOOKUP JOIN i ON a | ENRICH p", vec!["LOOKUP JOIN i ON a", "ENRICH p"]),
        (
            "FORK (WHERE a == 1) (LIMIT 1) | SAMPLE 0.1",
            vec!["FORK (WHERE a == 1) (LIMIT 1)", "SAMPLE 0.1"],
        ),
        ("STATS c = COUNT(*)", vec!["STATS c = COUNT(*)"]),
        ("STATS c = COUNT(*) BY DATE_TRUNC(1 hour, date)", vec!["DATE_TRUNC(1 hour, date)"]),
        ("STATS m = MAX(a) BY b | WHERE m > 5", vec!["MAX(a)"]),
        ("STATS c = COUNT(*) BY b | WHERE c > 5 OR c < 2", vec!["c > 5", "c < 2"]),
        ("STATS c = COUNT(*) BY b | WHERE a == 1", vec!["a"]),
        ("STATS c = COUNT(*) BY b | WHERE c != 5", vec!["c != 5"]),
        ("STATS c = COUNT(*) BY b | STATS d = COUNT(*) BY c", vec!["STATS d = COUNT(*) BY c"]),
        (
            "STATS c = COUNT(*), d = COUNT(*) WHERE a == 1 BY b | WHERE c > 5 AND d > 1",
            vec!["c > 5"],
        ),
    ] {
        let query = format!("FROM logs | {commands}");
        let errors = lower(&parse(&query).expect("ES|QL"), &Mapped).expect_err(&query);
        let found: Vec<&str> =
            errors.iter().map(|error| &query[error.span.start..error.span.end]).collect();
        assert_eq!(found, places, "{query}: {errors:?}");
    }
    for source in ["ROW a = 1", "SHOW INFO", "TS metrics", "FROM a, (FROM b | LIMIT 1)"] {
        let errors = lower(&parse(source).expect("ES|QL"), &Mapped).expect_err(source);
        assert_eq!(errors.len(), 1, "{source}");
    }
}

#[test]
fn what_a_meaning_leans_on_is_named() {
    let costs = |commands: &str| {
        let query = parse(&format!("FROM logs | {commands}")).expect("ES|QL");
        let lowered = lower(&query, &Mapped).expect("a meaning");
        let assumptions = lowered.assumptions.iter().map(|assumption| {
            let field = assumption.field.as_ref().map_or("", FieldPath::as_str);
            format!("{} {field}", assumption.code)
        });
        let losses = lowered.losses.iter().map(|loss| format!("{} {:?}", loss.code, loss.effect));
        assumptions.chain(losses).collect::<Vec<_>>()
    };
    assert_eq!(costs(r#"WHERE a == "x" AND one == "y" AND b IS NULL"#), ["single-valued a"]);
    assert_eq!(costs(r#"WHERE KQL("a:x") AND MATCH(b, "y")"#), Vec::<String>::new());
    assert_eq!(costs("WHERE true | SORT a | LIMIT 5"), ["row-limit Narrower"]);
    assert_eq!(
        costs("LIMIT 5 | STATS c = COUNT_DISTINCT(a) BY b | WHERE c < 5"),
        ["approximate-count a", "null-group b", "row-limit Overlapping"],
    );
    assert_eq!(
        costs(r#"WHERE DATE_EXTRACT("year", date) > 2000"#),
        ["single-valued date", "utc-times date",]
    );
}

#[test]
fn short_queries_that_stand_for_endless_ones_are_refused() {
    let doubling: String = (0..60).map(|i| format!("| EVAL x{} = x{i} == x{i} ", i + 1)).collect();
    let doubling = format!(r#"FROM logs | EVAL x0 = a == "b" {doubling}| WHERE x60"#);
    assert!(lower(&parse(&doubling).expect("ES|QL"), &Mapped).is_err());
    let doubling: String =
        (0..60).map(|i| format!("| EVAL x{} = x{i} OR NOT x{i} AND a == \"c\" ", i + 1)).collect();
    let doubling = format!(r#"FROM logs | EVAL x0 = a == "b" {doubling}| WHERE x60"#);
    let errors = lower(&parse(&doubling).expect("ES|QL"), &Mapped).expect_err("too many tests");
    assert_eq!(errors[0].code.name, "query-limit");
    let deep: String = (0..5_000).map(|_| "| EVAL x = NOT (x AND a == \"c\") ").collect();
    let deep = format!(r#"FROM logs | EVAL x = a == "b" {deep}| WHERE x"#);
    assert!(lower(&parse(&deep).expect("ES|QL"), &Mapped).is_err());
}

/// Reasons for which Elastic's rules are refused, by how their messages start or end: all of them
/// are about what a rule computes or looks up, none about what is not written yet.
const REASONS: &[&str] = &[
    "is what `COMPLETION` makes when the query runs",
    "is what `DISSECT` makes when the query runs",
    "is what `GROK` makes when the query runs",
    "is what `INLINE STATS` makes when the query runs",
    "`MATCH` with options",
    "`MV_EXPAND` makes several rows of one event",
    "`STATS` looks at a value that is computed",
    "`TO_INTEGER` of a field",
    "tells of the index entry, not of the event",
    "a condition on a count stands alone or between `AND`s",
    "a search in something else than a field",
    "a second `STATS` counts what the first has counted",
    "computing with a field",
    "counts among different events of one group",
    "stated over the event, the query has over",
    "the function `DATE_DIFF`",
    "the function `DATE_TRUNC`",
    "the function `FROM_BASE64`",
    "the function `JSON_EXTRACT`",
    "the function `MAX` of `STATS`",
    "the function `MIN` of `STATS`",
    "the function `MV_FIRST`",
    "the function `MV_INTERSECTION`",
    "the function `NOW`",
    "the function `REPLACE`",
    "the function `URL_DECODE`",
    "this regular expression has Lucene's any text",
];

#[test]
fn elastic_rules_have_a_meaning_or_are_refused_by_name() {
    let Some(corpora) = corpora::directory("the ES|QL queries of Elastic's rules") else { return };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, text) in corpora::elastic_queries(&corpora) {
        let kind = match lower(&parse(&text).expect("ES|QL"), &()) {
            Ok(meaning) => meaning.value.kind(),
            Err(errors) => {
                let message = &errors[0].message;
                let reason = REASONS.iter().find(|reason| message.contains(**reason));
                let reason = reason.unwrap_or_else(|| panic!("{}: {message}", file.display()));
                *reasons.entry(reason).or_default() += 1;
                "refused"
            }
        };
        *kinds.entry(kind).or_default() += 1;
    }
    println!("{kinds:?} {reasons:#?}");
    assert!(kinds["match"] >= 12 && kinds["threshold"] >= 22, "{kinds:?}");
}

#[test]
fn elastic_rules_keep_their_meaning_when_written_again() {
    let Some(corpora) = corpora::directory("the ES|QL queries of Elastic's rules") else { return };
    let real: Vec<Value> = std::fs::read_to_string(corpora.join("cloudtrail/ecs_docs.jsonl"))
        .expect("readable")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["ecs"].take())
        .collect();
    let (mut rules, mut hits) = (0, 0);
    let mut losses = BTreeSet::new();
    for (file, text) in corpora::elastic_queries(&corpora) {
        let Ok(first) = lower(&parse(&text).expect("ES|QL"), &()) else { continue };
        let done = raise(&first.value, &())
            .unwrap_or_else(|refusals| panic!("{}: {refusals:?}", file.display()));
        losses.extend(done.losses.iter().map(|loss| loss.code));
        let text = print(&done.value);
        let query = parse(&text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let again = lower(&query, &()).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let (first, again) = (events_of(first.value), events_of(again.value));
        assert_eq!((&first.1, &first.2), (&again.1, &again.2), "{text}");
        for event in synthesis::events(&first.0, 300).iter().chain(&real) {
            assert_eq!(first.0.eval(event), again.0.eval(event), "{text} on {event}");
            hits += usize::from(first.0.eval(event));
        }
        rules += 1;
    }
    println!("{rules} rules written again, {hits} hits");
    assert!(rules >= 34 && hits > 100 && losses.is_empty(), "{rules} {hits} {losses:?}");
}

/// Which events a query is about, and how it counts them.
fn events_of(meaning: Meaning) -> (Expr, Vec<FieldPath>, Vec<Having>) {
    match meaning {
        Meaning::Match(expr) => (expr, Vec::new(), Vec::new()),
        Meaning::Threshold(threshold) => (threshold.expr, threshold.group_by, threshold.having),
        Meaning::Sequence(_) => panic!("ES|QL has no sequences"),
    }
}

//! What expressions become in ES|QL, and what that costs.

use crosswalk::language::esql::{lower, parse, pretty, raise, set_source};
use crosswalk::language::registry::Reads;
use crosswalk::query::{
    Affix, Case, Counted, Effect, Expr, Having, Meaning, Op, Order, Pattern, Subject, Test,
    Threshold, TimePart,
};

use super::common::expressions::{any_case, cidr, compare, is, like, number, regex, same, test};
use super::expressions::{Fields, exact, raised};

#[test]
fn negations_know_of_absent_fields() {
    let (a, b, c) = (is("f", "A"), is("f", "B"), is("g", "C"));
    let or = |members: &[&Expr]| Expr::any_of(members.iter().map(|m| (*m).clone()));
    let and = |members: &[&Expr]| Expr::all(members.iter().map(|m| (*m).clone()));
    let not = |expr: &Expr| expr.clone().negated();
    let exists = test("f", Op::Exists);
    for (expr, query) in [
        (a.clone(), r#"f == "A""#),
        (not(&a), r#"f IS NULL OR f != "A""#),
        (or(&[&a, &b]), r#"f IN ("A", "B")"#),
        (not(&or(&[&a, &b])), r#"f IS NULL OR f NOT IN ("A", "B")"#),
        (not(&or(&[&a, &c])), r#"(f IS NULL OR f != "A") AND (g IS NULL OR g != "C")"#),
        (not(&and(&[&a, &c])), r#"f IS NULL OR f != "A" OR g IS NULL OR g != "C""#),
        (and(&[&exists, &not(&a)]), r#"f != "A""#),
        (and(&[&exists, &not(&a), &not(&b)]), r#"f NOT IN ("A", "B")"#),
        (and(&[&like("f", "A*"), &not(&a)]), r#"f LIKE "A*" AND f != "A""#),
        (and(&[&exists, &a]), r#"f == "A""#),
        (and(&[&exists, &or(&[&not(&a), &c])]), r#"f IS NOT NULL AND (f != "A" OR g == "C")"#),
        (and(&[&c, &or(&[&a, &b])]), r#"g == "C" AND f IN ("A", "B")"#),
        (or(&[&a, &c, &b]), r#"f IN ("A", "B") OR g == "C""#),
        (or(&[&like("f", "a*"), &like("f", "*b")]), r#"f LIKE ("a*", "*b")"#),
        (not(&like("f", "a*")), r#"f IS NULL OR f NOT LIKE "a*""#),
        (not(&exists), "f IS NULL"),
        (exists.clone(), "f IS NOT NULL"),
        (or(&[&not(&exists), &test("f", Op::Null)]), "f IS NULL"),
        (
            and(&[&exists, &not(&test("f", cidr("10.0.0.0/8")))]),
            r#"f IS NOT NULL AND (TO_IP(f) IS NULL OR NOT CIDR_MATCH(TO_IP(f), "10.0.0.0/8"))"#,
        ),
        (and(&[&exists, &not(&test("f", same("g")))]), "f IS NOT NULL AND (g IS NULL OR f != g)"),
        (
            and(&[&exists, &c, &not(&test("f", same("g")))]),
            r#"f IS NOT NULL AND g == "C" AND f != g"#,
        ),
        (Expr::True, ""),
        (Expr::False, "false"),
        (Expr::Not(Box::new(Expr::Not(Box::new(a.clone())))), r#"f == "A""#),
    ] {
        assert_eq!(exact(&expr), query);
    }
}

#[test]
fn tests_are_written_by_the_type_of_their_field() {
    let other = |affix, case| Op::Field { other: "g".into(), affix, case };
    let hour = Op::Time { part: TimePart::Hour, order: Order::Less, number: number(6.0) };
    let not = Expr::negated;
    for (expr, query) in [
        (any_case("f", "Abc"), r#"TO_LOWER(f) == "abc""#),
        (any_case("f", "*Abc?"), r#"TO_LOWER(f) LIKE "*abc?""#),
        (Expr::any_of([any_case("f", "A"), any_case("f", "B")]), r#"TO_LOWER(f) IN ("a", "b")"#),
        (any_case("f", "1.2*"), r#"f LIKE "1.2*""#),
        (any_case("constant", "YES"), r#"constant == "Yes""#),
        (like("f", "????*"), "LENGTH(f) >= 4"),
        (like("f", "??"), "LENGTH(f) == 2"),
        (is("f", "a*b"), r#"f == "a*b""#),
        (test("f", Op::is(r"C:\*.exe")), r#"f == """C:\*.exe""""#),
        (
            test(
                "f",
                Op::Matches {
                    pattern: Pattern::literal(r"C:\*").with_any_after(),
                    case: Case::Sensitive,
                },
            ),
            r#"f LIKE """C:\\\**""""#,
        ),
        (is("odd name-1", "a"), r#"`odd name-1` == "a""#),
        (is("a.in.b", "a"), r#"`a.in.b` == "a""#),
        (test("f", regex("^a+b", "")), r#"f RLIKE "a+b.*""#),
        (compare("number", Order::GreaterOrEqual, 2.5), "number >= 2.5"),
        (compare("number", Order::Equal, -1.0), "number == -1"),
        (not(compare("number", Order::Less, 2.0)), "number IS NULL OR number >= 2"),
        (compare("f", Order::Less, 5.0), "TO_DOUBLE(f) < 5"),
        (not(compare("f", Order::Less, 5.0)), "TO_DOUBLE(f) IS NULL OR TO_DOUBLE(f) >= 5"),
        (is("number", "5"), "number == 5"),
        (test("ip", cidr("10.0.0.0/8")), r#"CIDR_MATCH(ip, "10.0.0.0/8")"#),
        (
            Expr::any_of([test("ip", cidr("10.0.0.0/8")), test("ip", cidr("fe80::/10"))]),
            r#"CIDR_MATCH(ip, "10.0.0.0/8", "fe80::/10")"#,
        ),
        (test("f", cidr("10.0.0.0/8")), r#"CIDR_MATCH(TO_IP(f), "10.0.0.0/8")"#),
        (
            not(test("f", cidr("10.0.0.0/8"))),
            r#"TO_IP(f) IS NULL OR NOT CIDR_MATCH(TO_IP(f), "10.0.0.0/8")"#,
        ),
        (is("ip", "10.0.0.1"), r#"ip == "10.0.0.1""#),
        (like("ip", "10.1.*"), r#"CIDR_MATCH(ip, "10.1.0.0/16")"#),
        (any_case("boolean", "True"), "boolean == true"),
        (not(is("boolean", "true")), "boolean IS NULL OR boolean != true"),
        (test("f", other(Affix::Whole, Case::Sensitive)), "f == g"),
        (test("f", other(Affix::Whole, Case::Insensitive)), "TO_LOWER(f) == TO_LOWER(g)"),
        (test("f", other(Affix::Start, Case::Sensitive)), "STARTS_WITH(f, g)"),
        (test("f", other(Affix::Within, Case::Sensitive)), "CONTAINS(f, g)"),
        (
            not(test("f", other(Affix::End, Case::Sensitive))),
            "f IS NULL OR g IS NULL OR NOT ENDS_WITH(f, g)",
        ),
        (test("date", hour), r#"DATE_EXTRACT("hour_of_day", date) < 6"#),
        (is("text", "Some words"), r#"text == "Some words""#),
        (test("text", Op::Words(vec!["word".into()])), r#"text : "word""#),
        (
            test("text", Op::Words(vec!["two".into(), "words".into()])),
            r#"MATCH_PHRASE(text, "two words")"#,
        ),
        (is("flat.leaf", "Some Value"), r#"KQL("flat.leaf:\"Some Value\"")"#),
        (not(is("flat.leaf", "x")), r#"NOT KQL("flat.leaf:x")"#),
    ] {
        let (text, losses, _) = raised(&expr).unwrap_or_else(|e| panic!("{query}: {e:?}"));
        assert_eq!((text.as_str(), losses), (query, vec![]));
    }
}

#[test]
fn regular_expressions_in_any_case_are_held_against_small_letters() {
    let (text, losses, assumptions) =
        raised(&test("f", regex("Power(Shell|cat)", "i"))).expect("a query");
    assert_eq!(losses, []);
    assert_eq!(assumptions, ["plain-letters"]);
    assert!(text.starts_with("TO_LOWER(f) RLIKE "), "{text}");
    assert_eq!(text, text.replace("Power", "power"), "{text}");
}

#[test]
fn assumptions_and_losses_are_named() {
    let not = Expr::negated;
    for (expr, codes) in [
        (is("many", "a"), vec!["single-valued"]),
        (not(is("many", "a")), vec!["single-valued"]),
        (test("many", Op::Exists), vec![]),
        (is("f", "a"), vec![]),
        (any_case("constant", "YES"), vec!["fixed-case"]),
        (is("number", "5"), vec!["canonical-form"]),
        (is("ip", "10.0.0.1"), vec![]),
        (is("ip", "fe80::1"), vec!["canonical-form"]),
        (test("f", regex(r"\d", "")), vec!["ascii-classes"]),
        (test("constant", Op::Null), vec!["empty-dropped"]),
    ] {
        let (text, losses, assumptions) = raised(&expr).expect("a query");
        assert_eq!((losses, assumptions), (vec![], codes), "{text}");
    }
    let dotted = |expr: Expr| raised(&expr).expect("a query").1;
    assert_eq!(dotted(any_case("f", "\u{130}stanbul")), [("case", Effect::Narrower)]);
    assert_eq!(dotted(any_case("f", "\u{130}stanbul").negated()), [("case", Effect::Wider)]);
    assert_eq!(dotted(any_case("flat.leaf", "abc")), [("case", Effect::Narrower)]);
}

#[test]
fn values_without_a_field_are_searched_by_lucene() {
    let any = |text: &str| Expr::Test(Test { subject: Subject::Event, op: Op::is(text) });
    let (a, b, f) = (any("a"), any("b"), is("f", "A"));
    let not = |expr: &Expr| expr.clone().negated();
    for (expr, query) in [
        (a.clone(), r#"QSTR("/a/")"#),
        (not(&a), r#"NOT QSTR("/a/")"#),
        (Expr::any_of([a.clone(), b.clone()]), r#"QSTR("/a/ OR /b/")"#),
        (not(&Expr::any_of([a.clone(), b.clone()])), r#"NOT QSTR("/a/ OR /b/")"#),
        (Expr::all([a.clone(), f.clone(), not(&b)]), r#"QSTR("/a/ AND NOT /b/") AND f == "A""#),
        (Expr::any_of([f.clone(), a.clone(), b.clone()]), r#"f == "A" OR QSTR("/a/ OR /b/")"#),
        (Expr::all([f.clone(), not(&a)]), r#"f == "A" AND NOT QSTR("/a/")"#),
        (not(&Expr::all([f, a])), r#"f IS NULL OR f != "A" OR NOT QSTR("/a/")"#),
    ] {
        let (text, losses, assumptions) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), losses), (query, vec![]), "{expr:?}");
        assert!(assumptions.contains(&"default-fields"), "{assumptions:?}");
        let query = parse(&format!("FROM logs-* | WHERE {text}")).expect("a query");
        let again = lower(&query, &()).expect("a condition").value;
        for event in [r#"{"f":"A"}"#, r#"{"f":"A","g":"a"}"#, r#"{"g":["b","a"]}"#, "{}"] {
            let event = serde_json::from_str(event).expect("JSON");
            let again = again.as_match().expect("single events");
            assert_eq!(again.eval(&event), expr.eval(&event), "{text} on {event}");
        }
    }
}

#[test]
fn what_esql_cannot_say_is_refused_by_name() {
    let week = Op::Time { part: TimePart::Week, order: Order::Less, number: number(6.0) };
    let hour = Op::Time { part: TimePart::Hour, order: Order::Less, number: number(6.0) };
    let keyword = Test { subject: Subject::Event, op: Op::Exists };
    let other = |name: &str, affix| Op::Field { other: name.into(), affix, case: Case::Sensitive };
    for (expr, code) in [
        (keyword.into(), "free-text"),
        (test("f", Op::Null), "null"),
        (test("f", Op::Words(vec!["x".into()])), "words"),
        (test("date", week), "time-part"),
        (test("f", hour), "time-part"),
        (test("f", regex(r"(a)\1", "")), "regex"),
        (test("number", regex("1", "")), "regex"),
        (test("f", other("number", Affix::Whole)), "field-comparison"),
        (test("ip", other("ip", Affix::Start)), "field-comparison"),
        (compare("ip", Order::Equal, 5.0), "numeric-comparison"),
        (test("number", cidr("10.0.0.0/8")), "cidr-on-text"),
        (is("ip", "ec2.amazonaws.com"), "not-an-address"),
        (like("ip", "10.*.1"), "not-an-address"),
        (is("number", "05"), "not-a-number"),
        (is("boolean", "True"), "not-a-boolean"),
        (is("date", "2024-01-01"), "date"),
        (like("flat.leaf", "*a"), "flattened-wildcard"),
    ] {
        assert_eq!(raised(&expr), Err(vec![code]), "{expr:?}");
    }
    let both = Expr::all([test("f", Op::Null), is("date", "x")]);
    assert_eq!(raised(&both), Err(vec!["date", "null"]), "all refusals at once");
}

#[test]
fn thresholds_count_groups() {
    let having = |count, order, value| Having { count, order, number: number(value) };
    let threshold = Threshold {
        expr: is("f", "A"),
        group_by: vec!["user.name".into(), "g".into()],
        having: vec![
            having(Counted::Events, Order::GreaterOrEqual, 5.0),
            having(Counted::Distinct("source.ip".into()), Order::Greater, 2.0),
            having(Counted::Events, Order::Less, 100.0),
        ],
    };
    let meaning = Meaning::Threshold(threshold.clone());
    let done = raise(&meaning, &Fields).expect("a query");
    let codes: Vec<_> = done.assumptions.iter().map(|assumption| assumption.code).collect();
    assert_eq!(codes, ["approximate-count", "null-group", "null-group"]);
    let mut query = done.value;
    let index = ["logs-aws.cloudtrail-*".into(), "filebeat-*".into()];
    set_source(&mut query, &Reads::index(&index));
    let lines = [
        "FROM logs-aws.cloudtrail-*, filebeat-*",
        "| WHERE f == \"A\"",
        "| STATS",
        "    Esql.event_count = COUNT(*),",
        "    Esql.source_ip_count_distinct = COUNT_DISTINCT(source.ip)",
        "  BY user.name, g",
        "| WHERE Esql.event_count >= 5",
        "  AND Esql.source_ip_count_distinct > 2",
        "  AND Esql.event_count < 100",
    ];
    let text = pretty(&query, 64);
    assert_eq!(text, lines.join("\n"));
    let again = lower(&parse(&text).expect("ES|QL"), &Fields).expect("a meaning");
    assert_eq!(again.value, meaning);
}

//! What queries do not mean, and what their meaning costs.

use crosswalk::language::esql::{lower, parse};
use crosswalk::query::FieldPath;

use super::meaning::Mapped;

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
        (r#"WHERE QSTR("a:b~2")"#, vec![r#""a:b~2""#]),
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
    let plain = ["plain-letters one"];
    assert_eq!(costs(r#"WHERE TO_LOWER(one) == "cmd.sys" AND one LIKE "S*""#), plain);
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

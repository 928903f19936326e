//! The grammar, held against Elastic's rules and the reference pages of the commands.

use crosswalk::language::esql::{Command, Expression, parse, pretty, print};
use crosswalk::source::Span;

#[test]
fn every_command_is_written_in_one_way() {
    for (text, printed) in [
        ("from a", "FROM a"),
        ("From a-*,.b , c:d* metadata _id,_index", "FROM a-*, .b, c:d* METADATA _id, _index"),
        ("from \"this=that\", <logs-{now/d}>", "FROM \"this=that\", <logs-{now/d}>"),
        ("from (from a | limit 1), b", "FROM (FROM a | LIMIT 1), b"),
        ("ts a | limit 1", "TS a | LIMIT 1"),
        ("row a = 1, b = [1, -2], null", "ROW a = 1, b = [1, -2], null"),
        ("show info", "SHOW INFO"),
        ("from a | where a==1", "FROM a | WHERE a == 1"),
        ("from a|eval a=1,b = a+1 , length(c)", "FROM a | EVAL a = 1, b = a + 1, LENGTH(c)"),
        ("from a | keep a*, `b c`, * | drop x.*", "FROM a | KEEP a*, `b c`, * | DROP x.*"),
        ("from a | rename a as b, c = d", "FROM a | RENAME a AS b, d AS c"),
        (
            "from a | stats count(*), c = count() where x == 1 by y, z = bucket(t, 1hour)",
            "FROM a | STATS COUNT(*), c = COUNT() WHERE x == 1 BY y, z = BUCKET(t, 1 hour)",
        ),
        ("from a | stats by x", "FROM a | STATS BY x"),
        ("from a | inlinestats max(x)", "FROM a | INLINE STATS MAX(x)"),
        ("from a | inline stats max(x) by y", "FROM a | INLINE STATS MAX(x) BY y"),
        (
            "from a | sort a asc nulls last, b desc, c nulls first | limit 10",
            "FROM a | SORT a ASC NULLS LAST, b DESC, c NULLS FIRST | LIMIT 10",
        ),
        ("from a | sample 0.5", "FROM a | SAMPLE 0.5"),
        (
            r#"from a | dissect b "%{c}" append_separator = "," | grok b "%{IP:d}", "x""#,
            r#"FROM a | DISSECT b "%{c}" APPEND_SEPARATOR="," | GROK b "%{IP:d}", "x""#,
        ),
        (
            "from a | enrich _any:p on b with x = y, z | enrich q",
            "FROM a | ENRICH _any:p ON b WITH x = y, z | ENRICH q",
        ),
        (
            "from a | lookup join i on b, c | lookup join j on d == e",
            "FROM a | LOOKUP JOIN i ON b, c | LOOKUP JOIN j ON d == e",
        ),
        ("from a | mv_expand b", "FROM a | MV_EXPAND b"),
        (
            "from a | fork (where b == 1 | limit 1) (limit 2) | fuse linear score by s key by _id, k with {\"weights\": {\"fork1\": 0.7}}",
            "FROM a | FORK (WHERE b == 1 | LIMIT 1) (LIMIT 2) | FUSE LINEAR SCORE BY s KEY BY _id, k WITH {\"weights\": {\"fork1\": 0.7}}",
        ),
        ("from a | change_point v on t as k, p", "FROM a | CHANGE_POINT v ON t AS k, p"),
        (
            r#"from a | completion r = concat("x", p) with {"inference_id":"i"}"#,
            r#"FROM a | COMPLETION r = CONCAT("x", p) WITH {"inference_id": "i"}"#,
        ),
        (
            r#"from a | rerank "q" on b, c = substring(d, 1) with { "inference_id" : "i" }"#,
            r#"FROM a | RERANK "q" ON b, c = SUBSTRING(d, 1) WITH {"inference_id": "i"}"#,
        ),
        ("from a | uri_parts p = url.full", "FROM a | URI_PARTS p = url.full"),
    ] {
        let query = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(print(&query), printed, "{text}");
        assert_eq!(parse(printed).as_ref(), Ok(&query), "{printed}");
        assert_eq!(parse(&pretty(&query, 10)), Ok(query), "{printed}");
    }
}

#[test]
fn expressions_bind_as_documented() {
    for (text, printed) in [
        ("a or b and not c", "a OR b AND NOT c"),
        ("(a or b) and not (c and d)", "(a OR b) AND NOT (c AND d)"),
        ("a or (b or c)", "a OR (b OR c)"),
        ("not not a", "NOT NOT a"),
        ("not a in (1,2)", "NOT a IN (1, 2)"),
        ("a not in (\"x\") and b not like \"y*\"", "a NOT IN (\"x\") AND b NOT LIKE \"y*\""),
        ("a rlike (\"x\", ?p)", "a RLIKE (\"x\", ?p)"),
        ("(a == 1) is not null", "(a == 1) IS NOT NULL"),
        ("a + b * c - -d % 2 > 1", "a + b * c - -d % 2 > 1"),
        ("(a + b) * (c - (d - e))", "(a + b) * (c - (d - e))"),
        ("-a::long::double", "-a::long::double"),
        ("(-a)::LONG", "(-a)::long"),
        ("a:\"x\" and b::string : 5", "a : \"x\" AND b::string : 5"),
        ("now() - 5minutes > t", "NOW() - 5 minutes > t"),
        (".5 + 1e3 == 1.5E-2", ".5 + 1e3 == 1.5E-2"),
        ("true and FALSE or Null", "true AND false OR null"),
        (
            "match(a, \"x\", {\"operator\":\"AND\", \"n\": -2})",
            "MATCH(a, \"x\", {\"operator\": \"AND\", \"n\": -2})",
        ),
        ("`a b`.c == `x``y` and `in` == a.is", "`a b.c` == `x``y` AND `in` == `a.is`"),
        ("first(x) == @timestamp", "FIRST(x) == @timestamp"),
        ("a == \"q\\\"\\\\ \\n\"", "a == \"q\\\"\\\\ \\n\""),
        ("a == \"\"\"C:\\x\"\"\"", "a == \"\"\"C:\\x\"\"\""),
        ("a == \"\"\"say \"x\"\"\"\"", "a == \"say \\\"x\\\"\""),
        ("a == ?1 or b == ?", "a == ?1 OR b == ?"),
    ] {
        let query = parse(&format!("FROM a | WHERE {text}"));
        let query = query.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(print(&query), format!("FROM a | WHERE {printed}"), "{text}");
        assert_eq!(parse(&print(&query)), Ok(query), "{text}");
    }
}

#[test]
fn errors_say_where_and_what() {
    for (text, place, message) in [
        ("", 0, "expected a command, found the end of the query"),
        ("process where true", 0, "`process` is no source command"),
        ("FROM a | WHER b == 1", 9, "unknown command `WHER`"),
        ("FROM a WHERE b == 1", 7, "expected `|` or the end of the query, found `WHERE`"),
        ("FROM a | WHERE b = 1", 17, "expected `|` or the end of the query, found `=`"),
        ("FROM a | WHERE b == 'x'", 20, "expected a value, found `'`"),
        ("FROM a | WHERE b == \"x", 20, "this quote is not closed"),
        ("FROM a | WHERE b == \"\"\"x\"\"", 20, "this triple quote is not closed"),
        ("FROM a | WHERE b == \"C:\\x\"", 23, "`\\x` is not an escape"),
        ("FROM a | WHERE (b == 1", 22, "expected `)`, found the end of the query"),
        ("FROM a | WHERE b == 1)", 21, "expected `|` or the end of the query, found `)`"),
        ("FROM a | WHERE a.0.b == 1", 17, "the next part of this name is missing"),
        ("FROM a | WHERE `a == 1", 15, "this backtick is not closed"),
        ("FROM a | WHERE b IN \"x\"", 20, "expected `(`, found `\"`"),
        ("FROM a | WHERE b LIKE c", 22, "expected a pattern in quotes, found `c`"),
        ("FROM a | WHERE b IS 5", 20, "expected `NULL`, found `5`"),
        ("FROM a | KEEP foo-bar", 17, "expected `|` or the end of the query, found `-`"),
        ("FROM a | EVAL and = 1", 14, "expected a value, found `and`"),
        ("FROM a | /* b", 9, "this comment is not closed"),
        ("FROM a |", 8, "expected a command, found the end of the query"),
        ("FROM a | RENAME b", 17, "expected `AS`, found the end of the query"),
        ("FROM a | WHERE f(b c)", 19, "expected `,` or `)`, found `c`"),
    ] {
        let errors = parse(text).expect_err(text);
        let first = &errors[0];
        assert_eq!((first.span.start, first.message.as_str()), (place, message), "{text}");
    }
    let near = parse("FROM a | STAT c").expect_err("no such command");
    assert_eq!(near[0].help.as_deref(), Some("perhaps `STATS`"));
}

#[test]
fn errors_in_several_commands_are_all_reported() {
    let starts = |text: &str| -> Vec<usize> {
        parse(text).err().into_iter().flatten().map(|error| error.span.start).collect()
    };
    assert_eq!(starts("FROM a | WHERE = | EVAL x == \"|\" ) | KEEP | LIMIT 5"), [15, 33, 42]);
    assert_eq!(starts("FROM | FORK (WHERE ) (LIMIT ) | WHERE x ="), [5, 19, 28, 40]);
    assert_eq!(starts(&format!("FROM a {}", "| x ".repeat(100))).len(), 20);
}

#[test]
fn comments_before_commands_stay() {
    let text = "// what it is\nFROM a /* inside */ METADATA _id\n// first\n| WHERE b == 1 // after\n/* second */\n| LIMIT 5";
    let query = parse(text).expect("ES|QL");
    let lines = "// what it is\nFROM a METADATA _id\n// first\n| WHERE b == 1\n// after\n/* second */\n| LIMIT 5";
    assert_eq!(pretty(&query, 80), lines);
    assert_eq!(print(&query), "FROM a METADATA _id | WHERE b == 1 | LIMIT 5");
}

#[test]
fn trees_know_their_places() {
    let text = "FROM a | WHERE NOT (b == \"x\" OR f(c) ) AND d";
    let query = parse(text).expect("ES|QL");
    let place = |span: Span| &text[span.start..span.end];
    let stage = &query.commands[0].command;
    assert_eq!(place(stage.span), "WHERE NOT (b == \"x\" OR f(c) ) AND d");
    let Command::Where(condition) = &stage.value else { panic!("{stage:?}") };
    let Expression::And(members) = &condition.value else { panic!("{condition:?}") };
    assert_eq!(place(members[0].span), "NOT (b == \"x\" OR f(c) )");
    assert_eq!(place(members[1].span), "d");
}

#[test]
fn long_queries_are_broken_where_they_can_be() {
    let query = parse(
        r#"FROM logs-aws.cloudtrail-* METADATA _id | WHERE a == "b" AND (c IN ("RunInstances", "StopInstances") OR d LIKE "x*" AND e == 1) | KEEP one, two, three, four, five, six, seven | STATS count = COUNT_DISTINCT(user.name) WHERE a == "b", total = COUNT(*) BY user.name"#,
    )
    .expect("ES|QL");
    let lines = [
        r#"FROM logs-aws.cloudtrail-* METADATA _id"#,
        r#"| WHERE a == "b""#,
        r#"  AND ("#,
        r#"    c IN ("RunInstances", "StopInstances")"#,
        r#"    OR d LIKE "x*" AND e == 1"#,
        r#"  )"#,
        r#"| KEEP"#,
        r#"    one,"#,
        r#"    two,"#,
        r#"    three,"#,
        r#"    four,"#,
        r#"    five,"#,
        r#"    six,"#,
        r#"    seven"#,
        r#"| STATS"#,
        r#"    count = COUNT_DISTINCT(user.name) WHERE a == "b","#,
        r#"    total = COUNT(*)"#,
        r#"  BY user.name"#,
    ];
    assert_eq!(pretty(&query, 44), lines.join("\n"));
    assert_eq!(parse(&pretty(&query, 44)).as_ref(), Ok(&query));
}

#[test]
fn nesting_and_length_are_bounded() {
    for (open, close) in [("(", ")"), ("NOT ", ""), ("f(", ")"), ("-", "")] {
        let nested = |levels: usize| {
            format!("FROM a | WHERE {}x{}", open.repeat(levels), close.repeat(levels))
        };
        let query = parse(&nested(200)).unwrap_or_else(|e| panic!("{open}: {e:?}"));
        assert_eq!(parse(&pretty(&query, 80)).as_ref(), Ok(&query));
        assert_eq!(parse(&print(&query)), Ok(query));
        let errors = parse(&nested(100_000)).expect_err("100,000 are not");
        assert_eq!((errors.len(), errors[0].code.name), (1, "query-limit"));
    }
    let forks = format!("FROM a {}", "| FORK (WHERE x ".repeat(100_000));
    assert!(parse(&forks).is_err());
    let subqueries = "FROM (".repeat(100_000);
    assert!(parse(&subqueries).is_err());
    let errors = parse(&"x".repeat((1 << 20) + 1)).expect_err("too long");
    assert_eq!(errors[0].code.name, "query-limit");
}

#[test]
fn the_longest_texts_take_no_longer_than_they_must() {
    for piece in [
        " ", "a ", "a, ", "| ", "| a ", "\"", "\"\"\"", "\\", "`", "``", "/*", "/**/", "//", "(",
        ")", "a.", "x or ", "not ", "5 ", "a+", "::a", "{", "a=", "\"a\" ", "[",
    ] {
        for start in ["", "FROM a | WHERE ", "FROM a | KEEP ", "FROM ", "FROM a | EVAL x = f("] {
            let text = format!("{start}{}", piece.repeat(((1 << 16) - 30) / piece.len()));
            if let Ok(query) = parse(&text) {
                assert_eq!(parse(&print(&query)), Ok(query));
            }
        }
    }
}

//! The grammar: Elastic's rules, corners, errors.

use crosswalk::language::eql::{parse, pretty, print};

#[test]
fn corners_of_the_grammar() {
    for (text, printed) in [
        ("any where true", "any where true"),
        ("\"my category\" where true", "\"my category\" where true"),
        ("\"process\" where true", "process where true"),
        ("\"\"\"any\"\"\" where true", "\"any\" where true"),
        ("any where a==1 or b==2 and not c==3", "any where a == 1 or b == 2 and not c == 3"),
        ("any where (a==1 or b==2) and c==3", "any where (a == 1 or b == 2) and c == 3"),
        ("any where a==1 or (b==2 or c==3)", "any where a == 1 or (b == 2 or c == 3)"),
        ("any where not not (a == 1)", "any where not not a == 1"),
        ("any where (not a) == b", "any where (not a) == b"),
        ("any where a - (b - c) - d == -5", "any where a - (b - c) - d == -5"),
        ("any where -(5) + - 3 * (2 + +1) == 0", "any where -(5) + -3 * (2 + 1) == 0"),
        ("any where --a == - -1", "any where --a == --1"),
        ("any where a : \"x\" and a:(\"x\",\"y\")", "any where a : \"x\" and a : (\"x\", \"y\")"),
        ("any where a in (\"x\") and b not in~ (1, 2.50)", {
            "any where a in (\"x\") and b not in~ (1, 2.5)"
        }),
        ("any where a regex~ \"\"\"\\d \"q\"\"\"\"", {
            "any where a regex~ \"\"\"\\d \"q\"\"\"\""
        }),
        ("any where a == \"\"\"C:\\x\"\"\"", "any where a == \"C:\\\\x\""),
        ("any where a == \"\\u{e9}\\u{0001F600}\\t\\\"\"", "any where a == \"é😀\\t\\\"\""),
        ("any where ?a.b == null and `x y`.`a``b` == 1", {
            "any where ?a.b == null and `x y`.`a``b` == 1"
        }),
        ("any where `a.b` == 1 and @timestamp != null", {
            "any where a.b == 1 and @timestamp != null"
        }),
        ("any where startswith~(a, \"b\") and CIDRMATCH(c, \"10.0.0.0/8\")", {
            "any where startsWith~(a, \"b\") and cidrMatch(c, \"10.0.0.0/8\")"
        }),
        ("any where 1e3 < .5", "any where 1000.0 < 0.5"),
        ("// why\nany where /* no */ true // end", "/* why */ any where true"),
        (
            "sequence by a,b with maxspan = 1 h [any where true] by ?c with runs = 2 ![web where x]",
            {
                "sequence by a, b with maxspan=1h [any where true] by ?c with runs=2 ![web where x]"
            },
        ),
        ("sequence [any where a] [any where b] until [any where c]|head 5|tail 1", {
            "sequence [any where a] [any where b] until [any where c] | head 5 | tail 1"
        }),
        ("sample by a [any where b] [any where c]", "sample by a [any where b] [any where c]"),
    ] {
        let query = parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert_eq!(print(&query), printed, "{text}");
        assert_eq!(parse(printed), Ok(query), "{printed}");
    }
}

#[test]
fn errors_say_where_and_what() {
    let mut wrong = Vec::new();
    for (text, place, message, help) in [
        ("", "", "expected an event category such as `any`, and `where`, found the end", ""),
        ("process", "process", "a query starts with `category where`", "any where"),
        ("where a == 1", "where", "the event category before `where` is missing", "any where"),
        ("`a` where true", "`a`", "does not stand in backticks", "\"...\" where"),
        ("any where a = 1", "=", "`=` is not an operator", "`==`"),
        ("any where a == 'x'", "'x'", "single quotes", "\"...\""),
        ("any where a == \"x", "\"", "this quote is not closed", "ends on its line"),
        ("any where a == \"C:\\Windows\"", "\\W", "is not an escape", "\"\"\""),
        ("any where a == \"\\u{110000}\"", "\\u{110000}", "is not an escape", ""),
        ("any where a == *x*", "*", "expected a condition, found `*`", "needs quotes"),
        ("any where a == 1 AND b == 2", "AND", "found `AND`", "lower case: `and`"),
        ("any where a == 1 && b == 2", "&", "`&` has no meaning here", "`and`"),
        ("any where a == 1 == 2", "==", "a comparison cannot follow a comparison", "`and`"),
        ("any where a == 1 not b", "not", "expected `and` or `or`", "`and not`"),
        ("any where a not like \"x\"", "not", "`not like` is no operator", "not field like"),
        ("any where a in \"x\"", "\"x\"", "expected a list in parentheses", "in ("),
        ("any where a in ()", ")", "expected a value", "cannot be empty"),
        ("any where a : b", "b", "`:` compares with literals only", "needs quotes"),
        ("any where (a == 1", "(", "this is not closed", "`)`"),
        ("any where a == 1)", ")", "this `)` closes nothing", ""),
        ("any where wildcard(a, \"x\")", "wildcard", "no function `wildcard`", "`field : (...)`"),
        ("any where startWith(a, \"x\")", "startWith", "no function", "`startsWith`?"),
        ("any where length(a, b) > 1", "length(a, b)", "takes 1 arguments, not 2", ""),
        ("any where length~(a) > 1", "length~", "no form with `~`", ""),
        ("any where a[0] == 1", "[", "a field has no index", "one is enough"),
        ("join [any where true]", "join", "Elasticsearch has no `join`", "sample"),
        ("any where child of [web where a]", "child of", "no `child of`", "sequence"),
        ("any where true | count", "count", "no pipe `count`", "`head` and `tail`"),
        ("any where true | head", "", "expected how many", ""),
        ("any where a || b", "|", "expected a pipe, found `|`", "`or`"),
        ("any where a [any where b]", "[", "a query for single events has no `[`", "sequence"),
        ("sequence", "", "expected `[category where condition]`", ""),
        ("sequence with maxspan=5 [any where a]", "5 [", "not a time", "`ms`"),
        ("sequence with maxspan=5y [any where a]", "5y", "not a time", "`ms`"),
        ("sequence with maxspan=1s by a [any where a]", "by", "`by` stands before", ""),
        ("sequence [any where a] ![any where b]", "![any where b]", "needs a `maxspan`", "1m"),
        ("sequence [any where a [any where b]", "[", "", ""),
        ("any where a /* b", "/*", "this comment is not closed", "*/"),
        ("any where naïve == 1", "ï", "", "backticks"),
        ("any where a == 99999999999999999999", "99999999999999999999", "too large", ""),
    ] {
        let errors = parse(text).expect_err(text);
        let error = &errors[0];
        let found = &text[error.span.start..error.span.end];
        let helps = error.help.as_deref().unwrap_or_default().contains(help);
        if found != place || !error.message.contains(message) || !helps {
            wrong.push(format!("{text}: `{found}` {} ({:?})", error.message, error.help));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn independent_errors_are_all_reported() {
    for (text, messages) in [
        ("any where a = 1 and b = 2 or c == 3 and 'd'", 3),
        ("any where (a = 1 or b == ) and length() > 1", 3),
        ("sequence [any where a = 1] [process] [any where f(x)]", 3),
        ("any where a in (\"x\", , \"y\") and b like c", 2),
    ] {
        let errors = parse(text).expect_err(text);
        assert_eq!(errors.len(), messages, "{text}: {errors:#?}");
        assert!(errors.is_sorted_by_key(|error| error.span.start), "in the order of the text");
    }
    let many = format!("any where {}", "a = 1 and ".repeat(1000));
    assert_eq!(parse(&many).expect_err("errors").len(), 20);
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = 100_000;
    for text in [
        format!("any where {}a", "(".repeat(deep)),
        format!("any where {}a", "not ".repeat(deep)),
        format!("any where {}a", "-".repeat(deep)),
        format!("any where {}a", "length(".repeat(deep)),
        format!("any where a{}", "+1".repeat(deep)),
        " ".repeat(1 << 21),
    ] {
        let errors = parse(&text).expect_err("too much");
        assert!(errors.iter().any(|error| error.code.name == "query-limit"), "{errors:?}");
    }
    let wide = format!("any where {}", vec!["a == 1"; 20_000].join(" or "));
    assert!(parse(&wide).is_ok());
}

#[test]
fn long_queries_are_broken_where_people_break_them() {
    let query = concat!(
        "sequence by host.id with maxspan=1m [process where host.os.type == \"linux\" and ",
        "process.name in (\"bash\", \"dash\", \"sh\") and not (a == 1 or b == 2)] by process.pid ",
        "[file where true] until [process where event.type == \"end\"] | head 5",
    );
    let expected = "\
sequence by host.id with maxspan=1m
  [process where
    host.os.type == \"linux\"
    and process.name in (
      \"bash\", \"dash\", \"sh\"
    )
    and not (a == 1 or b == 2)] by process.pid
  [file where true]
until [process where event.type == \"end\"]
| head 5";
    assert_eq!(pretty(&parse(query).expect("EQL"), 40), expected);
}

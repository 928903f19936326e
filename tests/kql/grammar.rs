//! The grammar, held against Kibana's.

use crosswalk::language::kql::{Clause, Literal, Node, Query, Tree, Values, parse, pretty, print};
use crosswalk::query::Part;
use serde_json::{Value, json};

use super::common::corpus;

#[test]
fn edge_inputs_give_the_trees_of_kibana() {
    let Some(corpora) = corpus("", "97 edge inputs of Kibana's grammar") else { return };
    let table = corpora.join("../facts/data/elastic/kql_edge_diff.tsv");
    let table = std::fs::read_to_string(table).expect("the table of edge inputs");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let text = python_string(columns[0]);
        let kibana: Value = serde_json::from_str(columns[3]).expect("Kibana's tree as JSON");
        match parse(&text) {
            Ok(query) => assert_eq!(tree(&query), kibana, "{text:?}"),
            Err(errors) => assert!(kibana.get("err").is_some(), "{text:?}: {errors:?}"),
        }
        rows += 1;
    }
    assert_eq!(rows, 97);
}

#[test]
fn corners_of_the_grammar_beyond_the_table() {
    for (text, printed) in [
        // A keyword needs blanks around it; where a value starts there is none before it.
        ("or or or", "\\or or \\or"),
        ("a:x and or b:1", "a:x and \\or b:1"),
        ("a:x and", "a:x \\and"),
        // `\n` is read before `\not`.
        ("a:b\\not", "a:b\\not"),
        ("a:\\Not b", "a:\\u004eot b"),
        // The ends are cut after escapes are decoded.
        ("a:\\t", "a:\\t"),
        ("a:\\u0020x\\t", "a:x"),
        ("a: \u{2003}x\u{feff} ", "a:x"),
        ("a:\\ud83d\\ude00", "a:😀"),
        ("a:\"\\q\\u00e9\"", "a:\"\\\\qé\""),
        ("null:x", "x"),
        ("null:(x or y)", "null:(x or y)"),
        ("a:**b", "a:*b"),
        ("a:((x or (y)))", "a:(x or y)"),
        ("a or (b or c)", "a or (b or c)"),
        ("a : { b<=\"1\" }", "a:{ b <= \"1\" }"),
        ("", "*:*"),
        ("*", "*"),
    ] {
        let query = parse(text).unwrap_or_else(|errors| panic!("{text:?}: {errors:?}"));
        assert_eq!(print(&query), printed, "{text:?}");
        assert_eq!(parse(printed), Ok(query), "{printed:?}");
    }
}

#[test]
fn errors_say_where_and_what() {
    for (text, place, message) in [
        ("a:1 and", 7, ""),
        ("a:1 and ", 8, "expected a test such as `field:value`, found the end of the query"),
        ("not not a:1", 4, "`not` cannot follow `not`"),
        ("a:(not not x)", 7, "`not` cannot follow `not`"),
        ("a: not x", 3, "expected a value, found `not`"),
        ("(a:1)or b:2", 5, "`or` needs a blank before it"),
        ("(a:1) or(b:2)", 6, "`or` needs a blank after it"),
        ("a:\"x\" order:1", 6, "expected `and` or `or`, found `o`"),
        ("a:1 and (b:2", 8, "this is not closed"),
        ("a:\"x and b:2", 2, "this quote is not closed"),
        ("a:1) and b:2", 3, "this `)` closes nothing"),
        ("a:(x or y}", 9, "expected `)`, found `}`"),
        ("a:()", 3, "expected a value, found `)`"),
        ("a:1 not b:2", 4, "expected `and` or `or`, found `not`"),
        ("a:cannot be", 5, "Kibana reads the end of this word as `not`"),
        ("a:http://x", 6, "expected `and` or `or`, found `:`"),
        ("a:C\\x", 3, "`\\x` is not an escape"),
        ("a:\\ud83d", 2, "this escape is half a character"),
    ] {
        let found =
            parse(text).err().map(|errors| (errors[0].span.start, errors[0].message.clone()));
        let expected = Some((place, message.to_owned())).filter(|_| !message.is_empty());
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn independent_errors_are_all_reported() {
    let starts = |text: &str| -> Vec<usize> {
        parse(text).err().into_iter().flatten().map(|error| error.span.start).collect()
    };
    assert_eq!(starts("a::b and c:(not not d) and e:"), [2, 16, 29]);
    assert_eq!(starts("a:C:\\x or b:1 c:2) and \"x"), [3, 15, 17, 23]);
    assert_eq!(starts(&"x:: or ".repeat(100)).len(), 20, "no more than a person reads");
}

#[test]
fn nesting_and_length_are_bounded() {
    for open in ["(", "a:(", "not (", "a:{ "] {
        let nested = |levels: usize| {
            let inner = if open == "a:(" {
                format!("a:{}", "(".repeat(levels))
            } else {
                open.repeat(levels)
            };
            let close = if open.contains('{') { "}" } else { ")" };
            format!("{inner}x{}", close.repeat(levels))
        };
        let query = parse(&nested(200)).expect("200 levels are allowed");
        assert_eq!(parse(&pretty(&query, 80)), Ok(query));
        let errors = parse(&nested(100_000)).expect_err("100,000 are not");
        assert_eq!((errors.len(), errors[0].code.name), (1, "query-limit"));
    }
    let errors = parse(&"x".repeat((1 << 20) + 1)).expect_err("too long");
    assert_eq!(errors[0].code.name, "query-limit");
}

#[test]
fn the_longest_texts_take_no_longer_than_they_must() {
    for piece in [
        " ",
        "a ",
        "a or ",
        "or  ",
        "not ",
        "\"",
        "\\",
        "*",
        ")",
        "\"\\ud83d",
        "x:(a or ",
        "\u{a0}not",
    ] {
        let text = piece.repeat((1 << 20) / piece.len());
        if let Ok(query) = parse(&text) {
            assert_eq!(parse(&print(&query)), Ok(query));
        }
    }
}

#[test]
fn long_queries_are_broken_at_their_words() {
    let query = parse(
        r#"d:"aws.cloudtrail" and e:("CreateSecurityGroup" or "RevokeSecurityGroupEgress") and not (a:1 or b:{ c:2 and d:3 } or e:4 and f:"a rather long value")"#,
    )
    .expect("KQL");
    let lines = [
        r#"d:"aws.cloudtrail""#,
        r#"and e:("#,
        r#"  "CreateSecurityGroup""#,
        r#"  or "RevokeSecurityGroupEgress""#,
        r#")"#,
        r#"and not ("#,
        r#"  a:1"#,
        r#"  or b:{ c:2 and d:3 }"#,
        r#"  or ("#,
        r#"    e:4"#,
        r#"    and f:"a rather long value""#,
        r#"  )"#,
        r#")"#,
    ];
    assert_eq!(pretty(&query, 34), lines.join("\n"));
    assert_eq!(parse(&pretty(&query, 34)).as_ref(), Ok(&query));
    assert_eq!(pretty(&query, 200), print(&query));
}

#[test]
fn trees_know_their_places() {
    let text = "not (a : \"x\" or b >= 5 ) and c";
    let query = parse(text).expect("KQL");
    let Tree::And(members) = &query.value else { panic!("{query:?}") };
    let place = |span: crosswalk::source::Span| &text[span.start..span.end];
    assert_eq!(place(query.span), text);
    assert_eq!(place(members[0].span), "not (a : \"x\" or b >= 5 )");
    assert_eq!(place(members[1].span), "c");
    let Tree::Not(inner) = &members[0].value else { panic!("{query:?}") };
    let Tree::Or(tests) = &inner.value else { panic!("{query:?}") };
    assert_eq!((place(tests[0].span), place(tests[1].span)), ("a : \"x\"", "b >= 5"));
    let Tree::Leaf(Clause::Is { field, values }) = &tests[0].value else { panic!("{query:?}") };
    assert_eq!((place(field.span), place(values.span)), ("a", "\"x\""));
}

/// A tree in the notation of the table: value lists are spread over their field.
fn tree(query: &Query) -> Value {
    spread(query, &|clause| match clause {
        Clause::Is { field, values } => spread_values(name(&field.value), values),
        Clause::Range { field, bound, literal } => {
            let sign = match bound.sign() {
                "<" => "lt",
                "<=" => "lte",
                ">=" => "gte",
                _ => "gt",
            };
            // Kibana's own placeholder for a wildcard, which a range takes as text.
            json!(["range", name(&field.value), sign, text(&literal.value, "@kuery-wildcard@")])
        }
        Clause::Nested { path, query } => json!(["nested", name(&path.value), tree(query)]),
    })
}

fn spread_values(field: Value, values: &Values) -> Value {
    spread(values, &|literal| {
        let value = match literal {
            literal if literal.is_null() => json!(["null"]),
            literal if literal.is_any() => json!(["exists"]),
            literal => {
                let kind = if literal.text().is_some() { "lit" } else { "wild" };
                json!([kind, text(literal, "*")])
            }
        };
        json!(["is", field, value])
    })
}

fn spread<L>(node: &Node<L>, leaf: &dyn Fn(&L) -> Value) -> Value {
    let all = |members: &[Node<L>]| members.iter().map(|m| spread(m, leaf)).collect::<Vec<_>>();
    match &node.value {
        Tree::Or(members) => json!(["or", all(members)]),
        Tree::And(members) => json!(["and", all(members)]),
        Tree::Not(inner) => json!(["not", spread(inner, leaf)]),
        Tree::Leaf(value) => leaf(value),
    }
}

fn name(literal: &Literal) -> Value {
    if literal.is_null() { Value::Null } else { text(literal, "*").into() }
}

fn text(literal: &Literal, wildcard: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        _ => wildcard.to_owned(),
    };
    literal.pattern().parts().iter().map(piece).collect()
}

/// Decodes Python's notation of a string.
fn python_string(repr: &str) -> String {
    let mut chars = repr[1..repr.len() - 1].chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        text.push(match (c, c == '\\') {
            (_, true) => match chars.next().expect("an escaped character") {
                'n' => '\n',
                'x' => {
                    let digits: String = chars.by_ref().take(2).collect();
                    char::from(u8::from_str_radix(&digits, 16).expect("two digits"))
                }
                c => c,
            },
            (c, false) => c,
        });
    }
    text
}

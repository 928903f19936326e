//! Laws on generated queries and expressions.

use crosswalk::language::lucene::{
    Bound, Clause, Comparison, Decimal, Expression, FieldName, Node, Occur, Query, Term, Wildcard,
    Word, Words, parse, pretty, print,
};
use crosswalk::query::{Order, Part, Pattern};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that are special somewhere in a query string.
const PIECES: &[&str] = &[
    "a",
    "B",
    "é",
    "1",
    ".",
    "?",
    "*",
    "AND",
    "OR",
    "NOT",
    "TO",
    "&&",
    "||",
    "&",
    "|",
    "!",
    "+",
    "-",
    " ",
    "\t",
    "\n",
    "\u{3000}",
    "\u{a0}",
    "\\",
    "\\\\",
    "\"",
    "(",
    ")",
    ":",
    "<",
    ">",
    "=",
    ">=",
    "{",
    "}",
    "[",
    "]",
    "~",
    "~2",
    "^",
    "^2",
    "/",
    "\\/",
    "u",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud83d",
    " AND ",
    " OR ",
    "NOT ",
    "a:1",
    "f:(x OR \"y\")",
    "[1 TO 5]",
    "/r/",
    "\"q\"",
    "😀",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..5).prop_map(|pieces| pieces.concat())
}

fn word() -> impl Strategy<Value = Word> {
    text().prop_filter_map("a word", Word::new)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    select(&["0", "2", "0.8", "12.50"]).prop_filter_map("a number", Decimal::new)
}

fn bound() -> impl Strategy<Value = Bound> {
    (proptest::option::of(text()), any::<bool>())
        .prop_map(|(text, inclusive)| Bound { text, inclusive })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![
        2 => text().prop_map(Part::Literal),
        1 => Just(Part::Any),
        1 => Just(Part::One),
    ];
    vec(part, 1..5).prop_map(Pattern::from_iter)
}

fn term() -> impl Strategy<Value = Term> {
    let orders = [Order::Less, Order::LessOrEqual, Order::GreaterOrEqual, Order::Greater];
    prop_oneof![
        3 => vec(word(), 1..4).prop_filter_map("words", Words::new).prop_map(Term::Words),
        1 => (word(), proptest::option::of(decimal()))
            .prop_map(|(text, distance)| Term::Fuzzy { text, distance }),
        2 => (text(), proptest::option::of(decimal()))
            .prop_map(|(text, slop)| Term::Phrase { text, slop }),
        2 => pattern().prop_filter_map("a wildcard", Wildcard::new).prop_map(Term::Wildcard),
        1 => text().prop_filter_map("an expression", Expression::new).prop_map(Term::Regex),
        1 => (select(orders.to_vec()), text())
            .prop_filter_map("a comparison", |(order, text)| Comparison::new(order, text))
            .prop_map(Term::Compare),
        1 => (bound(), bound()).prop_map(|(from, to)| Term::Range { from, to }),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    term().prop_map(Query::term).prop_recursive(4, 16, 4, |inner| {
        let occur = select(vec![Occur::Must, Occur::Should, Occur::MustNot]);
        let clause = (occur, inner.clone()).prop_map(|(occur, query)| Clause { occur, query });
        prop_oneof![
            3 => vec(clause, 1..5).prop_filter_map("clauses", Query::clauses),
            2 => (text(), inner.clone()).prop_filter_map("a name", |(name, query)| {
                (!name.is_empty()).then(|| Query::field(FieldName::new(&name), query))
            }),
            1 => (inner, decimal()).prop_map(|(query, factor)| {
                Node::Boosted { query: Box::new(query), factor }.into()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in query(), width in 0_usize..60) {
        let line = print(&query);
        prop_assert_eq!(parse(&line), Ok(query.clone()), "{}", line);
        let lines = pretty(&query, width);
        prop_assert_eq!(parse(&lines), Ok(query), "{}", lines);
    }

    #[test]
    fn no_text_makes_anything_panic(
        text in prop_oneof![vec(select(PIECES), 0..20).prop_map(|p| p.concat()), any::<String>()],
    ) {
        match parse(&text) {
            Ok(query) => prop_assert_eq!(parse(&print(&query)), Ok(query)),
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(text.get(error.span.start..error.span.end).is_some());
                }
            }
        }
    }
}

//! Laws on generated queries and expressions.

use crosswalk::language::lucene::{
    Bound, Clause, Comparison, Decimal, Expression, FieldName, Lucene, Node, Occur, Query, Term,
    Wildcard, Word, Words,
};
use crosswalk::query::{Cidr, Op, Order, Part, Pattern, Regex, Test};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::common::laws;
use super::fields::Fields;

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
    laws::texts(PIECES, 5)
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
        laws::reads_back::<Lucene>(&query, width)?;
    }

    #[test]
    fn no_text_makes_anything_panic(text in prop_oneof![laws::texts(PIECES, 20), any::<String>()]) {
        laws::survives::<Lucene>(&text, &Fields)?;
    }
}

const FIELDS: &[&str] = &["key", "key2", "constant", "text", "flat"];

/// Short texts over few characters, so that patterns and values meet.
fn short() -> impl Strategy<Value = String> {
    vec(select(&["a", "A", "b", " ", ".", "/", "\\", "AND", "*"]), 0..3)
        .prop_map(|pieces| pieces.concat())
}

fn test() -> impl Strategy<Value = Test> {
    let matches =
        (select(FIELDS), laws::matches(short())).prop_map(|(field, op)| Test::field(field, op));
    let regex = (select(&["a", "^a", "A.b$", "^[ab]+$", "(a|b)/", r"\\"]), select(&["", "i"]))
        .prop_map(|(source, flags)| Regex::new(source, flags).expect("a regular expression"))
        .prop_map(|regex| Test::field("key", Op::Regex(regex)));
    let words = vec(select(&["a", "b"]), 1..3)
        .prop_map(|words| Op::Words(words.into_iter().map(str::to_owned).collect()))
        .prop_map(|op| Test::field("text", op));
    let present = select(FIELDS).prop_map(|field| Test::field(field, Op::Exists));
    let network = (select(&["ip", "key"]), select(&["10.0.0.0/8", "10.0.0.0/9", "10.0.0.1"]))
        .prop_map(|(field, net)| Test::field(field, Op::Cidr(Cidr::parse(net).expect("a net"))));
    prop_oneof![6 => matches, 2 => regex, 1 => words, 1 => present, 1 => network]
}

fn event() -> impl Strategy<Value = Value> {
    let value = prop_oneof![short(), select(&["a", "A", "b", "10.0.0.1"]).prop_map(String::from)];
    let fields = vec((select(FIELDS), vec(value, 1..3)), 0..4);
    let address = vec(select(&["10.0.0.1", "10.200.0.1", "fe80::1"]), 0..2);
    (fields, address).prop_map(|(fields, addresses)| {
        let mut event: serde_json::Map<String, Value> =
            fields.into_iter().map(|(field, values)| (field.to_owned(), json!(values))).collect();
        // Constants are spelt in one way.
        if event.contains_key("constant") {
            event.insert("constant".to_owned(), json!("Yes"));
        }
        if !addresses.is_empty() {
            event.insert("ip".to_owned(), json!(addresses));
        }
        event.into()
    })
}

proptest! {
    #[test]
    fn raised_expressions_keep_what_they_promise(
        expr in laws::expressions(test()),
        events in vec(event(), 20),
    ) {
        laws::keeps_its_promise::<Lucene>(&expr, &events, &Fields)?;
    }
}

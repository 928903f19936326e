//! Laws on generated queries and expressions.

use std::collections::BTreeMap;

use crosswalk::language::kql::{Bound, Clause, Kql, Literal, Node, Tree};
use crosswalk::query::{Case, FieldFacts, FieldPath, FieldType, Op, Part, Pattern, Schema, Test};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::common::laws;

/// Pieces that are special somewhere in KQL.
const PIECES: &[&str] = &[
    "a",
    "B",
    "é",
    "1",
    ".",
    "?",
    "or",
    "and",
    "not",
    "NOT",
    "cannot",
    "null",
    "true",
    " ",
    "  ",
    "\t",
    "\n",
    "\u{a0}",
    "\u{2003}",
    "\u{feff}",
    "\u{85}",
    "\\",
    "\\\\",
    "\"",
    "*",
    "(",
    ")",
    ":",
    "<",
    ">=",
    "{",
    "}",
    " or ",
    " and ",
    "not ",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud83d",
    "a:1",
    "f:(x or \"y\")",
    "n:{ x:1 }",
    "\"q\"",
    "😀",
];

fn pieces(most: usize) -> impl Strategy<Value = String> {
    laws::texts(PIECES, most)
}

fn literal() -> impl Strategy<Value = Literal> {
    let wild = vec(prop_oneof![Just(Part::Any), pieces(4).prop_map(Part::Literal)], 0..4)
        .prop_filter_map("a literal without quotes", |parts| {
            Literal::unquoted(Pattern::from_iter(parts))
        });
    let bare = pieces(5).prop_filter_map("a literal without quotes", |text| {
        Literal::unquoted(Pattern::literal(text))
    });
    prop_oneof![pieces(5).prop_map(Literal::quoted), bare, wild, Just(Literal::null())]
}

fn tree<L: Clone + std::fmt::Debug + 'static>(
    leaf: impl Strategy<Value = L> + 'static,
) -> impl Strategy<Value = Node<L>> {
    leaf.prop_map(Node::leaf).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|members| Tree::Or(members).into()),
            vec(inner.clone(), 2..4).prop_map(|members| Tree::And(members).into()),
            inner.prop_map(|inner| Tree::Not(Box::new(inner)).into()),
        ]
    })
}

fn bound() -> impl Strategy<Value = Bound> {
    select(&[Bound::Less, Bound::LessOrEqual, Bound::GreaterOrEqual, Bound::Greater])
}

fn clause() -> impl Strategy<Value = Clause> {
    let is = || {
        (literal(), tree(literal()))
            .prop_map(|(field, values)| Clause::Is { field: field.into(), values })
    };
    let range = (literal(), bound(), literal()).prop_map(|(field, bound, literal)| Clause::Range {
        field: field.into(),
        bound,
        literal: literal.into(),
    });
    let nested = (literal(), tree(is()))
        .prop_map(|(path, query)| Clause::Nested { path: path.into(), query: Box::new(query) });
    prop_oneof![4 => is(), 1 => range, 1 => nested]
}

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in tree(clause()), width in 0_usize..60) {
        laws::reads_back::<Kql>(&query, width)?;
    }

    #[test]
    fn no_text_makes_anything_panic(text in prop_oneof![pieces(20), any::<String>()]) {
        laws::survives::<Kql>(&text, &Mixed)?;
    }

    #[test]
    fn raised_expressions_keep_what_they_promise(
        expr in laws::expressions(test()),
        events in vec(event(), 20),
    ) {
        laws::keeps_its_promise::<Kql>(&expr, &events, &Mixed)?;
    }
}

/// Fields of four kinds.
struct Mixed;

impl Schema for Mixed {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "text" => FieldType::Text,
            "ip" => FieldType::Ip,
            "flat" => FieldType::Flattened,
            _ => FieldType::Keyword,
        };
        FieldFacts { kind, never_null: true, ..FieldFacts::default() }
    }
}

const FIELDS: &[&str] = &["key", "key2", "text", "flat"];

/// Short texts over few characters, so that patterns and values meet.
fn text() -> impl Strategy<Value = String> {
    vec(select(&["a", "A", "b", " ", ".", "or", "not"]), 0..3).prop_map(|pieces| pieces.concat())
}

fn test() -> impl Strategy<Value = Test> {
    let matches =
        (select(FIELDS), laws::matches(text())).prop_map(|(field, op)| Test::field(field, op));
    let words = vec(select(&["a", "b", "or"]), 1..3)
        .prop_map(|words| Op::Words(words.into_iter().map(str::to_owned).collect()))
        .prop_map(|op| Test::field("text", op));
    let present = (select(FIELDS), select(&[Op::Exists, Op::Null]))
        .prop_map(|(field, op)| Test::field(field, op));
    let octets = select(&["10.*", "10.0.*", "10.0.0.1"]).prop_map(|text| {
        let part = |c| if c == '*' { Part::Any } else { Part::Literal(String::from(c)) };
        let pattern = text.chars().map(part).collect();
        Test::field("ip", Op::Matches { pattern, case: Case::Sensitive })
    });
    // Exact tests of one field, to have many that may be put together.
    let exact = select(&["a", "A", "b"]).prop_map(|text| Test::field("key", Op::is(text)));
    prop_oneof![4 => exact, 4 => matches, 1 => words, 1 => present, 1 => octets]
}

fn event() -> impl Strategy<Value = Value> {
    let texts = (
        select(FIELDS),
        vec(prop_oneof![text(), select(&["a", "A", "b"]).prop_map(String::from)], 1..3),
    )
        .prop_map(|(field, texts)| (field, texts));
    let address = vec(select(&["10.0.0.1", "10.1.0.1", "fe80::1"]), 0..2);
    (vec(texts, 0..4), address).prop_map(|(fields, addresses)| {
        let mut event: BTreeMap<&str, Value> = BTreeMap::new();
        for (field, texts) in fields {
            event.insert(field, json!(texts));
        }
        if !addresses.is_empty() {
            event.insert("ip", json!(addresses));
        }
        json!(event)
    })
}

//! Laws on generated queries and expressions.

use crosswalk::language::esql::{Esql, lower, raise};
use crosswalk::query::{
    Affix, Case, Cidr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Schema, Test,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::common::laws;
use super::trees::{pieces, query};

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in query(), width in 0_usize..80) {
        laws::reads_back::<Esql>(&query, width)?;
    }

    #[test]
    fn no_text_makes_anything_panic(text in prop_oneof![pieces(30), any::<String>()]) {
        laws::survives::<Esql>(&text, &Mixed)?;
        laws::survives::<Esql>(&format!("FROM a | WHERE {text}"), &Mixed)?;
    }

    #[test]
    fn lowering_generated_trees_never_panics(query in query()) {
        if let Ok(meaning) = lower(&query, &Mixed) {
            let _ = raise(&meaning.value, &Mixed);
        }
    }

    #[test]
    fn raised_expressions_keep_what_they_promise(
        expr in laws::expressions(test()),
        events in vec(event(), 20),
    ) {
        laws::keeps_its_promise::<Esql>(&expr, &events, &Mixed)?;
    }
}

/// Fields of several kinds.
struct Mixed;

impl Schema for Mixed {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "ip" => FieldType::Ip,
            "flat" => FieldType::Flattened,
            "number" => FieldType::Number,
            _ => FieldType::Keyword,
        };
        FieldFacts { kind, never_null: true, ..FieldFacts::default() }
    }
}

const FIELDS: &[&str] = &["key", "key2", "flat"];

/// Short texts over few characters, so that patterns and values meet.
fn short() -> impl Strategy<Value = String> {
    vec(select(&["a", "A", "b", "*", "\\", "\""]), 0..3).prop_map(|pieces| pieces.concat())
}

fn test() -> impl Strategy<Value = Test> {
    let case = || select(&[Case::Sensitive, Case::Insensitive]);
    let matches =
        (select(FIELDS), laws::matches(short())).prop_map(|(field, op)| Test::field(field, op));
    let present = (select(FIELDS), select(&[Op::Exists, Op::Null]))
        .prop_map(|(field, op)| Test::field(field, op));
    let network = select(&["10.0.0.0/8", "10.0.0.1/32", "fe80::/10"])
        .prop_map(|text| Test::field("ip", Op::Cidr(Cidr::parse(text).expect("a network"))));
    let compare = (
        select(&["number", "key"]),
        select(&[Order::Less, Order::Equal, Order::GreaterOrEqual]),
        select(&[-1.5, 0.0, 7.0]),
    )
        .prop_map(|(field, order, number)| {
            let number = Number::new(number).expect("finite");
            Test::field(field, Op::Compare { order, number })
        });
    let affix = select(&[Affix::Whole, Affix::Start, Affix::End, Affix::Within]);
    let fields = (affix, case()).prop_map(|(affix, case)| {
        Test::field("key", Op::Field { other: "key2".into(), affix, case })
    });
    let exact = select(&["a", "A", "b"]).prop_map(|text| Test::field("key", Op::is(text)));
    prop_oneof![
        4 => exact, 4 => matches, 1 => present, 1 => network, 1 => compare, 1 => fields
    ]
}

/// Events with one value a field, as ES|QL is assumed to meet.
fn event() -> impl Strategy<Value = Value> {
    let value = || {
        prop_oneof![
            3 => short().prop_map(Value::from),
            1 => select(&["7", "-1.5", "a", "A"]).prop_map(Value::from),
        ]
    };
    let address = select(&["10.0.0.1", "10.1.0.1", "fe80::1", "192.0.2.1"]);
    let number = select(&[-1.5, 0.0, 3.0, 7.0]);
    (
        option::of(value()),
        option::of(value()),
        option::of(value()),
        option::of(address),
        option::of(number),
    )
        .prop_map(|(key, key2, flat, ip, number)| {
            let fields = [
                ("key", key),
                ("key2", key2),
                ("flat", flat),
                ("ip", ip.map(Value::from)),
                ("number", number.map(|number| json!(number))),
            ];
            let present =
                fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            present.collect::<serde_json::Map<_, _>>().into()
        })
}

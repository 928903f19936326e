//! Laws on generated queries and expressions.

use crosswalk::language::esql::{lower, parse, pretty, print, raise};
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Part,
    Pattern, Schema, Test,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::trees::{pieces, query};

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in query(), width in 0_usize..80) {
        let line = print(&query);
        prop_assert_eq!(parse(&line), Ok(query.clone()), "{}", line);
        let lines = pretty(&query, width);
        prop_assert_eq!(parse(&lines), Ok(query), "{}", lines);
    }

    #[test]
    fn no_text_makes_anything_panic(text in prop_oneof![pieces(30), any::<String>()]) {
        for text in [text.clone(), format!("FROM a | WHERE {text}")] {
            match parse(&text) {
                Ok(query) => {
                    prop_assert_eq!(parse(&print(&query)), Ok(query.clone()));
                    if let Ok(meaning) = lower(&query, &Mixed) {
                        let _ = raise(&meaning.value, &Mixed);
                    }
                }
                Err(errors) => {
                    prop_assert!(!errors.is_empty());
                    for error in errors {
                        prop_assert!(text.get(error.span.start..error.span.end).is_some());
                    }
                }
            }
        }
    }

    #[test]
    fn lowering_generated_trees_never_panics(query in query()) {
        if let Ok(meaning) = lower(&query, &Mixed) {
            let _ = raise(&meaning.value, &Mixed);
        }
    }

    #[test]
    fn raised_expressions_keep_what_they_promise(expr in expr(), events in vec(event(), 20)) {
        let Ok(raised) = raise(&expr.clone().into(), &Mixed) else { return Ok(()) };
        let text = print(&raised.value);
        let again = lower(&parse(&text).expect("ES|QL"), &Mixed).expect("a meaning").value;
        let again = again.as_match().cloned().expect("single events");
        for event in events {
            let (before, after) = (expr.eval(&event), again.eval(&event));
            let narrower = raised.losses.iter().any(|loss| loss.effect != Effect::Wider);
            let wider = raised.losses.iter().any(|loss| loss.effect != Effect::Narrower);
            prop_assert!(before <= after || narrower, "{} lost {}", text, event);
            prop_assert!(after <= before || wider, "{} gained {}", text, event);
        }
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

fn test() -> impl Strategy<Value = Expr> {
    let part = prop_oneof![
        3 => short().prop_map(Part::Literal),
        2 => Just(Part::Any),
        1 => Just(Part::One),
    ];
    let pattern = vec(part, 0..4).prop_map(Pattern::from_iter);
    let case = || select(&[Case::Sensitive, Case::Insensitive]);
    let matches = (select(FIELDS), pattern, case())
        .prop_map(|(field, pattern, case)| Test::field(field, Op::Matches { pattern, case }));
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
    .prop_map(Expr::from)
    .prop_flat_map(|test| select(vec![test.clone(), test.negated()]))
}

fn expr() -> impl Strategy<Value = Expr> {
    test().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Expr::any_of),
            vec(inner.clone(), 0..4).prop_map(Expr::all),
            inner.clone().prop_map(Expr::negated),
            vec(inner, 1..3).prop_map(Expr::Or),
        ]
    })
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

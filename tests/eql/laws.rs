//! Generated expressions, raised and read again.

use std::collections::BTreeMap;

use crosswalk::language::eql::{lower, parse, pretty, print, raise};
use crosswalk::query::{
    Affix, Case, Expr, FieldFacts, FieldPath, FieldType, Meaning, Number, Op, Order, Regex, Schema,
    Test,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::common::laws;

proptest! {
    #[test]
    fn raised_expressions_hold_on_the_same_events(
        expr in laws::expressions(test()),
        events in vec(document(), 20),
    ) {
        let meaning = Meaning::Match(expr.clone());
        let Ok(raised) = raise(&meaning, &Mixed) else { return Ok(()) };
        prop_assert_eq!(&raised.losses, &[]);
        let text = print(&raised.value);
        let again = lower(&parse(&text).expect("EQL"), &Mixed).expect("a meaning").value;
        let again = again.as_match().expect("a query for single events");
        // Two fields that are equal are compared by their starts, which is exact for single values.
        let exact = raised.assumptions.iter().all(|a| a.code != "single-valued");
        for event in events.iter().filter(|event| exact || is_single(event)) {
            prop_assert_eq!(expr.eval(event), again.eval(event), "{} on {}", text, event);
        }
        let twice = raise(&Meaning::Match(again.clone()), &Mixed).expect("a query");
        let last = lower(&twice.value, &Mixed).expect("a meaning").value;
        let last = last.as_match().expect("a query for single events");
        for event in &events {
            prop_assert_eq!(again.eval(event), last.eval(event), "{}", print(&twice.value));
        }
    }
}

fn is_single(event: &Value) -> bool {
    let fields = event.as_object().into_iter().flat_map(|event| event.values());
    fields.into_iter().all(|value| value.as_array().is_none_or(|values| values.len() < 2))
}

/// Fields of two kinds.
pub(crate) struct Mixed;

impl Schema for Mixed {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let number = field.as_str() == "number";
        let kind = if number { FieldType::Number } else { FieldType::Keyword };
        FieldFacts { kind, never_null: true, ..FieldFacts::default() }
    }
}

const FIELDS: &[&str] = &["key", "key2"];

/// Short texts over few characters, so that patterns and values meet.
fn text() -> impl Strategy<Value = String> {
    vec(select(&["a", "A", "b", " ", "*", "?", "."]), 0..3).prop_map(|pieces| pieces.concat())
}

fn test() -> impl Strategy<Value = Test> {
    let case = select(&[Case::Sensitive, Case::Insensitive]);
    let affix = select(&[Affix::Whole, Affix::Start, Affix::End, Affix::Within]);
    let op = prop_oneof![
        4 => laws::matches(text()),
        4 => text().prop_map(|text| Op::is(&text)),
        1 => select(&["^a", "b$", "a.b", "^(a|b)+$", r"\s", "[^a]"])
            .prop_map(|source| Op::Regex(Regex::new(source, "").expect("an expression"))),
        2 => select(&[Op::Exists, Op::Exists, Op::Null]),
        1 => (affix, case).prop_map(|(affix, case)| Op::Field {
            other: "key2".into(),
            affix,
            case
        }),
    ];
    let text = (select(FIELDS), op).prop_map(|(field, op)| Test::field(field, op));
    use Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
    let order = select(&[Less, LessOrEqual, Equal, GreaterOrEqual, Greater]);
    let compare = (order, -2_i32..3).prop_map(|(order, number)| {
        let number = Number::new(f64::from(number)).expect("finite");
        Test::field("number", Op::Compare { order, number })
    });
    prop_oneof![5 => text, 1 => compare]
}

fn document() -> impl Strategy<Value = Value> {
    let texts = (select(FIELDS), vec(text(), 1..3));
    (vec(texts, 0..3), option::of(-3_i32..4)).prop_map(|(fields, number)| {
        let mut event: BTreeMap<&str, Value> = BTreeMap::new();
        for (field, texts) in fields {
            event.insert(field, json!(texts));
        }
        event.extend(number.map(|number| ("number", json!(number))));
        json!(event)
    })
}

#[test]
fn large_expressions_take_no_longer_than_they_are_long() {
    let fields = (0..5_000).map(|index| format!("f{index}"));
    let tests: Vec<Expr> =
        fields.map(|field| Test::field(field.as_str(), Op::is("a")).into()).collect();
    for expr in [
        Expr::any_of(tests.clone()),
        Expr::any_of(tests.clone()).negated(),
        Expr::all(tests.clone()).negated(),
        Expr::any_of((0..5_000).map(|text| Test::field("f", Op::is(&text.to_string())).into())),
    ] {
        let raised = raise(&Meaning::Match(expr), &Mixed).expect("a query");
        let text = pretty(&raised.value, 100);
        assert!(lower(&parse(&text).expect("EQL"), &Mixed).is_ok());
    }
}

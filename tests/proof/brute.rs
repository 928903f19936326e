//! A small world in which everything can be tried: two fields, short texts.

use crosswalk::query::{
    Affix, Case, Cidr, Expr, Number, Op, Order, Regex, Subject, Test, TimePart,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::common::expressions::glob;
use super::common::laws::expressions;

/// Values of which a field holds none, one or two.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!({}),
        json!(""),
        json!("a"),
        json!("A"),
        json!("b"),
        json!("ab"),
        json!("a b"),
        json!("1"),
        json!("2.0"),
        json!("10.0.0.1"),
        json!("2024-05-06T07:08:09Z"),
    ]
}

/// Every event of the world, with one value a field or with two.
pub(crate) fn events(several: bool) -> Vec<Value> {
    let mut fillings: Vec<Option<Value>> = vec![None];
    let values = values();
    for (at, one) in values.iter().enumerate() {
        fillings.push(Some(one.clone()));
        if several {
            fillings.extend(values[at + 1..].iter().map(|other| Some(json!([one, other]))));
        }
    }
    let mut events = Vec::new();
    for f in &fillings {
        for g in &fillings {
            let members = [("f", f), ("g", g)].into_iter();
            let members =
                members.filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
            events.push(Value::Object(members.collect::<Map<_, _>>()));
        }
    }
    events
}

fn ops() -> impl Strategy<Value = Op> {
    let patterns =
        ["a", "A", "b", "ab", "", "*", "a*", "*b", "*a*", "?", "a?b", "*1*", "2*", "1?.*"];
    let case = select(&[Case::Sensitive, Case::Insensitive]);
    let matches = (select(patterns.to_vec()), case)
        .prop_map(|(pattern, case)| Op::Matches { pattern: glob(pattern), case });
    let regex = select(&["^a", "b$", "^[ab]+$", "^a?$", "\\ba\\b", "^(a|ab)$", "[0-9]", "(?=a)"])
        .prop_map(|source| Op::Regex(Regex::new(source, "i").expect("an expression")));
    let order = select(&[
        Order::Less,
        Order::LessOrEqual,
        Order::Equal,
        Order::GreaterOrEqual,
        Order::Greater,
    ]);
    let compare = (order, select(&[1.0, 2.0])).prop_map(|(order, number)| Op::Compare {
        order,
        number: Number::new(number).expect("finite"),
    });
    let cidr = select(&["10.0.0.0/8", "10.0.0.0/31", "::/0"])
        .prop_map(|text| Op::Cidr(Cidr::parse(text).expect("a network")));
    let words = select(&["a", "b", "a b"])
        .prop_map(|text| Op::Words(text.split(' ').map(str::to_owned).collect()));
    let time = select(&[5.0, 6.0]).prop_map(|number| Op::Time {
        part: TimePart::Month,
        order: Order::Less,
        number: Number::new(number).expect("finite"),
    });
    prop_oneof![
        6 => matches,
        2 => Just(Op::Exists),
        1 => Just(Op::Null),
        2 => regex,
        2 => compare,
        1 => cidr,
        1 => words,
        1 => time,
    ]
}

/// Tests of two fields and, now and then, of the whole event or of one field by the other.
pub(crate) fn tests() -> impl Strategy<Value = Test> {
    let same = Op::Field { other: "g".into(), affix: Affix::Whole, case: Case::Sensitive };
    prop_oneof![
        20 => (select(&["f", "g"]), ops()).prop_map(|(field, op)| Test::field(field, op)),
        2 => ops().prop_map(|op| Test { subject: Subject::Event, op }),
        1 => Just(Test::field("f", same)),
    ]
}

pub(crate) fn small() -> impl Strategy<Value = Expr> {
    expressions(tests())
}

/// Two expressions that share most of their tests.
pub(crate) fn pairs() -> impl Strategy<Value = (Expr, Expr)> {
    vec(tests(), 1..5)
        .prop_flat_map(|tests| (expressions(select(tests.clone())), expressions(select(tests))))
}

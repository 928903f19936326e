//! Laws on generated queries, texts and expressions.

use crosswalk::language::eql::{
    Arithmetic, Category, Comparison, Eql, Event, Expression, Field, Form, Function, Literal,
    Located, Lookup, MaxSpan, Node, Pipe, Query, Sample, Sequence, Step, Unit, lower,
};
use crosswalk::query::Number;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::common::laws;
use super::laws::Mixed;

/// Pieces that are special somewhere in EQL.
const PIECES: &[&str] = &[
    "a",
    "B",
    "é",
    "1",
    "1.5",
    ".",
    "?",
    "or",
    "and",
    "not",
    "in",
    "in~",
    "like~",
    "regex",
    "any",
    "where",
    "sequence",
    "sample",
    "by",
    "with",
    "maxspan=",
    "runs=2",
    "until",
    "null",
    "true",
    " ",
    "\n",
    "\t",
    "\\",
    "\"",
    "\"\"\"",
    "'",
    "`",
    "*",
    "(",
    ")",
    "[",
    "]",
    "![",
    ",",
    ":",
    "==",
    "=",
    "!=",
    "<",
    ">=",
    "+",
    "-",
    "/",
    "%",
    "|",
    "//",
    "/*",
    "*/",
    " or ",
    " and ",
    "not ",
    "\\u{41}",
    "any where ",
    "f == \"x\"",
    "f : (\"x\", \"y\")",
    "length(f)",
    "5m",
    "head 5",
    "😀",
];

fn pieces(most: usize) -> impl Strategy<Value = String> {
    laws::texts(PIECES, most)
}

fn field() -> impl Strategy<Value = Field> {
    let name = prop_oneof![
        4 => select(&["a", "process", "@timestamp", "by", "x y", "1a", "a`b", "any", "é"])
            .prop_map(str::to_owned),
        1 => pieces(3).prop_filter("a name is not empty", |name| !name.is_empty()),
    ];
    (any::<bool>(), vec(name, 1..4))
        .prop_map(|(optional, names)| Field { optional, path: names.join(".") })
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        4 => pieces(5).prop_map(Literal::Text),
        1 => (-1000_i64..1000).prop_map(Literal::Integer),
        1 => select(&[0.5, -2.0, 1e300, 1e-7, 3.0])
            .prop_map(|number| Literal::Decimal(Number::new(number).expect("finite"))),
        1 => any::<bool>().prop_map(Literal::Boolean),
        1 => Just(Literal::Null),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    select(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn operator() -> impl Strategy<Value = Arithmetic> {
    use Arithmetic::{Add, Divide, Modulo, Multiply, Subtract};
    select(&[Add, Subtract, Multiply, Divide, Modulo])
}

fn lookup() -> impl Strategy<Value = Lookup> {
    use Lookup::{In, InAnyCase, Is, Like, LikeAnyCase, NotIn, NotInAnyCase, Regex, RegexAnyCase};
    select(&[Is, In, InAnyCase, NotIn, NotInAnyCase, Like, LikeAnyCase, Regex, RegexAnyCase])
}

fn expression() -> impl Strategy<Value = Node> {
    let leaf =
        prop_oneof![literal().prop_map(Expression::Literal), field().prop_map(Expression::Field),];
    leaf.prop_map(Node::from).prop_recursive(4, 24, 3, |inner| {
        let list = vec(literal().prop_map(|l| Expression::Literal(l).into()), 1..4);
        let pair = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        let call = (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(one, other, folds)| {
            let function = if folds { Function::EndsWith } else { Function::CidrMatch };
            Expression::Call { function, insensitive: folds, arguments: vec![one, other] }
        });
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Expression::Or),
            vec(inner.clone(), 2..4).prop_map(Expression::And),
            inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
            inner.clone().prop_map(|inner| Expression::Negative(Box::new(inner))),
            (pair(), comparison()).prop_map(|((left, right), operator)| Expression::Compare {
                left,
                operator,
                right
            }),
            (pair(), operator()).prop_map(|((left, right), operator)| Expression::Arithmetic {
                left,
                operator,
                right
            }),
            (inner.clone().prop_map(Box::new), lookup(), list)
                .prop_map(|(value, operator, list)| Expression::Among { value, operator, list }),
            call,
        ]
        .prop_map(Node::from)
        // A sign directly before a numeral belongs to it.
        .prop_filter("no sign before a numeral", |node| match &node.value {
            Expression::Negative(inner) => !matches!(
                &inner.value,
                Expression::Literal(Literal::Integer(_) | Literal::Decimal(_))
            ),
            _ => true,
        })
    })
}

fn event() -> impl Strategy<Value = Event> {
    let category = prop_oneof![
        Just(Category::Any),
        select(&["process", "any", "my category", "sequence", "1"]).prop_map(Category::named),
    ];
    (category, expression()).prop_map(|(category, condition)| Event::new(category, condition))
}

fn keys() -> impl Strategy<Value = Vec<Located<Field>>> {
    vec(field().prop_map(Located::from), 0..3)
}

fn step() -> impl Strategy<Value = Located<Step>> {
    let runs = option::of((1_u32..9).prop_map(Located::from));
    (any::<bool>(), event(), keys(), runs)
        .prop_map(|(missing, event, by, runs)| Step { missing, event, by, runs }.into())
}

fn query() -> impl Strategy<Value = Query> {
    let units = [Unit::Millisecond, Unit::Second, Unit::Minute, Unit::Hour, Unit::Day];
    let span = (0_u64..99, select(units.to_vec()))
        .prop_map(|(count, unit)| Located::from(MaxSpan { count, unit }));
    let sequence = (keys(), span, vec(step(), 1..3), option::of(step())).prop_map(
        |(by, span, steps, until)| {
            Form::Sequence(Sequence { by, max_span: Some(span), steps, until })
        },
    );
    let sample =
        (keys(), vec(step(), 1..3)).prop_map(|(by, steps)| Form::Sample(Sample { by, steps }));
    let form = prop_oneof![4 => event().prop_map(Form::Event), 2 => sequence, 1 => sample];
    let pipe = prop_oneof![(0_u64..9).prop_map(Pipe::Head), (0_u64..9).prop_map(Pipe::Tail)];
    let comments = vec(select(&["", "a", "b /* c", "*", "d // e"]).prop_map(String::from), 0..3);
    (comments, form, vec(pipe.prop_map(Located::from), 0..2))
        .prop_map(|(comments, form, pipes)| Query { comments, form, pipes })
}

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in query(), width in 0_usize..90) {
        laws::reads_back::<Eql>(&query, width)?;
        let _ = lower(&query, &Mixed);
    }

    #[test]
    fn no_text_makes_anything_panic(
        text in prop_oneof![
            pieces(24),
            pieces(16).prop_map(|text| format!("any where {text}")),
            pieces(12).prop_map(|text| format!("sequence [any where {text}] [any where true]")),
            any::<String>(),
        ],
    ) {
        laws::survives::<Eql>(&text, &Mixed)?;
    }
}

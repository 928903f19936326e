//! Laws on generated queries and expressions.

use crosswalk::language::esql::{Aggregate, Assignment, Renaming, SortKey};
use crosswalk::language::esql::{
    Arithmetic, Comparison, Expression, Name, NamePattern, Node, lower, parse, pretty, print, raise,
};
use crosswalk::language::esql::{Command, FromItem, Indices, Query, Source, Stage, Stats};
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, FieldType, Number, Op, Order, Part,
    Pattern, Schema, Test,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Pieces that are special somewhere in ES|QL.
const PIECES: &[&str] = &[
    "FROM a",
    "from a metadata _id",
    " | ",
    "|",
    "WHERE ",
    "where",
    "EVAL ",
    "x = ",
    "STATS ",
    "COUNT(*)",
    " BY ",
    "KEEP ",
    "SORT ",
    " DESC",
    "LIMIT ",
    "RENAME ",
    " AS ",
    "DISSECT ",
    "GROK ",
    "FORK (",
    "ENRICH p",
    "LOOKUP JOIN i ON ",
    "MV_EXPAND ",
    "COMPLETION ",
    " WITH {",
    "}",
    "a",
    "B.c",
    "é",
    "`x y`",
    "`",
    "1",
    "2.5",
    "1 day",
    "\"q\"",
    "\"",
    "\"\"\"",
    "\\",
    "*",
    "?",
    "?p",
    ".",
    ",",
    ":",
    "::",
    "::long",
    "(",
    ")",
    "[",
    "]",
    "{",
    " ",
    "\n",
    "// c\n",
    "/*",
    "*/",
    "=",
    "==",
    "!=",
    "<",
    ">=",
    "+",
    "-",
    "/",
    "%",
    " and ",
    " OR ",
    "not ",
    " in ",
    " IN (",
    " like ",
    " RLIKE ",
    " is null",
    " IS NOT NULL",
    "null",
    "true",
    "TO_LOWER(",
    "CASE(",
    "KQL(\"a:b\")",
    "😀",
];

fn pieces(most: usize) -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..most).prop_map(|pieces| pieces.concat())
}

fn name() -> impl Strategy<Value = Name> {
    let plain =
        select(&["a", "b.c", "@timestamp", "in", "x.by", "Esql.count", "where", "a b", "é"])
            .prop_map(str::to_owned);
    prop_oneof![4 => plain, 1 => pieces(3)].prop_filter_map("a name", Name::new)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![pieces(3), any::<String>()]
}

fn leaf() -> impl Strategy<Value = Expression> {
    prop_oneof![
        3 => name().prop_map(Expression::Name),
        2 => text().prop_map(Expression::Text),
        1 => select(&["0", "12", "1.5", ".5", "1e3", "2.E-1"])
            .prop_map(|number| Expression::Number(number.to_owned())),
        1 => any::<bool>().prop_map(Expression::Boolean),
        1 => Just(Expression::Null),
        1 => select(&["", "x", "1"]).prop_map(|name| Expression::Parameter(name.to_owned())),
        1 => (select(&["1", "30"]), select(&["day", "minutes", "ms"])).prop_map(|(amount, unit)| {
            Expression::Timespan { amount: amount.to_owned(), unit: unit.to_owned() }
        }),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    select(&[
        Comparison::NotEqual,
        Comparison::Is(Order::Equal),
        Comparison::Is(Order::Less),
        Comparison::Is(Order::GreaterOrEqual),
    ])
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_map(Node::from).prop_recursive(4, 24, 3, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || vec(inner.clone(), 2..4);
        let pattern = vec(text().prop_map(|text| Node::from(Expression::Text(text))), 1..3);
        let sums = select(&[Arithmetic::Add, Arithmetic::Subtract]);
        let products = select(&[Arithmetic::Multiply, Arithmetic::Divide, Arithmetic::Modulo]);
        let chain =
            |rest| (boxed(), rest).prop_map(|(first, rest)| Expression::Arithmetic { first, rest });
        prop_oneof![
            several().prop_map(Expression::Or),
            several().prop_map(Expression::And),
            boxed().prop_map(Expression::Not),
            (boxed(), comparison(), boxed()).prop_map(|(left, comparison, right)| {
                Expression::Compare { left, comparison, right }
            }),
            (boxed(), any::<bool>(), several()).prop_map(|(value, negated, list)| Expression::In {
                value,
                negated,
                list
            }),
            (boxed(), any::<bool>(), any::<bool>(), pattern).prop_map(
                |(value, negated, regex, patterns)| {
                    Expression::Like { value, negated, regex, patterns }
                }
            ),
            (boxed(), any::<bool>())
                .prop_map(|(value, negated)| Expression::IsNull { value, negated }),
            (boxed(), boxed()).prop_map(|(field, query)| Expression::Match { field, query }),
            chain(vec((sums, inner.clone()), 1..3).boxed()),
            chain(vec((products, inner.clone()), 1..3).boxed()),
            boxed().prop_map(Expression::Negative),
            (boxed(), vec(select(&["long", "string"]).prop_map(str::to_owned), 1..3))
                .prop_map(|(value, to)| Expression::Cast { value, to }),
            (select(&["COUNT", "TO_LOWER", "FIRST", "CASE"]), vec(inner.clone(), 0..3)).prop_map(
                |(name, arguments)| {
                    Expression::Call { name: name.to_owned(), arguments, options: None }
                }
            ),
            several().prop_map(Expression::List),
        ]
        .prop_map(Node::from)
    })
}

fn assignment() -> impl Strategy<Value = Assignment> {
    (option::of(name()), node())
        .prop_map(|(name, value)| Assignment { name: name.map(Into::into), value })
}

fn aggregate() -> impl Strategy<Value = Aggregate> {
    (assignment(), option::of(node())).prop_map(|(assignment, filter)| Aggregate {
        name: assignment.name,
        value: assignment.value,
        filter,
    })
}

fn pattern() -> impl Strategy<Value = NamePattern> {
    let part = prop_oneof![Just(Part::Any), pieces(2).prop_map(Part::Literal)];
    vec(part, 1..4)
        .prop_filter_map("a pattern", |parts| NamePattern::new(parts.into_iter().collect()))
}

fn command() -> impl Strategy<Value = Command> {
    let patterns = || vec(pattern().prop_map(Into::into), 1..3);
    prop_oneof![
        4 => node().prop_map(Command::Where),
        1 => vec(assignment(), 1..3).prop_map(Command::Eval),
        1 => patterns().prop_map(Command::Keep),
        1 => patterns().prop_map(Command::Drop),
        1 => (name(), name()).prop_map(|(old, new)| {
            Command::Rename(vec![Renaming { old: old.into(), new: new.into() }])
        }),
        1 => (any::<bool>(), vec(aggregate(), 1..3), vec(assignment(), 0..3))
            .prop_map(|(inline, aggregates, by)| Command::Stats(Stats { inline, aggregates, by })),
        1 => (node(), option::of(any::<bool>()), option::of(any::<bool>())).prop_map(
            |(value, descending, nulls_first)| {
                Command::Sort(vec![SortKey { value, descending, nulls_first }])
            }
        ),
        1 => (node(), text(), option::of(text())).prop_map(|(input, pattern, separator)| {
            Command::Dissect { input, pattern: pattern.into(), separator }
        }),
        1 => name().prop_map(|name| Command::MvExpand(name.into())),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let from = (vec(text().prop_filter("a name", |t| !t.is_empty()), 1..3), vec(name(), 0..2));
    let source = from.prop_map(|(patterns, metadata)| {
        let items = patterns.into_iter().map(FromItem::Pattern).collect();
        Stage::new(Source::From(Indices { items, metadata }))
    });
    (source, vec(command().prop_map(Stage::new), 0..4))
        .prop_map(|(source, commands)| Query { source, commands })
}

proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(query in query(), width in 0_usize..80) {
        let line = print(&query);
        prop_assert_eq!(parse(&line).as_ref(), Ok(&query), "{}", line);
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

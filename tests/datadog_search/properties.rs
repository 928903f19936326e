//! Properties over generated queries, expressions and events.

use crosswalk::language::datadog::{
    At, Clause, Field, Limit, Query, Scope, Sign, Tree, Value, ValueKind, lower, parse, print,
    raise,
};
use crosswalk::query::{Case, Cidr, Effect, Expr, Number, Op, Order, Part, Pattern, Subject, Test};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::meaning;

/// Any text, or one that is rich in what means something.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+=&|<>!(){}\\[\\]^\"“”~*?:\\\\# @ab5_.,/\u{a0}\n]{0,24}",
        proptest::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat()),
    ]
}

fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        " ",
        " AND ",
        " OR ",
        "NOT ",
        "-",
        "(",
        ")",
        "@a:",
        "b:",
        "*:",
        "#c:",
        "x",
        "y*",
        "\"z w\"",
        "[1 TO 5]",
        "{a TO *}",
        ">5",
        "<=-2",
        "CIDR(",
        ",10.0.0.0/8",
        "_exists_:",
        "_missing_:",
        "\\",
        "&&",
        "!",
        "\"",
        "TO",
        "?",
        "+",
    ])
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![
        3 => "[-a5_. :\"\\\\*?@#&|“é,/]{1,4}|AND|OR|NOT|NOTE|CIDR|TO".prop_map(Part::Literal),
        1 => Just(Part::Any),
        1 => Just(Part::One),
    ];
    proptest::collection::vec(part, 0..4).prop_map(Pattern::from_iter)
}

fn name() -> impl Strategy<Value = String> {
    "[-a_. :@#*,(é/]{1,6}|OR|NOT|CIDR|env"
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        name().prop_map(Field::Attribute),
        name().prop_map(Field::Calculated),
        name().prop_map(Field::Bare),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![(-1000_i32..1000).prop_map(f64::from), -1e20..1e20_f64]
        .prop_filter_map("finite", Number::new)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![number().prop_map(Limit::Number), "[a-z*]{2,4}".prop_map(Limit::Text)]
}

fn value() -> impl Strategy<Value = Value> {
    let sign = proptest::sample::select(vec![
        Sign::Less,
        Sign::LessOrEqual,
        Sign::GreaterOrEqual,
        Sign::Greater,
    ]);
    let end = || proptest::option::of(limit());
    let kind = prop_oneof![
        4 => pattern().prop_map(ValueKind::Text),
        1 => (sign, limit()).prop_map(|(sign, limit)| ValueKind::Compare { sign, limit }),
        1 => (end(), end(), any::<bool>())
            .prop_map(|(lower, upper, inclusive)| ValueKind::Range { lower, upper, inclusive }),
    ];
    kind.prop_map(Value::new)
}

fn tree<L: Clone + std::fmt::Debug + 'static>(
    leaf: impl Strategy<Value = L> + 'static,
) -> impl Strategy<Value = Tree<L>> {
    let members = |inner| proptest::collection::vec(inner, 1..4);
    leaf.prop_map(Tree::Leaf).prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            inner.clone().prop_map(Tree::negated),
            members(inner.clone()).prop_filter_map("no member", Tree::all),
            members(inner).prop_filter_map("no member", Tree::any_of),
        ]
    })
}

fn network() -> impl Strategy<Value = Cidr> {
    let networks = ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "::/0", "fe80::/10", "1.2.3.4"];
    proptest::sample::select(networks.to_vec()).prop_filter_map("a network", Cidr::parse)
}

fn clause() -> impl Strategy<Value = Clause> {
    let at = At::default();
    let scope = proptest::sample::select(vec![Scope::Message, Scope::Everywhere]);
    prop_oneof![
        1 => Just(Clause::All),
        2 => (scope, pattern()).prop_filter_map("that is `*`", move |(scope, text)| {
            (!text.is_any()).then_some(Clause::FreeText { scope, text, at })
        }),
        6 => (field(), tree(value()))
            .prop_map(move |(field, values)| Clause::Match { field, values, at }),
        1 => (name(), any::<bool>(), proptest::collection::vec(network(), 1..3)).prop_map(
            move |(name, attribute, nets)| {
                let field = if attribute { Field::Attribute(name) } else { Field::Bare(name) };
                Clause::Cidr { field, nets, at }
            }
        ),
    ]
}

/// Values that tests and events share, so that they meet.
const TEXTS: [&str; 8] = ["ab", "AB", "a b", "5", "7.5", "10.1.2.3", "env:ab", "ab-AB 5"];
const PATHS: [&str; 5] = ["attributes.a", "attributes.b.c", "source", "message", "tags"];

fn shared_pattern() -> impl Strategy<Value = Pattern> {
    let literal = || proptest::sample::select(TEXTS.to_vec()).prop_map(Pattern::literal);
    prop_oneof![
        literal(),
        literal().prop_map(|pattern| pattern.with_any_after()),
        literal().prop_map(|pattern| pattern.with_any_before()),
        Just(Pattern::any()),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let case = proptest::sample::select(vec![Case::Sensitive, Case::Insensitive]);
    let order = proptest::sample::select(vec![
        Order::Less,
        Order::LessOrEqual,
        Order::Equal,
        Order::GreaterOrEqual,
        Order::Greater,
    ]);
    let words = proptest::collection::vec("ab|AB|5", 1..3);
    let op = prop_oneof![
        4 => (shared_pattern(), case).prop_map(|(pattern, case)| Op::Matches { pattern, case }),
        1 => Just(Op::Exists),
        1 => (order, number()).prop_map(|(order, number)| Op::Compare { order, number }),
        1 => network().prop_map(Op::Cidr),
        1 => words.prop_map(Op::Words),
    ];
    let subject = prop_oneof![
        6 => proptest::sample::select(PATHS.to_vec()).prop_map(|path| Subject::Field(path.into())),
        1 => Just(Subject::Event),
    ];
    let test = (subject, op).prop_map(|(subject, op)| Expr::Test(Test { subject, op }));
    test.prop_recursive(3, 12, 4, |inner| {
        let members = || proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(Expr::negated),
            members().prop_map(Expr::all),
            members().prop_map(Expr::any_of),
        ]
    })
}

/// Logs that keep to what translations assume: no `null`, no object or empty array as a value.
fn event() -> impl Strategy<Value = Json> {
    let text = || proptest::sample::select(TEXTS.to_vec());
    let scalar = || prop_oneof![text().prop_map(Json::from), (-2..9).prop_map(Json::from)];
    let value = || {
        let many = proptest::collection::vec(scalar(), 1..3).prop_map(Json::from);
        proptest::option::of(prop_oneof![scalar(), many])
    };
    (value(), value(), text(), text(), proptest::collection::vec(text(), 1..3)).prop_map(
        |(a, c, source, message, tags)| {
            let mut event = json!({"source": source, "message": message, "tags": tags});
            if let Some(a) = a {
                event["attributes"]["a"] = a;
            }
            if let Some(c) = c {
                event["attributes"]["b"]["c"] = c;
            }
            event
        },
    )
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in text()) {
        match parse(&text) {
            Ok(tree) => {
                let printed = print(&tree);
                let again = parse(&printed);
 prop_assert_eq!(again.as_ref(), Ok(&tree), "{}", printed);
                // The meaning may be refused, but not with a crash.
                drop(lower(&tree, &()));
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    prop_assert!(text.get(error.span.start..error.span.end).is_some());
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(tree in tree(clause())) {
        let printed = print(&tree);
        let again = parse(&printed);
 prop_assert_eq!(again.as_ref(), Ok(&tree), "{}", printed);
    }

    #[test]
    fn lowering_and_raising_keep_the_meaning(tree in tree(clause()), event in event()) {
        let query: Query = tree;
        if let Ok(expr) = lower(&query, &())
            && let Ok(translated) = raise(&expr, &())
        {
            let printed = print(&translated.value);
            prop_assert_eq!(meaning(&printed).eval(&event), expr.eval(&event), "{}", printed);
        }
    }

    #[test]
    fn losses_tell_the_direction(expr in expr(), events in proptest::collection::vec(event(), 8)) {
        let Ok(translated) = raise(&expr, &()) else { return Ok(()) };
        let narrower = translated.losses.iter().any(|loss| loss.effect != Effect::Wider);
        let wider = translated.losses.iter().any(|loss| loss.effect != Effect::Narrower);
        let printed = print(&translated.value);
        let again = meaning(&printed);
        for event in &events {
            let (before, after) = (expr.eval(event), again.eval(event));
            prop_assert!(before == after || (before && narrower) || (after && wider),
                "{printed} on {event}: {before} became {after}");
        }
    }
}

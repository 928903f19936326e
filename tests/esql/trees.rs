//! Generated queries.

use crosswalk::language::esql::{
    Aggregate, Arithmetic, Assignment, Command, Comparison, Expression, FromItem, Indices, Name,
    NamePattern, Node, Query, Renaming, SortKey, Source, Stage, Stats,
};
use crosswalk::query::{Order, Part};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::common::laws;

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

pub(crate) fn pieces(most: usize) -> impl Strategy<Value = String> {
    laws::texts(PIECES, most)
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

pub(crate) fn query() -> impl Strategy<Value = Query> {
    let from = (vec(text().prop_filter("a name", |t| !t.is_empty()), 1..3), vec(name(), 0..2));
    let source = from.prop_map(|(patterns, metadata)| {
        let items = patterns.into_iter().map(FromItem::Pattern).collect();
        Stage::new(Source::From(Indices { items, metadata }))
    });
    (source, vec(command().prop_map(Stage::new), 0..4))
        .prop_map(|(source, commands)| Query { source, commands })
}

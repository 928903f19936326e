//! The index says what the reference evaluator says: on random expressions and events, and of all
//! public rules on all recorded events.

use crosswalk::query::{
    Affix, Case, Cidr, Expr, Number, Op, Order, Part, Pattern, Regex, Subject, Test, TimePart,
};
use crosswalk::replay::{Index, Known};
use crosswalk::rule::{Logic, RuleSet};
use crosswalk::source::discover;
use proptest::prelude::*;
use rayon::prelude::*;
use serde_json::Value;

use super::common::{corpus, rows, text};

/// An index of these expressions.
fn index(exprs: &[Expr]) -> Index {
    let mut index = Index::default();
    exprs.iter().for_each(|expr| _ = index.add(expr));
    index.build();
    index
}

/// The expressions that hold, as the reference sees it.
fn judged(exprs: &[Expr], event: &Value) -> Vec<u32> {
    (0..).zip(exprs).filter(|(_, expr)| expr.eval(event)).map(|(id, _)| id).collect()
}

const TEXTS: [&str; 14] = [
    "",
    "a",
    "A",
    "ab",
    "aBa",
    "abab",
    "\u{212a}",
    "k",
    "10.0.0.7",
    "5",
    "5.0",
    "true",
    "2024-05-01T10:00:00Z",
    "b a-b",
];

fn pattern() -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![
        Just(Part::Any),
        Just(Part::One),
        prop::sample::select(&TEXTS[..]).prop_map(|text| Part::Literal(text.to_owned())),
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.into_iter().collect())
}

fn case() -> impl Strategy<Value = Case> {
    prop_oneof![Just(Case::Sensitive), Just(Case::Insensitive)]
}

fn path() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "a.b", "a.b.c", "b.a", "", "a.", ".a", "a..b"])
}

fn op() -> impl Strategy<Value = Op> {
    let number = || prop::sample::select(vec![0.0, 5.0, -1.5]);
    let order = || prop::sample::select(vec![Order::Less, Order::Equal, Order::GreaterOrEqual]);
    let regex = prop::sample::select(vec![
        ("^a", ""),
        ("B.?a$", "i"),
        ("a(?!b)", ""),
        ("", ""),
        ("k", "i"),
    ]);
    let affix = prop::sample::select(vec![Affix::Whole, Affix::Start, Affix::End, Affix::Within]);
    prop_oneof![
        1 => Just(Op::Exists),
        1 => Just(Op::Null),
        6 => (pattern(), case()).prop_map(|(pattern, case)| Op::Matches { pattern, case }),
        2 => regex.prop_map(|(source, flags)| Op::Regex(Regex::new(source, flags).expect("one"))),
        1 => (order(), number()).prop_map(|(order, number)| Op::Compare {
            order, number: Number::new(number).expect("finite"),
        }),
        1 => Just(Op::Cidr(Cidr::parse("10.0.0.0/8").expect("a network"))),
        1 => (path(), affix, case())
            .prop_map(|(other, affix, case)| Op::Field { other: other.into(), affix, case }),
        1 => (order(), number()).prop_map(|(order, number)| Op::Time {
            part: TimePart::Month, order, number: Number::new(number).expect("finite"),
        }),
        1 => Just(Op::Words(vec!["a".into(), "b".into()])),
    ]
}

fn expr(keywords: bool) -> impl Strategy<Value = Expr> {
    let subject = (path(), any::<bool>()).prop_map(move |(path, event)| {
        if keywords && event { Subject::Event } else { Subject::Field(path.into()) }
    });
    let leaf = prop_oneof![
        12 => (subject, op()).prop_map(|(subject, op)| Expr::Test(Test { subject, op })),
        1 => Just(Expr::True),
        1 => Just(Expr::False),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Expr::negated),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::all),
            prop::collection::vec(inner, 1..4).prop_map(Expr::any_of),
        ]
    })
}

/// The text of an event: keys may have dots in them, and stand twice in an object.
fn event() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => prop::sample::select(vec!["5", "5.0", "-1.5", "1e2", "0"]).prop_map(str::to_owned),
        4 => prop::sample::select(&TEXTS[..]).prop_map(|text| Value::from(text).to_string()),
        1 => Just("\"\\u0061\"".to_owned()),
    ];
    let key = || prop::sample::select(vec!["a", "b", "c", "a.b", "b.c", "a.b.c", "", "a.", ".a"]);
    let object = move |value: BoxedStrategy<String>| {
        prop::collection::vec((key(), value), 0..5).prop_map(|members| {
            let members = members.iter().map(|(key, value)| format!("\"{key}\":{value}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        })
    };
    let value = leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|items| format!("[{}]", items.join(","))),
            object(inner.boxed()),
        ]
    });
    object(value.boxed())
}

fn agree(exprs: &[Expr], events: &[String]) -> Result<(), TestCaseError> {
    let index = index(exprs);
    let mut known: Known<'_> = index.room();
    for text in events {
        let event: Value = serde_json::from_str(text).expect("JSON");
        let expected = judged(exprs, &event);
        index.text(text, &mut known).expect("readable");
        prop_assert_eq!(&known.holds, &expected, "{:?} on {}", exprs, text);
        let mut known = index.room();
        index.value(&event, &mut known);
        prop_assert_eq!(&known.holds, &expected, "{:?} on {} as it was built", exprs, text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn fields_are_seen_as_the_reference_sees_them(
        exprs in prop::collection::vec(expr(false), 1..6), events in prop::collection::vec(event(), 1..6),
    ) {
        agree(&exprs, &events)?;
    }

    #[test]
    fn keywords_are_seen_as_the_reference_sees_them(
        exprs in prop::collection::vec(expr(true), 1..6), events in prop::collection::vec(event(), 1..6),
    ) {
        agree(&exprs, &events)?;
    }
}

/// Every public rule over single events.
fn public_rules() -> Option<Vec<Expr>> {
    let folder = corpus("sigma", "the index against the reference on public rules")?;
    let (found, errors) = discover(&[folder], &["yml"]);
    assert!(errors.is_empty(), "{errors:?}");
    let (set, _) = RuleSet::read(&found);
    let rules = set.rules().filter(|rule| matches!(rule.logic, Logic::Detection { .. }));
    Some(rules.filter_map(|rule| set.expr(rule, None).ok()).collect())
}

#[test]
fn all_public_rules_say_the_same_of_all_recorded_events() {
    let Some(exprs) = public_rules() else { return };
    let index = index(&exprs);
    let cloudtrail = corpus("cloudtrail/events.jsonl", "recorded CloudTrail events");
    let windows = corpus("sigma-truth/regression_pairs.jsonl", "recorded Windows events");
    let mut events: Vec<Value> = Vec::new();
    for path in [cloudtrail, windows].into_iter().flatten() {
        events.extend(rows(&path).into_iter().map(|mut row| row["event"].take()));
    }
    // The judge is slow where nothing is optimised.
    let step = if cfg!(debug_assertions) { 25 } else { 1 };
    let events: Vec<&Value> = events.iter().step_by(step).collect();
    let matches: usize = events
        .par_iter()
        .map(|event| {
            let text = event.to_string();
            let mut known = index.room();
            index.text(&text, &mut known).expect("readable");
            assert_eq!(known.holds, judged(&exprs, event), "{text}");
            known.holds.len()
        })
        .sum();
    let (tests, _) = index.size();
    eprintln!(
        "{} rules ({tests} tests) on {} events: {matches} matches",
        exprs.len(),
        events.len()
    );
    assert!(matches > 0);
}

/// The rules for CloudTrail, on each event the verdicts of other engines where these are sure.
#[test]
fn recorded_verdicts_are_those_of_the_index() {
    let Some(path) = corpus("cloudtrail/verdicts/sigma.jsonl", "recorded verdicts") else { return };
    let Some(events) = corpus("cloudtrail/events.jsonl", "recorded CloudTrail events") else {
        return;
    };
    let Some(root) = corpus("", "public rules") else { return };
    let verdicts: Vec<Value> =
        rows(&path).into_iter().filter(|row| row["matches"].is_array()).collect();
    let events = rows(&events);
    let mut wrong = 0;
    for row in &verdicts {
        let file = root.join(text(row, "rule"));
        let (found, _) = discover(&[file], &["yml"]);
        let (set, _) = RuleSet::read(&found);
        let exprs: Vec<Expr> = set.rules().filter_map(|rule| set.expr(rule, None).ok()).collect();
        let index = index(&exprs);
        let unsure =
            |id: &str| row["unsupported"].as_array().is_some_and(|ids| ids.contains(&id.into()));
        for event in events.iter().filter(|event| !unsure(text(event, "id"))) {
            let mut known = index.room();
            index.value(&event["event"], &mut known);
            let expected = row["matches"].as_array().is_some_and(|ids| ids.contains(&event["id"]));
            wrong += usize::from(known.holds.is_empty() == expected);
        }
    }
    assert_eq!(wrong, 0, "of {} rules", verdicts.len());
}

//! Laws that hold in every language, on generated queries, texts and expressions.

use std::fmt::Debug;

use crosswalk::language::registry::Language;
use crosswalk::query::{Case, Effect, Expr, Meaning, Op, Part, Pattern, Schema, Test};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseResult;
use serde_json::Value;

/// Texts put together of fewer than `most` pieces.
pub fn texts(pieces: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    vec(select(pieces), 0..most).prop_map(|pieces| pieces.concat())
}

/// Patterns over texts.
pub fn patterns(text: impl Strategy<Value = String>) -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![
        3 => text.prop_map(Part::Literal),
        2 => Just(Part::Any),
        1 => Just(Part::One),
    ];
    vec(part, 0..4).prop_map(Pattern::from_iter)
}

/// Patterns in both letter cases.
pub fn matches(text: impl Strategy<Value = String>) -> impl Strategy<Value = Op> {
    let case = select(&[Case::Sensitive, Case::Insensitive]);
    (patterns(text), case).prop_map(|(pattern, case)| Op::Matches { pattern, case })
}

/// Expressions over tests, also ones that nobody would write.
pub fn expressions(test: impl Strategy<Value = Test> + 'static) -> impl Strategy<Value = Expr> {
    let test =
        test.prop_map(Expr::from).prop_flat_map(|test| select(vec![test.clone(), test.negated()]));
    test.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Expr::any_of),
            vec(inner.clone(), 0..4).prop_map(Expr::all),
            inner.clone().prop_map(Expr::negated),
            vec(inner, 1..3).prop_map(Expr::Or),
        ]
    })
}

/// What is written of a query, on one line and over several, reads as the query.
pub fn reads_back<L>(query: &L::Query, width: usize) -> TestCaseResult
where
    L: Language<Query: PartialEq + Debug>,
{
    let line = L::print(query);
    prop_assert!(!line.contains(['\n', '\t', '\r']), "one line: {:?}", line);
    for text in [line, L::pretty(query, width)] {
        let read = L::parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(query), "{}", text);
    }
    Ok(())
}

/// Any text is a query that can be worked with, or has errors with places.
pub fn survives<L>(text: &str, schema: &dyn Schema) -> TestCaseResult
where
    L: Language<Query: PartialEq + Debug>,
{
    match L::parse(text) {
        Ok(query) => {
            reads_back::<L>(&query, 40)?;
            if let Ok(meaning) = L::lower(&query, schema) {
                let _ = L::raise(&meaning.value, schema);
            }
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(text.get(error.span.start..error.span.end).is_some());
            }
        }
    }
    Ok(())
}

/// A raised query reads as it was raised, and finds more or less only where a loss says so.
pub fn keeps_its_promise<L>(expr: &Expr, events: &[Value], schema: &dyn Schema) -> TestCaseResult
where
    L: Language<Query: PartialEq + Debug>,
{
    let Ok(raised) = L::raise(&Meaning::Match(expr.clone()), schema) else { return Ok(()) };
    let text = L::print(&raised.value);
    let read = L::parse(&text);
    prop_assert_eq!(read.as_ref(), Ok(&raised.value), "{}", text);
    let again = L::lower(&raised.value, schema).expect("a meaning").value;
    let again = again.as_match().expect("a query for single events");
    let narrower = raised.losses.iter().any(|loss| loss.effect != Effect::Wider);
    let wider = raised.losses.iter().any(|loss| loss.effect != Effect::Narrower);
    for event in events {
        let (before, after) = (expr.eval(event), again.eval(event));
        prop_assert!(before <= after || narrower, "{} lost {}", text, event);
        prop_assert!(after <= before || wider, "{} gained {}", text, event);
    }
    Ok(())
}

//! The relation of two expressions is what every event of a small world says, and never more.

use crosswalk::proof::{
    Comparison, Limit, Limits, Relation, Satisfiable, compare, idle, satisfiable, synth,
};
use crosswalk::query::{Expr, FieldFacts, FieldPath, Schema, Test};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use super::brute;

/// How many pairs of expressions are compared on events with one value a field.
const PAIRS: usize = 1_000;

/// How many on the far more events with two.
const SEVERAL: usize = 400;

/// A schema in which every field has one value at most.
struct Single;

impl Schema for Single {
    fn facts(&self, _: &FieldPath) -> FieldFacts {
        FieldFacts { single: true, ..FieldFacts::default() }
    }
}

/// What the evaluator says of a comparison on some events: the first that contradicts it.
fn contradiction<'e>(
    a: &Expr,
    b: &Expr,
    found: &Comparison,
    events: &'e [Value],
) -> Option<&'e Value> {
    events.iter().find(|event| match (a.eval(event), b.eval(event), found.relation) {
        (true, false, relation) => matches!(relation, Relation::Equal | Relation::Wider),
        (false, true, relation) => matches!(relation, Relation::Equal | Relation::Narrower),
        (true, true, relation) => relation == Relation::Disjoint,
        _ => false,
    })
}

/// Events that show a relation are what they are said to be.
fn confirmed(a: &Expr, b: &Expr, found: &Comparison) {
    for (event, verdicts) in [
        (&found.only_left, (true, false)),
        (&found.only_right, (false, true)),
        (&found.both, (true, true)),
    ] {
        if let Some(event) = event {
            assert_eq!((a.eval(event), b.eval(event)), verdicts, "{event}\n{a:?}\n{b:?}");
        }
    }
}

/// Compares pairs, few of which may be undecided.
fn hold(schema: &dyn Schema, most: usize, events: &[Value]) {
    let mut runner = TestRunner::deterministic();
    let pairs = brute::pairs();
    let mut open = 0;
    for _ in 0..most {
        let (a, b) = pairs.new_tree(&mut runner).expect("a pair").current();
        let found = compare(&a, &b, schema, &Limits::default());
        confirmed(&a, &b, &found);
        if let Some(event) = contradiction(&a, &b, &found, events) {
            panic!("{:?} but for {event}\n{}\n{}", found.relation, a.outline(), b.outline());
        }
        if let Relation::Undecided(limit) = found.relation {
            assert_ne!(limit, Limit::Unconfirmed, "{}\n{}", a.outline(), b.outline());
            open += 1;
        }
    }
    eprintln!("{open} of {most} undecided");
    assert!(open * 20 < most, "{open} of {most} undecided");
}

#[test]
fn relations_are_what_a_small_world_says() {
    hold(&(), SEVERAL, &brute::events(true));
}

#[test]
fn relations_of_fields_with_one_value_are_what_a_small_world_says() {
    hold(&Single, PAIRS, &brute::events(false));
}

#[test]
fn an_expression_that_holds_somewhere_is_satisfiable() {
    let mut runner = TestRunner::deterministic();
    let events = brute::events(true);
    for _ in 0..SEVERAL {
        let expr = brute::small().new_tree(&mut runner).expect("an expression").current();
        match satisfiable(&expr, &(), &Limits::default()) {
            Satisfiable::Yes(event) => assert!(expr.eval(&event)),
            Satisfiable::Undecided(limit) => assert_ne!(limit, Limit::Unconfirmed),
            Satisfiable::Never(assumed) => {
                assert!(assumed.is_empty());
                let event = events.iter().find(|event| expr.eval(event));
                assert!(event.is_none(), "{event:?}\n{}", expr.outline());
            }
        }
    }
}

#[test]
fn examples_are_judged_as_they_say() {
    let mut runner = TestRunner::deterministic();
    let mut shown = 0;
    for _ in 0..PAIRS / 10 {
        let expr = brute::small().new_tree(&mut runner).expect("an expression").current();
        let examples = synth(&expr, &(), &Limits::default(), 20);
        for example in &examples.events {
            assert_eq!(expr.eval(&example.event), example.matches, "{example:?}");
        }
        shown += examples.events.len();
    }
    assert!(shown > PAIRS / 10);
}

/// An expression in which a test came out the same way everywhere.
fn with(expr: &Expr, test: &Test, value: &Expr) -> Expr {
    expr.clone().map_tests(&|own| if own == *test { value.clone() } else { own.into() })
}

/// What can stand for a test: true, false, or nobody knows.
fn stands_for(expr: &Expr, test: &Test) -> Result<Option<Expr>, ()> {
    let mut open = false;
    for value in [Expr::False, Expr::True] {
        let less = with(expr, test, &value);
        match compare(expr, &less, &Single, &Limits::default()).relation {
            Relation::Equal => return Ok(Some(less)),
            Relation::Undecided(_) => open = true,
            _ => {}
        }
    }
    if open { Err(()) } else { Ok(None) }
}

/// What is called idle is just what can be left out, one after the other.
#[test]
fn tests_that_are_called_idle_can_be_left_out_and_no_others() {
    let mut runner = TestRunner::deterministic();
    let pairs = brute::pairs();
    let (mut left_out, mut kept) = (0, 0);
    for _ in 0..PAIRS {
        let (_, mut expr) = pairs.new_tree(&mut runner).expect("a pair").current();
        let dead = idle(&expr, &Single, &Limits::default(), usize::MAX);
        for (test, stands_for) in &dead {
            let less = with(&expr, test, if *stands_for { &Expr::True } else { &Expr::False });
            let relation = compare(&expr, &less, &Single, &Limits::default()).relation;
            assert_eq!(relation, Relation::Equal, "{test} in {}", expr.outline());
            expr = less;
        }
        for test in expr.tests() {
            assert_ne!(
                stands_for(&expr, test).map(|less| less.is_some()),
                Ok(true),
                "{test} in {}",
                expr.outline()
            );
            kept += 1;
        }
        left_out += dead.len();
    }
    eprintln!("{left_out} tests are idle, {kept} are not");
    assert!(left_out > 100 && kept > 100);
}

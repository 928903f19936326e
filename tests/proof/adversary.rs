//! Translations that somebody spoilt: every change that makes a true difference is found.

use std::collections::BTreeMap;

use crosswalk::proof::{Limits, Relation, compare};
use crosswalk::query::{Case, Expr, Number, Op, Order, Part, Pattern, Test};
use rayon::prelude::*;
use serde_json::Value;

use super::common::{corpus, queries, witness};
use super::corpora::expressions;

type Mutate = fn(&Expr, usize) -> Option<Expr>;

/// What is done to an expression, to its n-th test or junction.
const MUTATIONS: &[(&str, Mutate)] = &[
    ("drop a literal", drop_member),
    ("flip a case rule", flip_case),
    ("lose a not", lose_not),
    ("widen a glob", widen),
    ("swap a bound", swap_bound),
];

/// Changes the n-th test that `change` has something for.
fn change_test(expr: &Expr, n: usize, change: impl Fn(&Test) -> Option<Op>) -> Option<Expr> {
    let at = std::cell::Cell::new(0);
    let done = std::cell::Cell::new(false);
    let changed = expr.clone().map_tests(&|test| {
        let Some(op) = change(&test) else { return test.into() };
        at.set(at.get() + 1);
        if at.get() - 1 != n {
            return test.into();
        }
        done.set(true);
        Expr::Test(Test { op, ..test })
    });
    done.get().then_some(changed)
}

fn flip_case(expr: &Expr, n: usize) -> Option<Expr> {
    change_test(expr, n, |test| match &test.op {
        Op::Matches { pattern, case: Case::Insensitive } => {
            Some(Op::Matches { pattern: pattern.clone(), case: Case::Sensitive })
        }
        Op::Matches { pattern, case: Case::Sensitive } => {
            Some(Op::Matches { pattern: pattern.clone(), case: Case::Insensitive })
        }
        _ => None,
    })
}

fn widen(expr: &Expr, n: usize) -> Option<Expr> {
    change_test(expr, n, |test| {
        let Op::Matches { pattern, case } = &test.op else { return None };
        let wide: Pattern = match pattern.parts().first() {
            Some(Part::Any) => pattern.clone().with_any_after(),
            _ => pattern.clone().with_any_before(),
        };
        (wide != *pattern).then_some(Op::Matches { pattern: wide, case: *case })
    })
}

fn swap_bound(expr: &Expr, n: usize) -> Option<Expr> {
    change_test(expr, n, |test| match &test.op {
        Op::Compare { order, number } => {
            let order = match order {
                Order::Less => Order::LessOrEqual,
                Order::LessOrEqual => Order::Less,
                Order::Greater => Order::GreaterOrEqual,
                Order::GreaterOrEqual => Order::Greater,
                Order::Equal => {
                    let number = Number::new(number.get() + 1.0)?;
                    return Some(Op::Compare { order: *order, number });
                }
            };
            Some(Op::Compare { order, number: *number })
        }
        _ => None,
    })
}

/// Rebuilds an expression with the n-th junction or negation changed, in order of appearance.
fn change_node(expr: &Expr, n: &mut Option<usize>, change: &dyn Fn(&Expr) -> Option<Expr>) -> Expr {
    if let Some(left) = *n
        && let Some(changed) = change(expr)
    {
        if left == 0 {
            *n = None;
            return changed;
        }
        *n = Some(left - 1);
    }
    match expr {
        Expr::Not(inner) => change_node(inner, n, change).negated(),
        Expr::And(all) => {
            Expr::all(all.iter().map(|one| change_node(one, n, change)).collect::<Vec<_>>())
        }
        Expr::Or(all) => {
            Expr::any_of(all.iter().map(|one| change_node(one, n, change)).collect::<Vec<_>>())
        }
        other => other.clone(),
    }
}

fn drop_member(expr: &Expr, n: usize) -> Option<Expr> {
    let mut left = Some(n);
    let changed = change_node(expr, &mut left, &|expr| match expr {
        Expr::And(all) => Some(Expr::all(all.iter().skip(1).cloned())),
        Expr::Or(all) => Some(Expr::any_of(all.iter().skip(1).cloned())),
        _ => None,
    });
    left.is_none().then_some(changed)
}

fn lose_not(expr: &Expr, n: usize) -> Option<Expr> {
    let mut left = Some(n);
    let changed = change_node(expr, &mut left, &|expr| match expr {
        Expr::Not(inner) => Some((**inner).clone()),
        _ => None,
    });
    left.is_none().then_some(changed)
}

/// Whether one of many events made of both expressions' literals tells them apart.
fn differs(a: &Expr, b: &Expr) -> Option<Value> {
    let events = [false, true].into_iter().flat_map(|several| {
        witness::events(a, several).into_iter().chain(witness::events(b, several))
    });
    events.into_iter().find(|event| a.eval(event) != b.eval(event))
}

#[derive(Default)]
struct Count {
    made: usize,
    different: usize,
    found: usize,
    equal: usize,
    undecided: usize,
}

#[test]
fn spoilt_translations_are_found() {
    let Some(corpora) = corpus("", "spoilt translations") else { return };
    let of = |name| expressions(name, &queries::public(&corpora, name));
    let rules = ["sigma", "eql", "kql"].map(of).concat();
    // Every fourth rule, and all of the few that compare numbers.
    let compares = |expr: &Expr| expr.tests().iter().any(|t| matches!(t.op, Op::Compare { .. }));
    let chosen = rules.iter().enumerate().filter(|(at, own)| at % 4 == 0 || compares(&own.1));
    let rules: Vec<_> = chosen.collect();
    let counts: Vec<BTreeMap<&str, Count>> = rules
        .par_iter()
        .map(|(at, (name, expr))| {
            let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
            for (mutation, mutate) in MUTATIONS {
                // Not always the first place.
                let places = (0..8).filter_map(|n| mutate(expr, n)).collect::<Vec<_>>();
                let Some(mutant) = places.get(at % places.len().max(1)) else { continue };
                let count = counts.entry(mutation).or_default();
                count.made += 1;
                let found = compare(expr, mutant, &(), &Limits::default());
                let witness = differs(expr, mutant);
                match found.relation {
                    Relation::Equal => {
                        assert_eq!(witness, None, "{name}: {mutation}");
                        count.equal += 1;
                    }
                    Relation::Undecided(_) => count.undecided += 1,
                    _ => {
                        assert!(found.only_left.is_some() || found.only_right.is_some());
                        count.found += 1;
                    }
                }
                let apart = !matches!(found.relation, Relation::Equal | Relation::Undecided(_));
                count.different += usize::from(apart || witness.is_some());
            }
            counts
        })
        .collect();
    let mut all = Count::default();
    for (mutation, _) in MUTATIONS {
        let own: Vec<&Count> = counts.iter().filter_map(|counts| counts.get(mutation)).collect();
        let sum = |f: fn(&Count) -> usize| own.iter().map(|count| f(count)).sum::<usize>();
        let (made, different, found) = (sum(|c| c.made), sum(|c| c.different), sum(|c| c.found));
        let (equal, undecided) = (sum(|c| c.equal), sum(|c| c.undecided));
        eprintln!(
            "{mutation}: {made} mutants, {different} different, {found} found, {equal} equal, {undecided} undecided"
        );
        all.made += made;
        all.different += different;
        all.found += found;
    }
    eprintln!(
        "{} rules, {} mutants, {} of {} found",
        rules.len(),
        all.made,
        all.found,
        all.different
    );
    assert!(rules.len() >= 500 && all.made >= 1_500);
    assert!(all.found * 100 >= all.different * 99);
}

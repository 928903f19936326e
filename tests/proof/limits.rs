//! What is long is fast, and what cannot be told is said with its limit.

use std::time::Instant;

use crosswalk::proof::{Comparison, Limit, Limits, Relation, compare};
use crosswalk::query::{Case, Expr};

use super::common::expressions::{is, like, matches, regex, test};

fn relation(a: &Expr, b: &Expr) -> Comparison {
    compare(a, b, &(), &Limits::default())
}

#[test]
fn long_lists_are_settled_at_once() {
    let list = |case, from: usize, to: usize| {
        Expr::any_of((from..to).map(|n| matches("f", &format!("Value{n}"), case)))
    };
    let globs = |from: usize, to: usize| {
        Expr::any_of((from..to).map(|n| like("f", &format!("*value{n}x*"))))
    };
    let all = list(Case::Sensitive, 0, 10_000);
    let started = Instant::now();
    for (a, b, expected) in [
        (all.clone(), list(Case::Sensitive, 0, 10_000), Relation::Equal),
        (all.clone(), list(Case::Insensitive, 0, 10_000), Relation::Wider),
        (all.clone(), list(Case::Sensitive, 0, 9_999), Relation::Narrower),
        (all.clone(), list(Case::Sensitive, 5_000, 15_000), Relation::Overlapping),
        (globs(0, 3_000), globs(0, 2_999), Relation::Narrower),
        (all.clone().negated(), list(Case::Sensitive, 1, 10_000).negated(), Relation::Wider),
    ] {
        assert_eq!(relation(&a, &b).relation, expected);
    }
    eprintln!("long lists: {:?}", started.elapsed());
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn regular_expressions_are_compared_with_lists() {
    let names: Vec<String> = (0..200).map(|n| format!("Call{n}")).collect();
    let list = Expr::any_of(names.iter().map(|name| is("f", name)));
    let one = test("f", regex(&format!("^({})$", names.join("|")), ""));
    assert_eq!(relation(&list, &one).relation, Relation::Equal);
    let less = test("f", regex(&format!("^({})$", names[1..].join("|")), ""));
    let found = relation(&list, &less);
    assert_eq!(found.relation, Relation::Narrower);
    assert_eq!(found.only_left, Some(serde_json::json!({"f": "Call0"})));
}

#[test]
fn what_looks_around_is_undecided() {
    let plain = is("f", "ab");
    for source in ["^(?=ab)ab$", r"^(a)b(?!c)$", "^ab++$"] {
        let looking = test("f", regex(source, ""));
        let found = relation(&plain, &looking);
        assert_eq!(found.relation, Relation::Undecided(Limit::RegexFeatures), "{source}");
    }
}

#[test]
fn counted_repetitions_in_two_spellings_are_the_same() {
    let own = test("f", regex("(Copy|cp) .{2,128} -to .{1,32}x(a|b)", ""));
    let other = test("f", regex("(?s)^.*(?:cp|Copy) .{2}.{0,126} -to .{1,32}x[ab].*$", ""));
    let found = relation(&own, &other);
    // The dot of the one takes no line ends.
    assert_eq!(found.relation, Relation::Wider);
    let same = test("f", regex("^(?s:.*)(?:cp|Copy) .{2}.{0,126} -to .{1,32}x[ab]", ""));
    let found = relation(&own, &same);
    assert!(matches!(found.relation, Relation::Equal | Relation::Undecided(_)), "{found:?}");
}

//! Events that people can read, and assumptions that are named.

use crosswalk::fields::{Catalog, View};
use crosswalk::proof::{
    Assumed, AssumedFact, Limits, Relation, Satisfiable, compare, satisfiable, synth,
};
use crosswalk::query::{Affix, Case, Expr, FieldFacts, FieldPath, FieldType, Op, Order, Schema};
use serde_json::json;

use super::common::expressions::{any_case, cidr, compare as number, is, like, regex, test};

#[test]
fn counterexamples_look_like_the_rule() {
    let a = Expr::all([is("user.name", "root"), any_case("process.path", r"*\powershell.exe")]);
    let b = Expr::all([is("user.name", "root"), like("process.path", r"*\powershell.exe")]);
    let found = compare(&a, &b, &(), &Limits::default());
    assert_eq!(found.relation, Relation::Narrower);
    let event = json!({"process": {"path": r"\POWERSHELL.EXE"}, "user": {"name": "root"}});
    let text = found.only_left.expect("an event").to_string().to_uppercase();
    assert_eq!(text, event.to_string().to_uppercase());
    assert_eq!(
        found.both,
        Some(json!({"process": {"path": r"\powershell.exe"}, "user": {"name": "root"}}))
    );
}

#[test]
fn a_change_of_provider_is_seen_whole() {
    let calls = Expr::any_of([
        is("event.action", "AuthorizeSecurityGroupIngress"),
        is("event.action", "CreateSecurityGroup"),
    ]);
    let old = Expr::all([is("event.provider", "iam.amazonaws.com"), calls.clone()]);
    let new = Expr::all([is("event.provider", "ec2.amazonaws.com"), calls]);
    struct Ecs;
    impl Schema for Ecs {
        fn facts(&self, _: &FieldPath) -> FieldFacts {
            FieldFacts { single: true, ..FieldFacts::default() }
        }
    }
    let found = compare(&old, &new, &Ecs, &Limits::default());
    assert_eq!(found.relation, Relation::Disjoint);
    assert_eq!(found.assumed.len(), 1);
    assert_eq!(found.assumed[0].field, FieldPath::new("event.provider"));
    assert_eq!(found.assumed[0].what, AssumedFact::Single);
    let free = compare(&old, &new, &(), &Limits::default());
    assert_eq!(free.relation, Relation::Overlapping);
}

#[test]
fn spelling_is_assumed_only_where_it_matters() {
    let catalog =
        Catalog::for_logsource(Some("aws"), Some("cloudtrail"), None).expect("shipped catalogue");
    let schema = catalog.schema(View::Raw);
    let a =
        Expr::all([any_case("eventName", "RunInstances"), any_case("requestParameters.x", "Y")]);
    let b = Expr::all([is("eventName", "RunInstances"), any_case("requestParameters.x", "Y")]);
    let found = compare(&a, &b, &schema, &Limits::default());
    assert_eq!(found.relation, Relation::Equal);
    let assumed: Vec<_> = found.assumed.iter().map(|own| (own.field.as_str(), own.what)).collect();
    assert_eq!(assumed, [("eventName", AssumedFact::Spelling)]);
    assert_eq!(compare(&a, &a, &schema, &Limits::default()).assumed, []);
}

#[test]
fn what_can_never_match_is_known() {
    for (expr, never) in [
        (Expr::all([number("n", Order::Greater, 5.0), like("n", "abc*")]), true),
        (Expr::all([test("a", cidr("10.0.0.0/8")), test("a", regex("^192\\.", ""))]), false),
        (Expr::all([like("p", "*.exe"), like("p", "*.ex?").negated()]), true),
        (
            Expr::all([test("p", regex("^[0-9]+$", "")), test("p", regex("\\d", "")).negated()]),
            true,
        ),
    ] {
        let found = satisfiable(&expr, &(), &Limits::default());
        // Two values can be an address and a text; one cannot.
        assert_eq!(
            matches!(found, Satisfiable::Never(_)),
            never && expr.fields()[0].as_str() != "n",
            "{found:?}"
        );
        let single = satisfiable(&expr, &One, &Limits::default());
        assert!(matches!(single, Satisfiable::Never(_)), "{single:?}");
    }
}

struct One;

impl Schema for One {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = if field.as_str() == "port" { FieldType::Number } else { FieldType::Keyword };
        FieldFacts { single: true, kind, ..FieldFacts::default() }
    }
}

#[test]
fn numbers_are_written_as_numbers_and_texts_of_them_are_equal_by_type() {
    let a = number("port", Order::Equal, 22.0);
    let found = compare(&a, &is("port", "22"), &One, &Limits::default());
    assert_eq!(found.relation, Relation::Equal);
    assert_eq!(found.assumed[0].what, AssumedFact::Type);
    let above = number("port", Order::GreaterOrEqual, 22.0);
    let found = compare(&a, &above, &One, &Limits::default());
    assert_eq!((found.relation, found.both), (Relation::Wider, Some(json!({"port": 22}))));
    assert_eq!(found.only_right, Some(json!({"port": 23})));
}

#[test]
fn every_branch_has_an_event_and_a_near_miss() {
    let never = is("name", "x").negated();
    let expr = Expr::all([Expr::any_of([is("call", "Create"), is("call", "Delete")]), never]);
    let examples = synth(&expr, &One, &Limits::default(), 10);
    assert!(examples.idle.is_empty() && examples.open.is_empty());
    let matching = examples.events.iter().filter(|own| own.matches).count();
    assert!(matching >= 2 && examples.events.len() > matching, "{examples:#?}");
    let idle = Expr::any_of([like("p", "*a*"), like("p", "*ab*")]);
    assert_eq!(synth(&idle, &(), &Limits::default(), 10).idle.len(), 1);
}

#[test]
fn fields_that_are_compared_get_a_value_of_both() {
    let same = |case| test("user", Op::Field { other: "parent".into(), affix: Affix::Whole, case });
    let turned = test(
        "parent",
        Op::Field { other: "user".into(), affix: Affix::Whole, case: Case::Sensitive },
    );
    let limits = Limits::default();
    let exact = same(Case::Sensitive);
    assert_eq!(compare(&exact, &turned, &(), &limits).relation, Relation::Equal);
    let found = compare(&exact, &same(Case::Insensitive), &(), &limits);
    assert_eq!(found.relation, Relation::Wider);
    assert_eq!(found.only_right, Some(json!({"parent": "X", "user": "x"})));
    let exists = |field| test(field, Op::Exists);
    let others = Expr::all([exists("user"), exists("parent"), same(Case::Insensitive).negated()]);
    let found = satisfiable(&others, &(), &limits);
    assert!(matches!(found, Satisfiable::Yes(_)), "{found:?}");
    let apart = Expr::all([exact.clone(), is("user", "root"), is("parent", "root").negated()]);
    assert_eq!(
        satisfiable(&apart, &One, &limits),
        Satisfiable::Never(vec![Assumed { field: "user".into(), what: AssumedFact::Single }])
    );
}

#[test]
fn networks_are_compared_with_texts() {
    let limits = Limits::default();
    for (network, patterns, expected) in [
        ("10.0.0.0/8", vec!["10.*"], Relation::Wider),
        ("192.168.0.0/16", vec!["192.16?.*"], Relation::Wider),
        ("192.168.0.0/15", vec!["192.168.*"], Relation::Overlapping),
        ("fe80::/10", vec!["fe8*", "fe9*", "fea*", "feb*"], Relation::Wider),
        ("fe80::/10", vec!["fe8*", "fea*", "feb*"], Relation::Overlapping),
        ("10.1.0.0/16", vec!["172.*"], Relation::Overlapping),
    ] {
        let texts = Expr::any_of(patterns.iter().map(|pattern| any_case("ip", pattern)));
        let found = compare(&test("ip", cidr(network)), &texts, &(), &limits);
        assert_eq!(found.relation, expected, "{network} {patterns:?} {found:?}");
    }
    let parts = Expr::any_of([test("ip", cidr("10.0.0.0/9")), test("ip", cidr("10.128.0.0/9"))]);
    let found = compare(&test("ip", cidr("10.0.0.0/8")), &parts, &(), &limits);
    assert_eq!(found.relation, Relation::Equal);
}

#[test]
fn a_field_that_is_never_an_object_exists_if_it_matches_anything() {
    struct Knows(FieldFacts);
    impl Schema for Knows {
        fn facts(&self, _: &FieldPath) -> FieldFacts {
            self.0.clone()
        }
    }
    let written = Knows(FieldFacts { never_empty: true, ..FieldFacts::default() });
    let scalar = Knows(FieldFacts { scalar: true, ..FieldFacts::default() });
    let (exists, any, some) = (test("f", Op::Exists), like("f", "*"), like("f", "?*"));
    let found = |a, b, schema: &dyn Schema| compare(a, b, schema, &Limits::default());
    assert_eq!(found(&any, &exists, &()).relation, Relation::Wider);
    // What is never empty may still be an object with something in it.
    let wider = found(&any, &exists, &written);
    assert_eq!(wider.relation, Relation::Wider);
    assert_eq!(wider.only_right, Some(json!({"f": {"_": null}})));
    let equal = found(&any, &exists, &scalar);
    assert_eq!(equal.relation, Relation::Equal);
    assert_eq!(equal.assumed[0].what, AssumedFact::Scalar);
    let equal = found(&any, &some, &written);
    assert_eq!(equal.relation, Relation::Equal);
    assert_eq!(equal.assumed[0].what, AssumedFact::NeverEmpty);
}

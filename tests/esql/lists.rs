//! Fields that are known to hold several values, where a comparison of ES|QL would be null.

use crosswalk::fields::EcsSchema;
use crosswalk::language::registry::by_name;
use crosswalk::query::{
    Affix, Case, Effect, Expr, FieldFacts, FieldPath, FieldType, Meaning, Op, Order, Schema,
};
use serde_json::{Value, json};

use super::common::expressions::{any_case, cidr, compare, is, like, regex, same, test};
use crosswalk::language::esql::{Query, lower, parse, print, raise};

/// `list` and `numbers` and `ips` hold several values, `f` has one.
struct Lists;

impl Schema for Lists {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "ips" => FieldType::Ip,
            "numbers" => FieldType::Number,
            _ => FieldType::Keyword,
        };
        let single = field.as_str() == "f";
        FieldFacts { kind, single, many: !single, ..FieldFacts::default() }
    }
}

fn query(text: &str) -> Query {
    parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

/// Values of `list`, of which some fit.
fn events() -> Vec<Value> {
    let lists =
        [json!(null), json!("a"), json!(["a", "b"]), json!(["A", "xay"]), json!(["b", "c"])];
    let numbers = [json!(null), json!([1, 7])];
    let mut events = Vec::new();
    for list in &lists {
        for numbers in &numbers {
            for f in ["A", "B"] {
                let mut event =
                    json!({"f": f, "list": list, "numbers": numbers, "ips": ["10.0.0.1", "::1"]});
                let fields = event.as_object_mut().expect("an object");
                fields.retain(|_, value| !value.is_null());
                events.push(event);
            }
        }
    }
    events
}

#[test]
fn values_of_lists_are_searched_by_lucene() {
    let not = Expr::negated;
    let (a, b, f) = (is("list", "a"), is("list", "b"), is("f", "A"));
    for (expr, condition) in [
        (a.clone(), r#"KQL("list:a")"#),
        (not(a.clone()), r#"NOT KQL("list:a")"#),
        (Expr::all([a.clone(), b.clone()]), r#"KQL("list:(a and b)")"#),
        (Expr::any_of([a.clone(), b.clone()]), r#"KQL("list:(a or b)")"#),
        (not(Expr::any_of([a.clone(), b.clone()])), r#"NOT KQL("list:(a or b)")"#),
        (Expr::all([a.clone(), f.clone(), not(b)]), r#"KQL("list:a and not list:b") AND f == "A""#),
        (Expr::any_of([f.clone(), a.clone()]), r#"f == "A" OR KQL("list:a")"#),
        (not(Expr::all([f, a])), r#"f IS NULL OR f != "A" OR NOT KQL("list:a")"#),
        (test("list", Op::Exists), "list IS NOT NULL"),
        (not(test("list", Op::Exists)), "list IS NULL"),
        (like("list", "*a*"), r#"KQL("list:*a*")"#),
        (like("list", "a?"), r#"QSTR("list:a?")"#),
        (any_case("list", "a"), r#"QSTR("list:/[Aa]/")"#),
        (test("list", regex("^a+$", "")), r#"QSTR("list:/a+/")"#),
        (compare("numbers", Order::Greater, 5.0), r#"KQL("numbers > 5")"#),
        (test("ips", cidr("10.0.0.0/8")), r#"KQL("ips:\"10.0.0.0/8\"")"#),
    ] {
        let done =
            raise(&expr.clone().into(), &Lists).unwrap_or_else(|e| panic!("{condition}: {e:?}"));
        let text = print(&done.value);
        let own = text.split_once("| WHERE ").expect("a condition").1;
        assert_eq!((own, &done.losses), (condition, &vec![]));
        assert!(done.assumptions.iter().all(|own| own.code != "single-valued"), "{text}");
        let again = lower(&query(&text), &Lists).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(again.losses, [], "{text}");
        for event in events() {
            let again = again.value.as_match().expect("single events");
            assert_eq!(again.eval(&event), expr.eval(&event), "{text} on {event}");
        }
    }
}

#[test]
fn two_fields_are_no_lists_to_search_in() {
    for expr in [test("list", same("f")), test("f", same("list"))] {
        let codes = raise(&expr.clone().into(), &Lists).expect_err("no query");
        let known = |code: &&str| matches!(*code, "field-comparison" | "field-to-field" | "regex");
        assert!(codes.iter().map(|refusal| refusal.code).any(|code| known(&code)), "{codes:?}");
    }
    let within = Op::Field { other: "list".into(), affix: Affix::Within, case: Case::Sensitive };
    assert!(raise(&test("f", within).into(), &Lists).is_err());
}

#[test]
fn comparisons_of_lists_are_read_at_a_loss() {
    for (condition, losses) in [
        (r#"list == "a""#, vec![Effect::Wider]),
        (r#"list != "a""#, vec![Effect::Wider]),
        (r#"NOT list LIKE "a*""#, vec![Effect::Wider]),
        (r#"CIDR_MATCH(ips, "10.0.0.0/8")"#, vec![Effect::Wider]),
        (r#"CASE(list == "a", "x", "y") == "y""#, vec![Effect::Overlapping]),
        (r#"(list == "a") IS NULL"#, vec![Effect::Overlapping]),
        (r#"list : "a""#, vec![]),
        (r#"MV_CONTAINS(list, "a")"#, vec![]),
        ("list IS NULL", vec![]),
    ] {
        let text = format!("FROM logs | WHERE {condition}");
        let done = lower(&query(&text), &Lists).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let found: Vec<_> = done.losses.iter().map(|loss| loss.effect).collect();
        assert_eq!(found, losses, "{condition}");
        assert!(done.losses.iter().all(|loss| loss.code == "several-values"), "{condition}");
        assert_eq!(done.assumptions, [], "{condition}");
    }
    let text = r#"FROM logs | WHERE list == "a" | STATS c = COUNT(*) BY f | WHERE c < 5"#;
    let done = lower(&query(text), &Lists).expect("a threshold");
    assert_eq!(
        done.losses.iter().map(|loss| loss.effect).collect::<Vec<_>>(),
        [Effect::Overlapping]
    );
}

#[test]
fn small_letters_of_lists_are_any_case() {
    let text = r#"FROM logs | WHERE MV_CONTAINS(TO_LOWER(list), "ab")"#;
    let done = lower(&query(text), &Lists).expect("a condition");
    let expr = done.value.as_match().expect("single events");
    assert!(expr.eval(&json!({"list": ["x", "aB"]})));
    assert!(!expr.eval(&json!({"list": ["x", "aBc"]})));
}

/// What is asked of the arguments of a process stays a question about each of them.
#[test]
fn every_language_of_elasticsearch_asks_for_some_value() {
    let kql = by_name("kql").expect("KQL");
    for text in [
        "process.args:(a and b)",
        "process.args:(a or b)",
        "not process.args:(a and b)",
        "process.args:a and not process.args:b",
        "process.args:(a and not b)",
        "not process.args:a*",
    ] {
        let read = kql.read(text).expect("KQL").lower(&EcsSchema).expect("a meaning").value;
        let Meaning::Match(expr) = &read else { panic!("single events") };
        for name in ["kql", "lucene", "eql", "esql"] {
            let language = by_name(name).expect("a language");
            let raised = language.raise(&read, &EcsSchema).expect("a query");
            assert_eq!((raised.losses, raised.assumptions), (vec![], vec![]), "{text} in {name}");
            let again = raised.value.lower(&EcsSchema).expect("a meaning").value;
            for args in [json!(["a", "b"]), json!(["a", "c"]), json!("a"), json!([]), json!(["b"])]
            {
                let event = json!({"process": {"args": args}});
                let again = again.as_match().expect("single events").eval(&event);
                assert_eq!(again, expr.eval(&event), "{text} in {name} on {event}");
            }
        }
    }
}

//! What expressions become in EQL, and what that costs.

use crosswalk::language::eql::{Eql, lower, parse};
use crosswalk::query::{
    Affix, Case, Counted, Effect, Expr, FieldFacts, FieldPath, Having, Meaning, Number, Op, Order,
    Part, Pattern, Schema, Subject, Test, Threshold, TimePart,
};

use super::common::expressions::matches as like;
use super::common::expressions::{self, Named, Raised, compare, is, test};

/// The fields of [`Named`], and one that is never `null`.
pub(crate) struct Fields;

impl Schema for Fields {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let never_null = field.as_str() == "whole";
        FieldFacts { never_null, single: never_null, ..Named.facts(field) }
    }
}

fn literal(field: &str, text: &str, case: Case) -> Expr {
    test(field, Op::Matches { pattern: Pattern::literal(text), case })
}

fn regex(field: &str, source: &str, flags: &str) -> Expr {
    test(field, expressions::regex(source, flags))
}

fn cidr(field: &str, network: &str) -> Expr {
    test(field, expressions::cidr(network))
}

fn not(expr: Expr) -> Expr {
    expr.negated()
}

/// The query for a meaning, or the refusals by code.
pub(crate) fn raised(meaning: &Meaning) -> Result<Raised, Vec<&'static str>> {
    expressions::raised::<Eql>(meaning, &Fields)
}

fn condition(expr: &Expr) -> String {
    let (text, losses, _) = raised(&expr.clone().into()).expect("a query");
    assert_eq!(losses, [], "{text}");
    text.strip_prefix("any where ").expect("any category").to_owned()
}

#[test]
fn a_negated_test_holds_where_the_field_is_missing() {
    let (a, b, c) = (is("f", "a"), is("f", "b"), is("g", "c"));
    let exists = |field| test(field, Op::Exists);
    for (expr, text) in [
        (a.clone(), r#"f == "a""#),
        (not(a.clone()), r#"?f == null or f != "a""#),
        (exists("f"), "f != null"),
        (not(exists("f")), "?f == null"),
        // The field is asked for, so the plain form says it.
        (Expr::all([exists("f"), not(a.clone())]), r#"f != "a""#),
        (Expr::all([b.clone(), not(a.clone())]), r#"f == "b" and f != "a""#),
        (Expr::all([exists("f"), a.clone()]), r#"f == "a""#),
        (
            Expr::all([c.clone(), not(a.clone()), not(b.clone())]),
            r#"g == "c" and (?f == null or f not in ("a", "b"))"#,
        ),
        (not(Expr::any_of([a.clone(), b.clone()])), r#"?f == null or f not in ("a", "b")"#),
        (
            not(Expr::all([a.clone(), c.clone()])),
            r#"?f == null or f != "a" or ?g == null or g != "c""#,
        ),
        (
            Expr::all([exists("f"), exists("g"), not(Expr::all([a.clone(), c.clone()]))]),
            r#"f != null and g != null and not (f == "a" and g == "c")"#,
        ),
        (
            Expr::any_of([not(exists("f")), Expr::all([c.clone(), not(a.clone())])]),
            r#"?f == null or g == "c" and f != "a""#,
        ),
        (Expr::any_of([not(a.clone()), not(b.clone())]), r#"?f == null or f != "a" or f != "b""#),
        (not(like("f", "a*", Case::Insensitive)), r#"?f == null or not f : "a*""#),
        (
            not(test(
                "f",
                Op::Field { other: "g".into(), affix: Affix::Start, case: Case::Sensitive },
            )),
            "?f == null or ?g == null or not startsWith(f, g)",
        ),
        (Expr::True, "true"),
        (Expr::False, "false"),
    ] {
        assert_eq!(condition(&expr), text, "{expr:?}");
        let again = lower(&parse(&format!("any where {text}")).expect("EQL"), &Fields);
        let again = again.expect("a meaning").value;
        assert_eq!(condition(again.as_match().expect("one event")), text, "writing is stable");
    }
}

#[test]
fn tests_of_one_field_become_a_list() {
    use Case::{Insensitive, Sensitive};
    let any = |members: Vec<Expr>| Expr::any_of(members);
    for (expr, text) in [
        (any(vec![is("f", "a"), is("g", "c"), is("f", "b")]), r#"f in ("a", "b") or g == "c""#),
        (any(vec![is("f", "a"), is("f", "a")]), r#"f == "a""#),
        (
            any(vec![literal("f", "a", Insensitive), like("f", "b*", Insensitive)]),
            r#"f : ("a", "b*")"#,
        ),
        (any(vec![like("f", "a*", Sensitive), is("f", "b")]), r#"f like "a*" or f == "b""#),
        (
            any(vec![compare("number", Order::Equal, 1.0), compare("number", Order::Equal, 2.5)]),
            "number in (1, 2.5)",
        ),
        (
            any(vec![cidr("ip", "10.0.0.0/8"), cidr("ip", "fe80::/10")]),
            r#"cidrMatch(ip, "10.0.0.0/8", "fe80::/10")"#,
        ),
        (any(vec![regex("f", "^a+$", ""), regex("f", "b", "")]), r#"f regex ("a+", ".*b.*")"#),
        (Expr::all([is("f", "a"), is("f", "b")]), r#"f == "a" and f == "b""#),
        (Expr::all([is("g", "c"), any(vec![is("f", "a"), is("h", "x")])]), {
            r#"g == "c" and (f == "a" or h == "x")"#
        }),
    ] {
        assert_eq!(condition(&expr), text, "{expr:?}");
    }
}

#[test]
fn each_operator_in_the_words_of_eql() {
    use Case::{Insensitive, Sensitive};
    let field = |affix| Op::Field { other: "whole".into(), affix, case: Insensitive };
    for (expr, text, assumptions) in [
        (is("f", r#"C:\a "b""#), r#"f == "C:\\a \"b\"""#, vec![]),
        (is("f", "a*"), r#"f == "a*""#, vec![]),
        (literal("f", "a*b", Insensitive), r#"f in~ ("a*b")"#, vec![]),
        (literal("f", "é", Insensitive), r#"f : "é""#, vec!["ascii-case"]),
        (like("f", "a?b*", Sensitive), r#"f like "a?b*""#, vec![]),
        (like("f", "*", Sensitive), "f != null", vec!["not-an-object"]),
        (
            test(
                "f",
                Op::Matches {
                    pattern: Pattern::from_iter([Part::Any, Part::Literal("*.a".into())]),
                    case: Insensitive,
                },
            ),
            r#"f regex~ """.*\*\.a""""#,
            vec![],
        ),
        (regex("f", r"(?i)^\\\\a\.b", ""), r#"f regex~ """\\\\a\.b.*""""#, vec![]),
        (regex("f", r"\d{2}", "s"), r#"f regex ".*[0-9]{2}.*""#, vec!["ascii-classes"]),
        (is("text", "a"), r#"text == "a""#, vec!["keyword-sub-field"]),
        (is("ip", "10.0.0.1"), r#"ip == "10.0.0.1""#, vec![]),
        (like("ip", "10.1.*", Sensitive), r#"cidrMatch(ip, "10.1.0.0/16")"#, vec![]),
        (cidr("ip", "10.0.0.1"), r#"ip == "10.0.0.1""#, vec![]),
        (cidr("f", "10.0.0.0/8"), r#"f like "10.*""#, vec!["canonical-form"]),
        (is("ip", "fe80::1"), r#"ip == "fe80::1""#, vec!["canonical-form"]),
        (is("number", "5"), "number == 5", vec!["canonical-form"]),
        (compare("number", Order::Less, -2.0), "number < -2", vec![]),
        (compare("number", Order::GreaterOrEqual, 1e300), "", vec![]),
        (compare("f", Order::Equal, 5.0), r#"f == "5""#, vec!["canonical-form"]),
        (literal("boolean", "TRUE", Insensitive), "boolean == true", vec![]),
        (is("flat", "a"), r#"flat == "a""#, vec![]),
        (like("flat", "a*", Sensitive), r#"startsWith(flat, "a")"#, vec![]),
        (test("whole", Op::Null), "false", vec!["empty-dropped"]),
        (test("f", field(Affix::End)), "endsWith~(f, whole)", vec![]),
        (
            test("f", field(Affix::Whole)),
            "startsWith~(f, whole) and startsWith~(whole, f)",
            vec!["single-valued"],
        ),
        (test("by", Op::Exists), "`by` != null", vec![]),
        (test("a-b.c.1d", Op::Exists), "`a-b`.c.`1d` != null", vec![]),
    ] {
        let (raised, losses, assumed) = raised(&expr.clone().into()).expect("a query");
        assert_eq!((losses.as_slice(), assumed), (&[][..], assumptions), "{raised}");
        if !text.is_empty() {
            assert_eq!(raised, format!("any where {text}"));
        }
        lower(&parse(&raised).expect("EQL"), &Fields).expect("a meaning");
    }
    let any_case = like("flat", "a*", Insensitive);
    let (text, losses, _) = raised(&any_case.into()).expect("a query");
    assert_eq!(text, r#"any where startsWith(flat, "a")"#);
    assert_eq!(losses, [("case", Effect::Narrower)]);
}

#[test]
fn what_eql_cannot_say_is_refused_by_name() {
    let insensitive = Case::Insensitive;
    let words = Op::Words(vec!["a".into()]);
    let number = Number::new(5.0).expect("finite");
    for (expr, code) in [
        (Expr::Test(Test { subject: Subject::Event, op: Op::is("a") }), "free-text"),
        (test("f", Op::Null), "null"),
        (test("text", words), "words"),
        (test("f", Op::Time { part: TimePart::Hour, order: Order::Less, number }), "time-part"),
        (regex("f", r"(a)\1", ""), "regex"),
        (regex("f", r"a(?=b)", ""), "regex"),
        (regex("flat", "a", ""), "flattened-wildcard"),
        (regex("ip", "a", ""), "regex"),
        (like("flat", "*a", Case::Sensitive), "flattened-wildcard"),
        (cidr("f", "fe80::/64"), "cidr-on-text"),
        (compare("f", Order::Less, 5.0), "numeric-comparison"),
        (is("number", "x"), "not-a-number"),
        (is("ip", "x"), "not-an-address"),
        (literal("boolean", "x", insensitive), "not-a-boolean"),
        (is("date", "2024-01-01"), "date"),
    ] {
        assert_eq!(raised(&expr.clone().into()), Err(vec![code]), "{expr:?}");
        assert_eq!(raised(&expr.negated().into()), Err(vec![code]));
    }
    let both = Expr::all([test("f", Op::Null), is("ip", "x")]);
    assert_eq!(raised(&both.into()).map_err(|refusals| refusals.len()), Err(2), "all at once");
    let having = Having { count: Counted::Events, order: Order::GreaterOrEqual, number };
    let threshold = Threshold { expr: Expr::True, group_by: vec![], having: vec![having] };
    assert_eq!(raised(&Meaning::Threshold(threshold)), Err(vec!["threshold"]));
}

#[test]
fn the_category_that_is_asked_for_stands_before_where() {
    for (expr, text) in [
        (is("event.category", "process"), "process where true"),
        (
            Expr::all([is("f", "a"), is("event.category", "web"), is("event.category", "iam")]),
            r#"web where f == "a" and event.category == "iam""#,
        ),
        (is("event.category", "any"), r#""any" where true"#),
        (is("event.category", "my category"), r#""my category" where true"#),
        (
            literal("event.category", "process", Case::Insensitive),
            r#"any where event.category : "process""#,
        ),
        (
            Expr::any_of([is("event.category", "a"), is("f", "a")]),
            r#"any where event.category == "a" or f == "a""#,
        ),
    ] {
        assert_eq!(raised(&expr.into()).expect("a query").0, text);
    }
}

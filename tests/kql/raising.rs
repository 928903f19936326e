//! What expressions become in KQL, and what that costs.

use crosswalk::language::kql::{Kql, lower, parse};
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, Number, Op, Order, Regex, Subject, Test, TimePart,
};

use super::common::expressions::{self, Named, Raised, any_case, compare, is, like, test};

/// The query for an expression, or the refusals by code.
fn raised(expr: &Expr) -> Result<Raised, Vec<&'static str>> {
    expressions::raised::<Kql>(&expr.clone().into(), &Named)
}

fn exact(expr: &Expr) -> String {
    let (text, losses, _) = raised(expr).expect("a query");
    assert_eq!(losses, [], "{text}");
    text
}

#[test]
fn tests_of_one_field_become_a_list() {
    let (a, b, c) = (is("f", "A"), is("f", "B"), is("g", "C"));
    let or = |members: &[&Expr]| Expr::any_of(members.iter().map(|m| (*m).clone()));
    let and = |members: &[&Expr]| Expr::all(members.iter().map(|m| (*m).clone()));
    let not = |expr: &Expr| expr.clone().negated();
    for (expr, query) in [
        (or(&[&a, &b]), r#"f:("A" or "B")"#),
        (or(&[&a, &c, &b]), r#"f:("A" or "B") or g:"C""#),
        (or(&[&a, &not(&b)]), r#"f:"A" or not f:"B""#),
        (or(&[&a, &a]), r#"f:"A""#),
        (or(&[&a, &test("f", Op::Exists)]), r#"f:"A" or f:*"#),
        (and(&[&a, &b]), r#"f:("A" and "B")"#),
        (and(&[&not(&a), &c, &not(&b)]), r#"not f:("A" or "B") and g:"C""#),
        (not(&or(&[&a, &b])), r#"not f:("A" or "B")"#),
        (not(&and(&[&not(&a), &not(&b)])), r#"f:("A" or "B")"#),
        (not(&or(&[&a, &c])), r#"not (f:"A" or g:"C")"#),
        (and(&[&c, &or(&[&a, &b])]), r#"g:"C" and f:("A" or "B")"#),
        (and(&[&c, &or(&[&a, &and(&[&b, &c])])]), r#"g:"C" and (f:"A" or f:"B" and g:"C")"#),
        (Expr::Not(Box::new(Expr::Not(Box::new(a.clone())))), r#"f:"A""#),
    ] {
        assert_eq!(exact(&expr), query);
        let again = lower(&parse(query).expect("KQL"), &Named).expect("a meaning").value;
        assert_eq!(exact(&again), query, "writing is stable");
    }
}

#[test]
fn literals_are_quoted_unless_they_are_plain() {
    for (text, literal) in [
        ("success", "success"),
        ("aws_s3", "aws_s3"),
        ("true", "true"),
        ("4625", "4625"),
        ("-0.5", "-0.5"),
        ("Root", r#""Root""#),
        ("aws.s3", r#""aws.s3""#),
        ("", r#""""#),
        ("or", r#""or""#),
        ("null", r#""null""#),
        ("cannot", r#""cannot""#),
        ("two words", r#""two words""#),
        (" edge ", r#"" edge ""#),
        ("C:\\Windows", r#""C:\\Windows""#),
        ("say \"hi\"", r#""say \"hi\"""#),
        ("line\nfeed", r#""line\nfeed""#),
        ("a*b?", r#""a*b?""#),
        ("1.", r#""1.""#),
        ("１", r#""１""#),
    ] {
        assert_eq!(exact(&is("f", text)), format!("f:{literal}"));
    }
}

#[test]
fn patterns_are_escaped_and_not_quoted() {
    for (pattern, literal) in [
        ("a*", "a*"),
        ("*C:\\Win*", "*C\\:\\\\Win*"),
        ("*a or b*", "*a \\or b*"),
        ("*can not do*", "*can \\u006eot do*"),
        ("*cannot*", "*cannot*"),
        ("or*", "or*"),
        ("*{\"x\"}*", "*\\{\\\"x\\\"\\}*"),
        ("a*b\tc", "a*b\\tc"),
        ("*", "*"),
    ] {
        assert_eq!(exact(&like("f", pattern)), format!("f:{literal}"));
    }
    assert_eq!(exact(&is("odd name:(x)", "a")), "odd name\\:\\(x\\):a");
    assert_eq!(exact(&is("null", "a")), "\"null\":a");
}

#[test]
fn losses_say_how_the_query_differs() {
    use Effect::{Narrower, Wider};
    for (expr, query, loss) in [
        (any_case("f", "abc"), "f:abc", ("case", Narrower)),
        (any_case("f", "abc").negated(), "not f:abc", ("case", Wider)),
        (like("f", "a?c"), "f:a*c", ("single-character-wildcard", Wider)),
        (like("f", "a??c").negated(), "not f:a*c", ("single-character-wildcard", Narrower)),
        (like("f", "?"), "f:*", ("single-character-wildcard", Wider)),
        (like("f", " a*"), "f:* a*", ("blank-at-end", Wider)),
        (like("f", "*a "), "f:*a *", ("blank-at-end", Wider)),
        (
            Expr::any_of([test("f", Op::Exists), test("f", Op::Null)]).negated(),
            "not f:*",
            ("null-dropped", Wider),
        ),
        (is("text", "Some words"), "text:\"Some words\"", ("analysed-text", Wider)),
        (like("text", "*Word*"), "text:*Word*", ("analysed-text", Wider)),
    ] {
        let (text, losses, _) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), losses), (query, vec![loss]));
    }
}

#[test]
fn assumptions_name_what_exactness_leans_on() {
    let assumptions = |expr: &Expr| {
        let (text, losses, assumptions) = raised(expr).expect("a query");
        assert_eq!(losses, [], "{text}");
        (text, assumptions)
    };
    for (expr, query, codes) in [
        (any_case("constant", "YES"), r#"constant:"Yes""#, vec!["fixed-case"]),
        (any_case("f", "10.0.*"), "f:10.0.*", vec![]),
        (is("number", "5"), "number:5", vec!["canonical-form"]),
        (is("ip", "10.0.0.1"), r#"ip:"10.0.0.1""#, vec![]),
        (is("ip", "fe80::1"), r#"ip:"fe80::1""#, vec!["canonical-form"]),
        (like("flat", "a*"), "flat:a*", vec![]),
        (like("f", "*a b"), "f:*a b", vec!["keyword-mapping"]),
        (compare("f", Order::Equal, 5.0), "f:5", vec!["canonical-form"]),
        (
            test("f", Op::Cidr(Cidr::parse("172.16.0.0/15").expect("a network"))),
            "f:(172.16.* or 172.17.*)",
            vec!["canonical-form"],
        ),
    ] {
        assert_eq!(assumptions(&expr), (query.to_owned(), codes));
    }
}

#[test]
fn types_of_fields_are_used() {
    let cidr = |text: &str| Op::Cidr(Cidr::parse(text).expect("a network"));
    for (expr, query) in [
        (test("ip", cidr("10.0.0.0/8")), r#"ip:"10.0.0.0/8""#),
        (test("ip", cidr("10.0.0.1/32")), r#"ip:"10.0.0.1""#),
        (like("ip", "10.1.*"), r#"ip:"10.1.0.0/16""#),
        (compare("number", Order::GreaterOrEqual, 2.5), "number >= 2.5"),
        (compare("number", Order::Equal, -1.0), "number:-1"),
        (any_case("boolean", "True"), "boolean:true"),
        (test("text", Op::Words(vec!["some".into(), "words".into()])), r#"text:"some words""#),
        (test("text", Op::Words(vec!["word".into()])), "text:word"),
        (test("date", Op::Exists), "date:*"),
    ] {
        assert_eq!(exact(&expr), query);
    }
}

#[test]
fn what_kql_cannot_say_is_refused_by_name() {
    let other = Op::Field { other: "g".into(), affix: Affix::Whole, case: Case::Sensitive };
    let hour = Op::Time {
        part: TimePart::Hour,
        order: Order::Less,
        number: Number::new(6.0).expect("finite"),
    };
    let regex = |source: &str| Op::Regex(Regex::new(source, "").expect("a regex"));
    let keyword = |op: Op| Expr::from(Test { subject: Subject::Event, op });
    for (expr, code) in [
        (test("f", regex("ba+b")), "regex"),
        (test("f", regex("[^a]")), "regex"),
        (test("f", regex(".{200,}")), "regex"),
        (test("f", other), "field-to-field"),
        (test("f", hour), "time-part"),
        (keyword(Op::Null), "free-text"),
        (keyword(Op::Words(vec!["x".into()])), "free-text"),
        (keyword(regex(r"\bx")), "regex"),
        (test("f", Op::Cidr(Cidr::parse("2001:db8::/32").expect("a network"))), "cidr-on-text"),
        (test("text", Op::Cidr(Cidr::parse("10.0.0.0/8").expect("a network"))), "cidr-on-text"),
        (test("f", Op::Null), "never-matches"),
        (test("f", Op::Words(vec!["x".into()])), "words"),
        (compare("f", Order::Less, 5.0), "numeric-comparison"),
        (compare("ip", Order::Equal, 5.0), "numeric-comparison"),
        (is("ip", "ec2.amazonaws.com"), "not-an-address"),
        (is("ip", "0:0:0:0:0:0:0:1"), "not-an-address"),
        (like("ip", "10.*.1"), "not-an-address"),
        (is("number", "05"), "not-a-number"),
        (like("number", "5*"), "not-a-number"),
        (is("boolean", "True"), "not-a-boolean"),
        (is("date", "2024-01-01"), "date"),
        (like("text", "a*b"), "analysed-text"),
        (is("text", "--"), "analysed-text"),
        (Expr::False, "never-matches"),
    ] {
        assert_eq!(raised(&expr), Err(vec![code]), "{expr:?}");
    }
    let both = Expr::all([test("f", regex("ba+b")), is("date", "x")]);
    assert_eq!(raised(&both), Err(vec!["date", "regex"]), "all refusals at once");
}

#[test]
fn constants_vanish() {
    let (null, a) = (test("constant", Op::Null), is("f", "a"));
    let missing = test("constant", Op::Exists).negated();
    assert_eq!(exact(&Expr::True), "*");
    assert_eq!(exact(&Expr::any_of([null.clone(), missing])), "not constant:*");
    assert_eq!(exact(&Expr::all([null.clone().negated(), a.clone()])), "f:a");
    assert_eq!(exact(&Expr::Or(vec![null.clone(), a.clone()])), "f:a");
    let (_, _, assumptions) = raised(&Expr::Or(vec![null.clone(), a])).expect("a query");
    assert_eq!(assumptions, ["empty-dropped"]);
    assert_eq!(raised(&null), Err(vec!["never-matches"]));
}

#[test]
fn expressions_become_patterns_where_those_say_the_same() {
    let regex = |field: &str, source: &str, flags: &str| {
        test(field, Op::Regex(Regex::new(source, flags).expect("a regex")))
    };
    let query = |text: &str| text.to_owned();
    for (expr, text, losses, assumptions) in [
        (regex("f", "^https?://a", ""), query("f:(http\\://a* or https\\://a*)"), vec![], vec![]),
        (regex("f", "^a$", ""), query("f:a"), vec![], vec![]),
        (regex("f", "a.*b", ""), query("f:*a*b*"), vec![], vec!["one-line"]),
        (regex("f", "a|b", "").negated(), query("not f:(*a* or *b*)"), vec![], vec![]),
        (regex("f", "abc", "i"), query("f:*abc*"), vec!["case"], vec![]),
        (regex("constant", "^yes$", "i"), query("constant:\"Yes\""), vec![], vec!["fixed-case"]),
        (regex("f", "^a.c$", "s"), query("f:a*c"), vec!["single-character-wildcard"], vec![]),
        (regex("ip", r"^10\.", ""), query("ip:\"10.0.0.0/8\""), vec![], vec![]),
    ] {
        let (written, lost, assumed) = raised(&expr).expect("a query");
        let lost: Vec<_> = lost.into_iter().map(|(code, _)| code).collect();
        assert_eq!((written, lost, assumed), (text, losses, assumptions));
    }
}

#[test]
fn a_value_without_a_field_is_looked_for_in_the_default_fields() {
    use Effect::{Narrower, Wider};
    let anywhere = |pattern: &str, case: Case| {
        Expr::from(Test {
            subject: Subject::Event,
            op: Op::Matches { pattern: expressions::glob(pattern), case },
        })
    };
    let exact = |pattern: &str| anywhere(pattern, Case::Sensitive);
    for (expr, query, losses) in [
        (exact("*4625*"), "*4625*", vec![]),
        (exact("whole value"), "\"whole value\"", vec![]),
        (
            anywhere("*drop table*", Case::Insensitive),
            "*drop* and *table*",
            vec![("case", Narrower), ("free-text", Wider)],
        ),
        (exact("* x *"), "*x*", vec![("free-text", Wider)]),
        (exact("a?b*"), "a*b*", vec![("single-character-wildcard", Wider)]),
        (exact("*x y*").negated(), "not (*x* and *y*)", vec![("free-text", Narrower)]),
        (
            Test {
                subject: Subject::Event,
                op: Op::Regex(Regex::new("ab?c", "").expect("a regex")),
            }
            .into(),
            "*ac* or *abc*",
            vec![],
        ),
    ] {
        let (text, lost, assumed) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), lost, assumed), (query, losses, vec!["default-fields"]));
    }
    assert_eq!(raised(&exact("*")).expect("a query").0, "*");
    assert_eq!(raised(&exact("* *")), Err(vec!["free-text"]));
}

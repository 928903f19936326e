//! What expressions become as query strings, and what that costs.

use crosswalk::language::lucene::parse;
use crosswalk::language::lucene::pretty;
use crosswalk::query::{
    Affix, Case, Effect, Expr, FieldPath, Number, Op, Order, Subject, Test, TimePart,
};

use super::common::expressions::{self, any_case, compare, glob, is, like, regex, test};
use super::fields::{meaning, raised};

fn cidr(field: &str, net: &str) -> Expr {
    test(field, expressions::cidr(net))
}

#[test]
fn junctions_are_written_as_people_write_them() {
    let (a, b, c) = (is("f", "a"), is("f", "b"), is("g", "c"));
    let or = |members: &[&Expr]| Expr::any_of(members.iter().map(|m| (*m).clone()));
    let and = |members: &[&Expr]| Expr::all(members.iter().map(|m| (*m).clone()));
    let not = |expr: &Expr| expr.clone().negated();
    for (expr, query) in [
        (or(&[&a, &b]), "f:(a OR b)"),
        (or(&[&a, &c, &b]), "f:(a OR b) OR g:c"),
        (or(&[&a, &not(&b)]), "f:a OR (NOT f:b)"),
        (or(&[&a, &a]), "f:a"),
        (and(&[&a, &b]), "f:(a AND b)"),
        (and(&[&not(&a), &c, &not(&b)]), "NOT f:(a OR b) AND g:c"),
        (and(&[&not(&a), &not(&c)]), "NOT f:a AND NOT g:c"),
        (not(&or(&[&a, &b])), "NOT f:(a OR b)"),
        (not(&and(&[&not(&a), &not(&b)])), "f:(a OR b)"),
        (not(&or(&[&a, &c])), "NOT (f:a OR g:c)"),
        (and(&[&c, &or(&[&a, &b])]), "g:c AND f:(a OR b)"),
        (and(&[&c, &or(&[&a, &and(&[&b, &c])])]), "g:c AND (f:a OR (f:b AND g:c))"),
        (Expr::True, "*:*"),
        (Expr::False, "NOT *:*"),
    ] {
        let (text, losses, _) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), losses), (query, vec![]));
        let again = meaning(query).value;
        assert_eq!(raised(&again).expect("a query").0, query, "writing is stable");
    }
}

#[test]
fn literals_are_written_so_that_they_are_read_as_texts() {
    for (text, literal) in [
        ("success", "success"),
        ("ec2.amazonaws.com", "ec2.amazonaws.com"),
        ("us-east-1", "us-east-1"),
        ("4625", "4625"),
        ("AND", r#""AND""#),
        ("or", "or"),
        ("-5", r#""-5""#),
        (">=5", r#"">=5""#),
        ("", r#""""#),
        ("two words", r#""two words""#),
        (r#"C:\"x""#, r#""C:\\\"x\"""#),
        ("line\nbreak", r#""line\u000abreak""#),
    ] {
        assert_eq!(raised(&is("f", text)).expect("a query").0, format!("f:{literal}"));
        assert_eq!(meaning(&format!("f:{literal}")).value, is("f", text));
    }
    for (pattern, written) in [
        ("*a b*", r"*a\ b*"),
        (r"*\x:y?", r"*\\x\:y?"),
        ("-*", r"\-*"),
        (">*", ">*"),
        ("*/etc/*", r"*\/etc\/*"),
    ] {
        assert_eq!(raised(&like("f", pattern)).expect("a query").0, format!("f:{written}"));
        assert_eq!(meaning(&format!("f:{written}")).value, like("f", pattern));
    }
    let spaced = raised(&is("a b", "x")).expect("a query").0;
    assert_eq!(spaced, r"a\ b:x");
}

#[test]
fn any_case_is_exact() {
    for (expr, query, codes) in [
        (any_case("f", "*cmd.exe"), r"f:/.*[Cc][Mm][Dd]\.[Ee][Xx][Ee]/", &[][..]),
        (any_case("f", "a/b"), r"f:/[Aa]\/[Bb]/", &[]),
        (any_case("f", "key"), "f:/[Kk][Ee][Yy]/", &["plain-letters"]),
        (any_case("f", "É?"), "f:/[Éé]./", &[]),
        (any_case("f", "10.0.*"), "f:10.0.*", &[]),
        (any_case("constant", "NO"), "constant:No", &["fixed-case"]),
        (test("f", regex("^ab", "i")), "f:/[Aa][Bb].*/", &[]),
        (test("f", regex(r"a\d/", "")), r"f:/.*a[0-9]\/.*/", &["ascii-classes"]),
        // Wherever the switch for any case stands; a class lacks the long s as well.
        (test("f", regex("(?i)^key$", "")), "f:/[Kk][Ee][Yy]/", &["plain-letters"]),
        (test("f", regex("(?i)^[r-t]$", "")), "f:/[R-Tr-t]/", &["plain-letters"]),
        (test("f", regex("(?i)^a$", "")), "f:/[Aa]/", &[]),
        (like("f", "*"), "_exists_:f", &["not-an-object"]),
        (test("f", regex(r"[ab]\\$", "")), r"f:/.*[ab][\\]/", &[]),
    ] {
        let (text, losses, assumptions) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), losses, assumptions), (query, vec![], codes.to_vec()));
        assert_eq!(raised(&meaning(query).value).expect("a query").0, query, "writing is stable");
    }
    let read = meaning(r"f:/.*[Cc][Mm][Dd]\.[Ee][Xx][Ee]/").value;
    assert_eq!(read, any_case("f", "*cmd.exe"), "read back as what it was");
}

#[test]
fn values_of_other_types() {
    for (expr, query) in [
        (compare("number", Order::GreaterOrEqual, 5.0), "number:>=5"),
        (compare("number", Order::Less, -0.5), "number:<-0.5"),
        (compare("number", Order::Equal, 5.0), "number:5"),
        (cidr("ip", "10.0.0.0/8"), r#"ip:"10.0.0.0/8""#),
        (test("text", Op::Words(vec!["a".into(), "b".into()])), r#"text:"a b""#),
        (test("f", Op::Exists), "_exists_:f"),
        (like("f", "*"), "_exists_:f"),
        (is("boolean", "true"), "boolean:true"),
        (like("flat", "a*"), "flat:a*"),
        (cidr("f", "10.0.0.1/32"), "f:10.0.0.1"),
    ] {
        let (text, losses, _) = raised(&expr).expect("a query");
        assert_eq!((text.as_str(), losses), (query, vec![]));
    }
    let private = raised(&cidr("f", "172.16.0.0/12")).expect("a query");
    assert!(private.0.starts_with(r"f:/172\.(1[6-9]|2[0-9]|3[01])\."), "{}", private.0);
    let local = raised(&cidr("f", "fe80::/10")).expect("a query");
    assert_eq!(local.0, "f:/fe[89ab][0-9a-f]:.*/");
    assert_eq!(local.2, ["canonical-form"]);
}

#[test]
fn losses_and_refusals_have_names() {
    let long = "a".repeat(400);
    let case = vec![("case", Effect::Narrower)];
    assert_eq!(raised(&any_case("f", &long)).expect("a query").1, case);
    assert_eq!(raised(&any_case("flat", "ab")).expect("a query").1, case);
    let wider = vec![("analysed-text", Effect::Wider)];
    assert_eq!(raised(&is("text", "a b")).expect("a query").1, wider);
    let subject = |op| Expr::Test(Test { subject: Subject::Event, op });
    let keyword = Op::Matches { pattern: glob("*error*"), case: Case::Sensitive };
    let (text, losses, assumptions) = raised(&subject(keyword)).expect("a query");
    assert_eq!(
        (text.as_str(), losses, assumptions),
        ("/.*error.*/", vec![], vec!["default-fields"])
    );

    let other = FieldPath::from("g");
    let number = Number::new(1.0).expect("finite");
    for (expr, code) in [
        (
            test("f", Op::Field { other, affix: Affix::Whole, case: Case::Sensitive }),
            "field-to-field",
        ),
        (test("f", Op::Time { part: TimePart::Hour, order: Order::Less, number }), "time-part"),
        (compare("f", Order::Less, 1.0), "numeric-comparison"),
        (test("f", Op::Words(vec!["a".into()])), "words"),
        (test("f", Op::Null), "null"),
        (test("f", regex(r"a(?=b)", "")), "regex-dialect"),
        (test("text", regex("a", "")), "analysed-text"),
        (test("flat", regex("a", "")), "regex"),
        (like("flat", "*a"), "flattened-wildcard"),
        (like("text", "a*b"), "analysed-text"),
        (like("ip", "*1"), "not-an-address"),
        (like("number", "1*"), "not-a-number"),
        (is("boolean", "yes"), "not-a-boolean"),
        (is("date", "2024"), "date"),
        (cidr("f", "::/0"), "cidr-on-text"),
        (cidr("number", "10.0.0.0/8"), "cidr-on-text"),
        (is("a*b", "x"), "field-name"),
        (subject(Op::Exists), "free-text"),
    ] {
        assert_eq!(raised(&expr), Err(vec![code]), "{expr:?}");
    }
}

#[test]
fn long_queries_are_broken_between_clauses() {
    let query = parse(
        r#"event.provider:ec2.amazonaws.com AND event.action:(CreateSecurityGroup OR RevokeSecurityGroupEgress) AND NOT (a:1 OR (e:4 AND f:"a rather long value"))"#,
    )
    .expect("a query");
    let lines = [
        "event.provider:ec2.amazonaws.com",
        "AND event.action:(",
        "  CreateSecurityGroup",
        "  OR RevokeSecurityGroupEgress",
        ")",
        "AND NOT (",
        "  a:1",
        "  OR (",
        "    e:4",
        r#"    AND f:"a rather long value""#,
        "  )",
        ")",
    ];
    assert_eq!(pretty(&query, 34), lines.join("\n"));
    assert_eq!(parse(&pretty(&query, 34)).as_ref(), Ok(&query));
}

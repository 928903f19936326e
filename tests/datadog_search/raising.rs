//! From expressions to queries: style, costs and refusals.

use crosswalk::language::datadog::{print, raise};
use crosswalk::query::{
    Affix, Case, Cidr, Effect, Expr, FieldFacts, FieldPath, Number, Op, Order, Part, Pattern,
    Regex, Schema, Subject, Test, TimePart,
};

use crate::{meaning, printed};

/// A schema in which every field has the same facts.
struct All(FieldFacts);

impl Schema for All {
    fn facts(&self, _: &FieldPath) -> FieldFacts {
        self.0.clone()
    }
}

fn query(expr: &Expr) -> String {
    match raise(expr, &()) {
        Ok(translated) => print(&translated.value),
        Err(refusals) => panic!("{refusals:?}"),
    }
}

fn test(path: &str, op: Op) -> Expr {
    Test::field(path, op).into()
}

fn matches(path: &str, pattern: Pattern, case: Case) -> Expr {
    test(path, Op::Matches { pattern, case })
}

fn compare(path: &str, order: Order, number: f64) -> Expr {
    test(path, Op::Compare { order, number: Number::new(number).expect("finite") })
}

fn prefix(text: &str) -> Pattern {
    [Part::Literal(text.to_owned()), Part::Any].into_iter().collect()
}

#[test]
fn queries_are_written_as_datadog_writes_them() {
    for (given, expected) in [
        (
            "source:cloudtrail AND @evt.name:(A OR B) AND NOT @level:Error",
            "source:cloudtrail @evt.name:(A OR B) -@level:Error",
        ),
        ("(a:1 OR b:2) (c:3)", "(a:1 OR b:2) c:3"),
        ("(a:1 b:2) OR c:3", "a:1 b:2 OR c:3"),
        ("NOT (a:1 AND b:2)", "-(a:1 b:2)"),
        ("- - a:1", "a:1"),
        ("+a:1 || b:2 && c:3", "a:1 OR b:2 c:3"),
        ("((-a:1 -b:2) (-c:3 -d:4))", "-a:1 -b:2 -c:3 -d:4"),
        ("@a:(x)", "@a:x"),
        ("@a:(x y)", "@a:(x AND y)"),
        ("@a:(x (y OR -z))", "@a:(x AND (y OR -z))"),
        ("@a:(-x)", "@a:(-x)"),
        ("hello world", "hello AND world"),
        (r#""hello world" env:x"#, r#""hello world" env:x"#),
        ("_exists_:@a _missing_:b", "@a:* -b:*"),
        ("*:*", "*"),
        ("", "*"),
        (r"@a:\APN\/*", r"@a:APN/*"),
        (r"@a:hello\:world", r#"@a:"hello:world""#),
        (r"@a:*\:EC2\/*", r"@a:*\:EC2/*"),
        (r#"@a:"amazon-security-lake""#, "@a:amazon-security-lake"),
        (r#"@a:"-x""#, r#"@a:"-x""#),
        (r#"@a:"" @b:"C:\\x""#, r#"@a:"" @b:"C:\\x""#),
        (r#"@a:"OR" "NOTICE" NOTICE*"#, r#"@a:"OR" "NOTICE" AND \NOTICE*"#),
        (r"@a\ b:1 k\:l:2", r"@a\ b:1 k\:l:2"),
        ("@a:[1.0 TO 3.9] @b:{* TO 5} @c:>=-2", "@a:[1 TO 3.9] @b:{* TO 5} @c:>=-2"),
        ("CIDR(@a, 10.0.0.0/8 , fe80::/10)", "CIDR(@a,10.0.0.0/8,fe80::/10)"),
        ("#slow:>5 *:word*", "#slow:>5 *:word*"),
    ] {
        assert_eq!(printed(given), expected, "{given}");
        assert_eq!(printed(expected), expected, "{given}");
    }
}

#[test]
fn tests_of_one_field_become_one_group() {
    for (given, expected) in [
        ("@a:1 OR @b:2 OR @a:3*", "@a:(1 OR 3*) OR @b:2"),
        ("-(@a:1 OR @a:2)", "-@a:(1 OR 2)"),
        ("-@a:1 -@a:2", "-@a:1 -@a:2"),
        ("env:x OR team:y OR env:z", "env:(x OR z) OR team:y"),
        (r#"tags:"env:x" OR tags:lonely"#, "env:x OR tags:lonely"),
        (r#"tags:"source:x""#, r#"tags:"source:x""#),
        ("@a:5 OR @a:>7", "@a:(5 OR >7)"),
        ("CIDR(@a,10.0.0.0/8) OR @b:1 OR CIDR(@a,::1)", "CIDR(@a,10.0.0.0/8,::1/128) OR @b:1"),
        ("@a:[1 TO 5]", "@a:>=1 @a:<=5"),
        ("@a:[5 TO 5]", "@a:[5 TO 5]"),
        ("host:x trace_id:y message:z timestamp:1", "host:x trace_id:y message:z timestamp:1"),
    ] {
        assert_eq!(query(&meaning(given)), expected, "{given}");
    }
}

#[test]
fn bounds_of_a_single_value_become_a_range() {
    let single = All(FieldFacts { single: true, ..FieldFacts::default() });
    for (given, expected) in [
        ("@a:>=1 @b:2 @a:<=5", "@a:[1 TO 5] @b:2"),
        ("@a:<5 @a:>1", "@a:{1 TO 5}"),
        ("@a:>=1 @a:<5", "@a:>=1 @a:<5"),
        ("@a:>=5 @a:<=1", "@a:>=5 @a:<=1"),
        ("@a:>=1 @b:<=5", "@a:>=1 @b:<=5"),
    ] {
        let translated = raise(&meaning(given), &single).expect(given);
        assert_eq!(print(&translated.value), expected, "{given}");
    }
}

#[test]
fn constants_go_away() {
    let a = || test("attributes.a", Op::is("x"));
    assert_eq!(query(&Expr::True), "*");
    assert_eq!(query(&Expr::Or(vec![Expr::False, a()])), "@a:x");
    assert_eq!(query(&Expr::And(vec![Expr::True, Expr::Not(Box::new(Expr::False)), a()])), "@a:x");
    assert_eq!(query(&Expr::And(Vec::new())), "*");
}

#[test]
fn costs_are_named() {
    use Case::{Insensitive, Sensitive};
    let word = |text| Pattern::literal(text);
    let event = |op| Expr::from(Test { subject: Subject::Event, op });
    for (expr, expected, losses, assumptions) in [
        (matches("source", word("ab"), Insensitive), "source:ab", vec!["case"], vec![]),
        (matches("source", word("12"), Insensitive), "source:12", vec![], vec![]),
        (matches("source", word("ab"), Sensitive), "source:ab", vec![], vec![]),
        (matches("message", prefix("ab"), Insensitive), "ab*", vec![], vec![]),
        (matches("message", prefix("a-b"), Insensitive), "message:a-b*", vec!["case"], vec![]),
        (matches("message", prefix("ab"), Sensitive), "message:ab*", vec![], vec![]),
        (
            matches("source", Pattern::any(), Insensitive),
            "source:*",
            vec![],
            vec!["not-an-object", "null-is-absent"],
        ),
        (test("source", Op::Exists), "source:*", vec![], vec!["null-is-absent"]),
        (compare("attributes.a", Order::Less, 2.5), "@a:<2.5", vec![], vec!["numeric-facet"]),
        (event(Op::Words(vec!["ab".into()])), "*:ab", vec![], vec!["full-text-search"]),
        (
            event(Op::Matches { pattern: prefix("ab"), case: Insensitive }),
            "*:ab*",
            vec![],
            vec!["full-text-search"],
        ),
        (event(Op::is("a b")), "*:\"a b\"", vec!["full-text"], vec!["full-text-search"]),
        (test("message", Op::Words(vec!["a".into(), "b".into()])), "\"a b\"", vec![], vec![]),
        (
            test("attributes.a", Op::Cidr(Cidr::parse("10.0.0.0/8").expect("a network"))),
            "CIDR(@a,10.0.0.0/8)",
            vec![],
            vec![],
        ),
    ] {
        let translated = raise(&expr, &()).expect(expected);
        let codes: Vec<_> = translated.losses.iter().map(|loss| loss.code).collect();
        let assumed: Vec<_> = translated.assumptions.iter().map(|it| it.code).collect();
        assert_eq!(print(&translated.value), expected);
        assert_eq!((codes, assumed), (losses, assumptions), "{expected}");
    }
}

#[test]
fn expressions_become_patterns_where_those_say_the_same() {
    let regex = |source: &str, flags: &str| {
        test("attributes.a", Op::Regex(Regex::new(source, flags).expect("an expression")))
    };
    for (expr, expected, losses, assumptions) in [
        (regex("^a.c$", "s"), "@a:a?c", vec![], vec![]),
        (regex("a.c", ""), "@a:*a?c*", vec![], vec!["one-line"]),
        (regex("^(Get|Put)Object$", ""), "@a:(GetObject OR PutObject)", vec![], vec![]),
        (regex("x$", "i"), "@a:*x", vec!["case"], vec![]),
        (regex(r"^a\s$", ""), r#"@a:"a ""#, vec!["control-character"], vec!["ascii-classes"]),
        (
            Test { subject: Subject::Event, op: Op::Regex(Regex::new("ab?c", "").expect("one")) }
                .into(),
            "*:*ac* OR *:*abc*",
            vec!["full-text", "full-text"],
            vec!["full-text-search"],
        ),
    ] {
        let translated = raise(&expr, &()).expect(expected);
        let codes: Vec<_> = translated.losses.iter().map(|loss| loss.code).collect();
        let assumed: Vec<_> = translated.assumptions.iter().map(|it| it.code).collect();
        assert_eq!(print(&translated.value), expected);
        assert_eq!((codes, assumed), (losses, assumptions), "{expected}");
    }
}

#[test]
fn effects_are_seen_from_outside() {
    let insensitive = matches("source", Pattern::literal("ab"), Case::Insensitive);
    let effect = |expr: &Expr| raise(expr, &()).expect("it can be said").losses[0].effect;
    assert_eq!(effect(&insensitive), Effect::Narrower);
    assert_eq!(effect(&insensitive.negated()), Effect::Wider);
}

#[test]
fn null_is_a_matter_of_the_schema() {
    let expr = Expr::any_of([test("attributes.a", Op::Null), test("attributes.b", Op::is("x"))]);
    let never_null = All(FieldFacts { never_null: true, ..FieldFacts::default() });
    let translated = raise(&expr, &never_null).expect("it can be said");
    assert_eq!(print(&translated.value), "@b:x");
    assert_eq!(translated.assumptions[0].code, "never-null");
    let present = Expr::any_of([test("source", Op::Exists), test("source", Op::Null)]);
    let translated = raise(&present.negated(), &()).expect("it can be said");
    assert_eq!(print(&translated.value), "-source:*");
    let losses: Vec<_> = translated.losses.iter().map(|it| (it.code, it.effect)).collect();
    assert_eq!(losses, [("null", Effect::Wider)]);
    let alone = raise(&test("attributes.a", Op::Null), &never_null).expect_err("nothing is left");
    assert_eq!(alone[0].code, "matches-nothing");
}

#[test]
fn what_cannot_be_said_is_refused_with_all_reasons() {
    let regex = Op::Regex(Regex::new("ba+b", "").expect("an expression"));
    let other = FieldPath::new("attributes.b");
    let hour = Number::new(5.0).expect("finite");
    let network = Op::Cidr(Cidr::parse("10.0.0.0/8").expect("a network"));
    let refused = Expr::all([
        test("attributes.a", regex.clone()),
        test("attributes.a", Op::Field { other, affix: Affix::Whole, case: Case::Sensitive }),
        test("attributes.a", Op::Time { part: TimePart::Hour, order: Order::Less, number: hour }),
        test("attributes.a", Op::Words(vec!["a".into()])),
        test("attributes.a", Op::is("a\nb")),
        test("eventName", Op::is("x")),
        test("attributes.", Op::is("x")),
        test("tags", network),
        compare("tags", Order::Less, 1.0),
        test("message", Op::Words(vec!["a b".into()])),
        Test { subject: Subject::Event, op: regex }.into(),
        Test { subject: Subject::Event, op: Op::Null }.into(),
    ]);
    let mut codes: Vec<_> = raise(&refused, &())
        .expect_err("nothing of it can be said")
        .iter()
        .map(|r| r.code)
        .collect();
    codes.dedup();
    assert_eq!(
        codes,
        [
            "control-character",
            "field-comparison",
            "full-text-test",
            "no-such-field",
            "regex",
            "tag-test",
            "time-part",
            "words",
        ]
    );
    assert_eq!(raise(&Expr::False, &()).expect_err("no query")[0].code, "matches-nothing");
    let deep = (0..300).fold(Expr::True, |inner, _| Expr::Not(Box::new(inner)));
    assert_eq!(raise(&deep, &()).expect_err("too deep")[0].code, "nesting");
}

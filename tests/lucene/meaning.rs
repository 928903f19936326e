//! What queries mean, one test a trap.

use crosswalk::language::lucene::{lower, parse};
use serde_json::{Value, json};

use super::fields::{Fields, meaning};

/// Which of the letters a, b, c and d have to stand in the values of `f` for the query to match.
fn matches(query: &str, letters: &str) -> bool {
    let values: Vec<String> = letters.chars().map(String::from).collect();
    meaning(query).value.eval(&json!({ "f": values }))
}

#[test]
fn operators_have_no_precedence() {
    // (query, what it says, an event that it would match if it were read as a Boolean formula)
    for (query, equal, formula) in [
        ("f:a OR f:b AND f:c", "f:b AND f:c", "a"),
        ("f:a AND f:b OR f:c", "f:a AND f:b", "c"),
        ("f:a OR NOT f:b", "f:a AND NOT f:b", ""),
        ("f:a f:b AND f:c", "f:b AND f:c", "a"),
        ("f:a OR f:b -f:c", "(f:a OR f:b) AND NOT f:c", ""),
        ("+f:a f:b", "f:a", "a"),
        ("f:a AND f:b OR f:c AND f:d", "f:a AND f:b AND f:c AND f:d", "ab"),
        ("f:(a OR b AND c)", "f:b AND f:c", "a"),
    ] {
        assert_eq!(meaning(query).value, meaning(equal).value, "{query}");
        let explained = query == "+f:a f:b" || query.ends_with("-f:c");
        assert!(explained || !matches(query, formula), "{query} on {formula}");
    }
    assert!(matches("f:a OR (f:b AND f:c)", "a"), "parentheses say what was meant");
    assert!(matches("f:a OR (NOT f:b)", ""));
}

#[test]
fn what_only_prohibits_finds_everything_else() {
    assert!(matches("NOT f:a", "") && matches("-f:a", "b") && !matches("!f:a", "ab"));
    assert!(matches("NOT f:a NOT f:b", "c") && !matches("NOT f:a NOT f:b", "b"));
    assert!(matches("f:c OR (-f:a)", "b"));
    assert!(matches("*:*", "") && matches("*", "") && !matches("NOT *:*", "a"));
}

#[test]
fn words_that_no_operator_separates_are_one_text() {
    let event = |value: &str| json!({ "f": value, "text": value });
    assert!(meaning("f:(x y)").value.eval(&event("x y")));
    assert!(!meaning("f:(x y)").value.eval(&event("x")));
    assert!(meaning("f:(x OR y)").value.eval(&event("x")));
    assert!(meaning("text:(x y)").value.eval(&event("z Y")), "any of the words");
    assert!(meaning(r#"text:"x y""#).value.eval(&event("Z X-Y")));
    assert!(!meaning(r#"text:"x y""#).value.eval(&event("y x")));
    // The second word has no field any more.
    let query = parse("f:x y").expect("a query");
    assert!(lower(&query, &Fields).is_err());
}

#[test]
fn terms_mean_what_their_field_makes_of_them() {
    for (query, event, expected) in [
        ("f:Abc", json!({ "f": "abc" }), false),
        ("f:a*c", json!({ "f": "a.c" }), true),
        ("f:a?c", json!({ "f": "ac" }), false),
        (r"f:a\*c", json!({ "f": "abc" }), false),
        (r#"f:"a*c""#, json!({ "f": "abc" }), false),
        (r"f:C\:\\x\ y", json!({ "f": "C:\\x y" }), true),
        (r#"f:"""#, json!({ "f": "" }), true),
        (r#"f:"""#, json!({ "g": "" }), false),
        ("f:/a.*c/", json!({ "f": "xabc" }), false),
        ("f:/a.*c/", json!({ "f": "a\nc" }), true),
        ("f:/[aA][bB]/", json!({ "f": "Ab" }), true),
        ("f:*", json!({ "f": "" }), true),
        ("f:*", json!({}), false),
        ("_exists_:f", json!({ "f": [1] }), true),
        ("NOT _exists_:f", json!({ "g": 1 }), true),
        ("f:[* TO *]", json!({ "f": 1 }), true),
        ("f:a^2", json!({ "f": "a" }), true),
        ("(f:a OR f:b)^0.5", json!({ "f": "b" }), true),
        ("number:>=5", json!({ "number": 5 }), true),
        ("number:(>=5 AND <10)", json!({ "number": 10 }), false),
        ("number:[1 TO 5}", json!({ "number": 5 }), false),
        ("number:{1 TO *]", json!({ "number": 2 }), true),
        ("number:5", json!({ "number": 5.0 }), true),
        (r#"ip:"10.0.0.0/8""#, json!({ "ip": "10.1.2.3" }), true),
        ("ip:[10.0.0.1 TO 10.0.0.9]", json!({ "ip": "10.0.0.9" }), true),
        ("ip:[10.0.0.1 TO 10.0.0.9]", json!({ "ip": "10.0.0.10" }), false),
        ("boolean:true", json!({ "boolean": true }), true),
        ("text:wor*", json!(null), true),
        ("text:*or*", json!({ "text": "two WORDS" }), true),
    ] {
        let verdict = |event: &Value| {
            let query = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
            lower(&query, &Fields).map_or(true, |lowered| lowered.value.eval(event))
        };
        assert_eq!(verdict(&event), expected, "{query} on {event}");
    }
}

#[test]
fn what_a_meaning_leans_on_has_a_name() {
    for (query, codes) in [
        ("f:/[kK]ey/", &[][..]),
        ("f:/[kK][eE][yY]/", &["plain-letters"]),
        ("f:/[aA][bB]/", &[]),
        ("number:[1 TO 5]", &[]),
        ("numbers:[1 TO 5]", &["single-valued"]),
        ("/.*error.*/", &["default-fields"]),
        ("*error*", &["default-fields"]),
    ] {
        let lowered = meaning(query);
        let found: Vec<&str> = lowered.assumptions.iter().map(|a| a.code).collect();
        assert_eq!(found, codes, "{query}");
    }
}

#[test]
fn what_has_no_meaning_is_refused_at_its_place() {
    for (query, place, message) in [
        ("f:a OR error", "error", "default fields"),
        (r#""error 5""#, r#""error 5""#, "default fields"),
        ("f:a~1", "a~1", "words spelt like it"),
        (r#"text:"a b"~2"#, r#""a b"~2"#, "near one another"),
        (r"f\*:a", r"f\*", "a pattern as field name"),
        (r"_exists_:f\*", r"f\*", "a pattern as field name"),
        ("f:[a TO b]", "[a TO b]", "orders by their characters"),
        ("f:>5", ">5", "orders by their characters"),
        ("number:(>1 <5)", ">1 <5", "all words up to the next operator"),
        ("number:abc", "abc", "this is none"),
        ("ip:10.*", "10.*", "no wildcards"),
        ("date:2024", "2024", "point in time"),
        ("date:[now-1d TO now]", "[now-1d TO now]", "when the rule runs"),
        ("text:/a.*/", "/a.*/", "against each word"),
        (r#"text:"--""#, r#""--""#, "no word"),
        ("flat:/a.*/", "/a.*/", "flattened"),
        ("f:/(?i)a/", "/(?i)a/", "a group with a flag"),
        ("f:/a&b/", "/a&b/", "intersection"),
    ] {
        let parsed = parse(query).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
        let errors = lower(&parsed, &Fields).expect_err(query);
        let [error] = errors.as_slice() else { panic!("{query}: {errors:?}") };
        let found = &query[error.span.start..error.span.end];
        assert!(found == place || found == format!("({place})"), "{query}: {found}");
        assert!(error.message.contains(message), "{query}: {}", error.message);
    }
}

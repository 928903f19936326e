//! What is refused, where, and how that is said.

use crosswalk::language::datadog::{lower, parse};
use crosswalk::language::kit::QueryError;

/// Each error as `the text at its place: message`.
fn said(query: &str, errors: Vec<QueryError>) -> Vec<String> {
    let at = |error: &QueryError| query[error.span.start..error.span.end].to_owned();
    errors.iter().map(|error| format!("{}: {}", at(error), error.message)).collect()
}

fn syntax_errors(query: &str) -> Vec<String> {
    said(query, parse(query).expect_err(query))
}

#[test]
fn errors_name_their_place_and_cause() {
    for (query, expected) in [
        ("!@a:1", "!: `!` is no operator"),
        ("@a:x!", "!: `!` has a meaning of its own here"),
        ("@a:-5", "-: a value cannot start with `-`"),
        ("@a:", "@a:: the field has no value"),
        ("(@a:)", "@a:: the field has no value"),
        ("@a", "@a: `@a` has no value"),
        ("NOT (@n)", "@n: `@n` has no value"),
        ("@:x", "@: the name of the field is missing"),
        ("@a:(x", "(: this `(` is never closed"),
        ("@a:x)", "): this `)` closes nothing"),
        ("@a:()", "): a search term is missing here"),
        ("@a:(b:c OR d)", ":: `:` stands inside a value"),
        ("@a:b:c", ":: `:` stands inside a value"),
        ("@a:b(c)", "(: `(` has a meaning of its own here"),
        ("@a:AND", "AND: `AND` is an operator, not a value"),
        ("@a:\"x", "\": this quote is never closed"),
        ("@a:\"x\"y", "y: a blank is missing after the closing quote"),
        ("\"a b\":x", "\"a b\": the name of a field cannot be quoted"),
        ("@a:“x”", "“: `“` is not a quote that Datadog knows"),
        ("@a:x\u{a0}y", "\u{a0}: the character U+00A0 is no plain blank"),
        ("@a:x\\", "\\: the backslash at the end escapes nothing"),
        ("@a*:x", "@a*: wildcards work in values, not in names"),
        ("a*:x", "a*: wildcards work in values, not in names"),
        ("*:(a OR b)", "(: a word or quoted text is missing after `*:`"),
        ("@a:1&&@b:2", "&: `&&` stands inside a search term"),
        ("AND @a:1", "AND: AND has no search term before it"),
        ("@a:1 AND", "AND: AND has no search term after it"),
        ("@a:1 AND OR @b:2", "AND: AND has no search term after it"),
        ("@a:1 OR", ": a search term is missing here"),
        ("@a:1 -", "-: nothing follows the operator"),
        ("@a:[1 TO 5}", "[1 TO 5}: the brackets of the range differ"),
        ("@a:[1 TO 5", "[1 TO 5: this range is never closed"),
        ("@a:[1 5]", "[1 5: this is not a range"),
        ("@a:> 5", ">: a number is missing after the operator"),
        ("CIDR(@a)", "CIDR(@a: this is not a list of networks"),
        ("CIDR(@a,10.0.0.1/8)", "10.0.0.1/8: `10.0.0.1/8` is not a network"),
    ] {
        assert_eq!(syntax_errors(query), [expected], "{query}");
    }
}

#[test]
fn reading_goes_on_after_an_error() {
    assert_eq!(
        syntax_errors("!@a:1 @b: ) @c:[1 TO 2} CIDR(@d,x) (@e:x!y OR @f:(g:h i:j)) OR"),
        [
            "!: `!` is no operator",
            "@b:: the field has no value",
            "): this `)` closes nothing",
            "[1 TO 2}: the brackets of the range differ",
            "x: `x` is not a network",
            "!: `!` has a meaning of its own here",
            ":: `:` stands inside a value",
            ":: `:` stands inside a value",
            ": a search term is missing here",
        ]
    );
}

#[test]
fn hopeless_queries_are_given_up() {
    assert_eq!(syntax_errors(&"! ".repeat(1000)).len(), 20);
    for (start, deep) in [("", "("), ("", "-"), ("@a:", "("), ("", "NOT "), ("@a:(", "+(")] {
        let errors = syntax_errors(&format!("{start}{}", deep.repeat(5000)));
        assert!(errors[0].contains("nested deeper than 200 levels"), "{deep}: {}", errors[0]);
    }
    let long = "a".repeat(1 << 21);
    assert!(syntax_errors(&long)[0].contains("more than 1048576"));
}

#[test]
fn what_has_no_stated_meaning_is_refused_by_name() {
    for (query, expected) in [
        ("@a:[a TO z]", "[a TO z]: `a` is not a number"),
        ("@a:>b", ">b: `b` is not a number"),
        ("env:>5", ">5: tags are text and have no order"),
        ("tags:[1 TO 2]", "[1 TO 2]: tags are text and have no order"),
        ("CIDR(env,10.0.0.0/8)", "CIDR(env,10.0.0.0/8): a tag is not an address"),
        ("#slow:>5", "#slow:>5: the query tests a calculated field"),
        (r#"--- "***""#, r#""***": `***` has no letter or digit to search for"#),
        (
            "@errorCode:(Success) OR (-@errorCode:[0* TO z*] AND @errorCode:*)",
            "[0* TO z*]: `0*` is not a number",
        ),
    ] {
        let tree = parse(query).expect(query);
        let errors = lower(&tree, &()).expect_err(query);
        assert!(errors.iter().all(|error| error.help.is_some()), "{query}");
        assert_eq!(said(query, errors), [expected], "{query}");
    }
}

//! The grammar, held against Lucene's.

use crosswalk::language::lucene::{Clause, Node, Occur, Query, Term, parse, pretty, print};
use crosswalk::query::{Part, Pattern};
use serde_json::{Value, json};

use super::common::corpus;
use super::peers;

#[test]
fn every_query_of_pysigma_parses_and_survives_printing() {
    let Some(corpora) = corpus("", "queries that pySigma printed") else { return };
    let queries = peers::printed_by_pysigma(&corpora);
    let mut refused = 0;
    for (rule, text) in &queries {
        let query = match parse(text) {
            Ok(query) => query,
            Err(errors) => {
                eprintln!("{rule}: {:?}: {text:.200}", errors[0]);
                refused += 1;
                continue;
            }
        };
        let line = print(&query);
        assert_eq!(parse(&line).as_ref(), Ok(&query), "{rule}: {line}");
        let lines = pretty(&query, 80);
        assert_eq!(parse(&lines).as_ref(), Ok(&query), "{rule}:\n{lines}");
    }
    eprintln!("{} queries, {refused} refused", queries.len());
    assert!(queries.len() >= 5_000, "only {} queries found", queries.len());
}

/// `trees.jsonl` holds what the classic parser of Lucene 8.7 makes of texts: a list of traps, and
/// random ones. It was run as Elasticsearch runs it, with blanks kept between words.
#[test]
fn the_trees_are_those_of_lucene() {
    let (mut rows, mut refused, mut wrong) = (0, 0, 0);
    for line in include_str!("trees.jsonl").lines() {
        let row: Value = serde_json::from_str(line).expect("a JSON value a line");
        let text = row["query"].as_str().expect("a text");
        let lucene = &row["tree"];
        rows += 1;
        match parse(text) {
            Ok(query) if tree("", &query) == canonical(lucene) => {}
            Ok(query) => {
                wrong += 1;
                eprintln!("{text:?}:\n   {}\n   {lucene}", tree("", &query));
            }
            Err(_) if lucene.get("error").is_some() => refused += 1,
            // A sign before a blank and the like: grammatical, and never what was meant.
            Err(errors) if errors.iter().any(|e| e.code.name == "query-unsupported") => {
                refused += 1;
            }
            Err(errors) => {
                wrong += 1;
                eprintln!("{text:?}: {}\n   {lucene}", errors[0].message);
            }
        }
    }
    assert_eq!(wrong, 0, "of {rows} rows, {refused} of them refused");
    assert!(rows > 400 && refused < rows / 2, "{refused} of {rows} refused");
}

/// A tree in the notation of the table, which knows neither quotes nor words.
fn tree(field: &str, query: &Query) -> Value {
    match &query.value {
        Node::Clauses(clauses) => {
            let clause = |clause: &Clause| {
                let sign = match clause.occur {
                    Occur::Must => "+",
                    Occur::Should => "",
                    Occur::MustNot => "-",
                };
                json!([sign, tree(field, &clause.query)])
            };
            json!({ "clauses": clauses.iter().map(clause).collect::<Vec<_>>() })
        }
        Node::Field { name, query } => {
            let name: String = name.value.pattern().parts().iter().map(piece).collect();
            tree(&name, query)
        }
        Node::Boosted { query, factor } => {
            let factor: f32 = factor.as_str().parse().expect("a number");
            json!(["boost", tree(field, query), f64::from(factor)])
        }
        Node::Term(term) => match term {
            Term::Words(words) => json!(["text", field, words.text()]),
            Term::Fuzzy { text, .. } => json!(["fuzzy", field, text.text()]),
            Term::Phrase { text, .. } => json!(["text", field, text]),
            Term::Wildcard(wildcard) => {
                json!(["wildcard", field, wildcard.pattern().to_string()])
            }
            Term::Regex(expression) => json!(["regex", field, expression.source()]),
            Term::Compare(comparison) => {
                json!([
                    "text",
                    field,
                    format!("{}{}", comparison.order().sign(), comparison.text())
                ])
            }
            Term::Range { from, to } => {
                json!(["range", field, from.text, to.text, from.inclusive, to.inclusive])
            }
        },
    }
}

fn piece(part: &Part) -> &str {
    match part {
        Part::Literal(text) => text,
        _ => "*",
    }
}

/// A tree of the table with patterns and factors as [`tree`] writes them.
fn canonical(lucene: &Value) -> Value {
    if let Some(clauses) = lucene["clauses"].as_array() {
        let clause = |clause: &Value| json!([clause[0], canonical(&clause[1])]);
        return json!({ "clauses": clauses.iter().map(clause).collect::<Vec<_>>() });
    }
    let text = |at: usize| lucene[at].as_str().unwrap_or_default();
    match text(0) {
        "boost" => {
            let factor = lucene[2].as_f64().expect("a number") as f32;
            json!(["boost", canonical(&lucene[1]), f64::from(factor)])
        }
        "prefix" => {
            let pattern = Pattern::literal(text(2)).with_any_after();
            json!(["wildcard", text(1), pattern.to_string()])
        }
        "wildcard" => {
            let mut chars = text(2).chars();
            let mut parts = Vec::new();
            while let Some(c) = chars.next() {
                parts.push(match c {
                    '*' => Part::Any,
                    '?' => Part::One,
                    '\\' => Part::Literal(chars.next().map(String::from).unwrap_or_default()),
                    c => Part::Literal(c.to_string()),
                });
            }
            json!(["wildcard", text(1), Pattern::from_iter(parts).to_string()])
        }
        "regex" => {
            // The parser says it so, see `Expression`.
            let source = text(2).strip_suffix("\\\\").map(|start| format!("{start}[\\\\]"));
            json!(["regex", text(1), source.unwrap_or_else(|| text(2).to_owned())])
        }
        _ => lucene.clone(),
    }
}

#[test]
fn errors_say_where_and_what() {
    for (text, place, message) in [
        ("", 0, "the query is empty"),
        ("a AND", 5, "expected a term, found the end of the query"),
        ("AND a", 0, "there is nothing before this operator"),
        ("a AND OR b", 6, "one operator follows another"),
        ("NOT NOT a", 4, "one sign follows another"),
        ("f:", 2, "expected a term, found the end of the query"),
        ("f:g:x", 3, "expected a term, found `:`"),
        ("(a OR b", 0, "this is not closed"),
        ("a) b", 1, "this `)` closes nothing"),
        ("()", 1, "expected a term, found `)`"),
        ("f:\"a", 2, "this quote is not closed"),
        ("/etc", 0, "this slash starts a regular expression"),
        ("f:[1 TO 5", 2, "this range is not closed"),
        ("f:[1 5]", 2, "this range lacks"),
        ("a]", 1, "this `]` closes no range"),
        ("a^b", 1, "`^` needs a number"),
        ("a*~2", 2, "`~` stands after a word or a phrase only"),
        ("C:\\users", 2, "`\\u` needs four hexadecimal digits"),
        ("a - b", 2, "`-` before a blank is no operator"),
        ("a\\", 1, "a backslash needs a character after it"),
    ] {
        let errors = parse(text).expect_err(text);
        assert_eq!(errors[0].span.start, place, "{text:?}: {errors:?}");
        assert!(errors[0].message.starts_with(message), "{text:?}: {}", errors[0].message);
    }
    let starts = |text: &str| -> Vec<usize> {
        parse(text).err().into_iter().flatten().map(|error| error.span.start).collect()
    };
    assert_eq!(starts("f:: AND c:(NOT NOT d) AND e:"), [2, 15, 28]);
    assert_eq!(starts(&"f:: OR ".repeat(100)).len(), 20, "no more than a person reads");
}

#[test]
fn nesting_and_length_are_bounded() {
    for open in ["(", "f:(", "NOT (", "(a AND "] {
        let nested = |levels: usize| format!("{}x{}", open.repeat(levels), ")".repeat(levels));
        let query = parse(&nested(200)).expect("200 levels are allowed");
        assert_eq!(parse(&pretty(&query, 80)), Ok(query));
        let errors = parse(&nested(100_000)).expect_err("100,000 are not");
        assert_eq!((errors.len(), errors[0].code.name), (1, "query-limit"));
    }
    let errors = parse(&"x".repeat((1 << 20) + 1)).expect_err("too long");
    assert_eq!(errors[0].code.name, "query-limit");
}

#[test]
fn the_longest_texts_take_no_longer_than_they_must() {
    for piece in
        [" ", "a ", "a OR ", "NOT ", "\"", "\\", "*", ")", "/", "\\/", "[", "f:(a ", "a~ ", "a^2~ "]
    {
        let text = piece.repeat((1 << 20) / piece.len());
        if let Ok(query) = parse(&text) {
            let line = print(&query);
            let again = parse(&line).is_ok_and(|again| again == query);
            assert!(again || line.len() > 1 << 20, "{piece:?}");
        }
    }
}

#[test]
fn trees_know_their_places() {
    let text = "(f : \"x\" OR g:>=5 )^2 AND a b";
    let query = parse(text).expect("a query");
    let place = |span: crosswalk::source::Span| &text[span.start..span.end];
    let Node::Clauses(clauses) = &query.value else { panic!("{query:?}") };
    let places: Vec<&str> = clauses.iter().map(|clause| place(clause.query.span)).collect();
    assert_eq!(places, ["(f : \"x\" OR g:>=5 )^2", "a", "b"]);
    let Node::Boosted { query, .. } = &clauses[0].query.value else { panic!("{query:?}") };
    let Node::Clauses(clauses) = &query.value else { panic!("{query:?}") };
    assert_eq!(place(clauses[0].query.span), "f : \"x\"");
    let Node::Field { name, query } = &clauses[1].query.value else { panic!("{query:?}") };
    assert_eq!((place(name.span), place(query.span)), ("g", ">=5"));
}

//! What queries mean, held against the verdicts of other engines on real events.

use crosswalk::language::kql::{lower, parse, print, raise};
use crosswalk::query::{Expr, FieldFacts, FieldPath, FieldType, Schema};
use serde_json::{Value, json};

use super::common::expressions::Named;
use super::common::{self, corpus, queries};

/// The mapping of the fields that Elastic's CloudTrail rules ask for, as far as it matters: all
/// others are keywords or leaves of flattened fields, which mean the same here.
pub(crate) struct CloudTrail;

impl Schema for CloudTrail {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = match field.as_str() {
            "source.ip" => FieldType::Ip,
            "aws.cloudtrail.read_only" => FieldType::Boolean,
            "http.response.status_code" => FieldType::Number,
            "user_agent.original.text" => FieldType::Text,
            name if name.starts_with("aws.cloudtrail.flattened.") => FieldType::Flattened,
            _ => FieldType::Keyword,
        };
        FieldFacts { kind, ..FieldFacts::default() }
    }
}

struct Judged {
    name: String,
    text: String,
    matches: Vec<String>,
}

/// The rules with a verdict. That of a rule on fields that the documents lack by construction
/// (`unmapped_fields`: look-ups of addresses and the like) says little about production, but it
/// holds for these documents, which are those that we look at.
fn judged(corpora: &std::path::Path) -> Vec<Judged> {
    let rows = common::rows(&corpora.join("cloudtrail/verdicts/elastic-kql.jsonl"));
    let text = |row: &Value, key: &str| row[key].as_str().expect("a string").to_owned();
    let judged: Vec<Judged> = rows
        .iter()
        .filter_map(|row| {
            let matches = row["matches"].as_array()?;
            let id = |id: &Value| id.as_str().expect("an id").to_owned();
            let matches = matches.iter().map(id).collect();
            Some(Judged { name: text(row, "rule"), text: text(row, "query"), matches })
        })
        .collect();
    eprintln!("{} of {} rules with a verdict", judged.len(), rows.len());
    judged
}

fn documents(corpora: &std::path::Path) -> Vec<(String, Value)> {
    common::rows(&corpora.join("cloudtrail/ecs_docs.jsonl"))
        .into_iter()
        .map(|mut row| (row["id"].as_str().expect("an id").to_owned(), row["ecs"].take()))
        .collect()
}

fn matching(expr: &Expr, documents: &[(String, Value)]) -> Vec<String> {
    documents.iter().filter(|(_, doc)| expr.eval(doc)).map(|(id, _)| id.clone()).collect()
}

#[test]
fn elastic_rules_match_the_events_that_other_engines_find() {
    let Some(corpora) = corpus("", "KQL verdicts on CloudTrail events") else { return };
    let documents = documents(&corpora);
    let judged = judged(&corpora);
    let mut hits = 0;
    for rule in &judged {
        let query = parse(&rule.text).expect("KQL");
        let expr =
            lower(&query, &CloudTrail).unwrap_or_else(|e| panic!("{}: {e:?}", rule.name)).value;
        assert_eq!(matching(&expr, &documents), rule.matches, "{}: {}", rule.name, rule.text);
        hits += rule.matches.len();
    }
    assert!(judged.len() == 104 && hits > 200, "{} rules with {hits} hits", judged.len());
}

#[test]
fn raised_queries_match_the_same_events() {
    let Some(corpora) = corpus("", "KQL rules on CloudTrail events") else { return };
    let documents = documents(&corpora);
    for rule in judged(&corpora) {
        let expr = lower(&parse(&rule.text).expect("KQL"), &CloudTrail).expect("a meaning").value;
        let raised = match raise(&expr, &CloudTrail) {
            Ok(raised) => raised,
            // Patterns on leaves of flattened fields fail on every run of the rule; we refuse to
            // write what Elastic ships here.
            Err(refusals)
                if refusals.iter().all(|refusal| refusal.code == "flattened-wildcard") =>
            {
                eprintln!("{} cannot work on Elasticsearch: {refusals:?}", rule.name);
                continue;
            }
            Err(refusals) => panic!("{}: {refusals:?}", rule.name),
        };
        assert_eq!(raised.losses, [], "{}", rule.name);
        let text = print(&raised.value);
        let again = lower(&parse(&text).expect("KQL"), &CloudTrail).expect("a meaning").value;
        assert_eq!(matching(&again, &documents), rule.matches, "{}: {text}", rule.name);
    }
}

#[test]
fn most_elastic_rules_have_a_meaning_and_the_rest_is_refused_by_name() {
    let Some(corpora) = corpus("", "the KQL queries of Elastic's rules") else { return };
    let queries = queries::public(&corpora, "kql");
    let mut refused = 0;
    for (file, text) in &queries {
        let expr = match lower(&parse(text).expect("KQL"), &()) {
            Ok(done) => done.value,
            Err(errors) => {
                // Fields by pattern, and ranges of dates and words.
                let known = ["a pattern as field name", "this is a range on"];
                let message = &errors[0].message;
                assert!(known.iter().any(|known| message.starts_with(known)), "{message}");
                refused += 1;
                continue;
            }
        };
        let raised = raise(&expr, &()).unwrap_or_else(|e| panic!("{}: {e:?}", file));
        assert_eq!(raised.losses, [], "{}", file);
        let again = lower(&raised.value, &()).expect("a meaning").value;
        let twice = raise(&again, &()).expect("a query");
        assert_eq!(print(&twice.value), print(&raised.value), "writing is stable");
    }
    eprintln!("{refused} of {} queries refused", queries.len());
    assert!(refused * 20 < queries.len());
}

#[test]
fn literals_mean_what_the_mapping_says() {
    for (query, event, expected) in [
        ("a:x", json!({"a": "x"}), true),
        ("a:x", json!({"a": "X"}), false),
        ("a:x", json!({"a": ["y", "x"]}), true),
        ("a:x", json!({"a": "x y"}), false),
        ("a:x y", json!({"a": "x y"}), true),
        ("a:(x and y)", json!({"a": ["x", "y"]}), true),
        ("a:(x and not y)", json!({"a": ["x", "y"]}), false),
        ("not a:x", json!({}), true),
        ("a:*", json!({"a": null}), false),
        ("a:*", json!({"a": ""}), true),
        ("a:x*", json!({"a": "x*"}), true),
        ("a:\"x*\"", json!({"a": "xy"}), false),
        ("a:x?", json!({"a": "xy"}), false),
        ("a:5", json!({"a": 5}), true),
        ("flat:true", json!({"flat": true}), true),
        ("text:x", json!({"text": "an X, say"}), true),
        ("text:x y", json!({"text": "y alone"}), true),
        ("text:\"x y\"", json!({"text": "y and x"}), false),
        ("text:\"x y\"", json!({"text": "x-Y"}), true),
        ("text:aws.s3", json!({"text": "only S3"}), false),
        ("text:*ord*", json!({"text": "a WORD"}), true),
        ("text:\"--\"", json!({"text": "--"}), false),
        ("ip:10.0.0.0/8", json!({"ip": "10.1.2.3"}), true),
        ("ip:\"10.1.2.3/8\"", json!({"ip": "10.9.9.9"}), true),
        ("ip:\"::ffff:10.1.2.3\"", json!({"ip": "10.1.2.3"}), true),
        ("ip:\"::1\"", json!({"ip": "0:0::1"}), true),
        ("number:5", json!({"number": 5.0}), true),
        ("number > 5 and number <= 7.5", json!({"number": 7.5}), true),
        ("boolean:false", json!({"boolean": false}), true),
        ("date:*", json!({"date": "2024-01-01"}), true),
        ("*", json!({}), true),
        ("*:*", json!({}), true),
        ("", json!({}), true),
        ("not *", json!({}), false),
    ] {
        let expr = lower(&parse(query).expect("KQL"), &Named).expect("a meaning").value;
        assert_eq!(expr.eval(&event), expected, "{query} on {event}");
    }
}

#[test]
fn what_has_no_stated_meaning_is_refused_at_its_place() {
    for (query, place) in [
        ("a:1 and free", "free"),
        ("a:1 and null:(* or x)", "x"),
        ("*:x", "x"),
        ("a:1 or b.*:1", "b.*"),
        ("b.* > 1", "b.*"),
        ("n:{ a:1 }", "n:{ a:1 }"),
        ("a:(x or null)", "null"),
        ("null > 5", "null"),
        ("a > 5", "5"),
        ("flat > 5", "5"),
        ("text > a", "a"),
        ("text:x*", "x*"),
        ("ip:x", "x"),
        ("ip:10.*", "10.*"),
        ("ip > 10.0.0.0", "10.0.0.0"),
        ("number:x", "x"),
        ("number:5*", "5*"),
        ("number >= 1_000", "1_000"),
        ("number:9007199254740993", "9007199254740993"),
        ("number:inf", "inf"),
        ("boolean:yes", "yes"),
        ("boolean > true", "true"),
        ("date:2024", "2024"),
        ("date >= now-1d", "now-1d"),
    ] {
        let errors = lower(&parse(query).expect("KQL"), &Named).expect_err(query);
        let places: Vec<&str> =
            errors.iter().map(|error| &query[error.span.start..error.span.end]).collect();
        assert_eq!(places, [place], "{query}");
        assert_eq!(errors[0].code.name, "query-unsupported");
    }
    let both = lower(&parse("ip:(x or y) or n:{ a:1 }").expect("KQL"), &Named);
    assert_eq!(both.expect_err("refusals").len(), 3, "all at once");
}

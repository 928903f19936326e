//! Elastic's rules: their meaning, the verdicts of other engines, and the way there and back.

use std::collections::BTreeMap;
use std::path::Path;

use crosswalk::language::eql::{Options, lower, lower_with, parse, print, raise};
use crosswalk::query::{Expr, FieldFacts, FieldPath, FieldType, Meaning, Op, Schema};
use serde_json::Value;

use super::common::{corpus, queries, rows, witness};

#[test]
fn most_elastic_rules_have_a_meaning_and_the_rest_is_refused_by_name() {
    let Some(corpora) = corpus("", "the EQL queries of Elastic's rules") else { return };
    let queries = queries::public(&corpora, "eql");
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let (mut kinds, mut refused): (BTreeMap<&str, usize>, usize) = Default::default();
    for (_, text) in &queries {
        match lower(&parse(text).expect("EQL"), &()) {
            Ok(meaning) => *kinds.entry(meaning.value.kind()).or_default() += 1,
            Err(errors) => {
                refused += 1;
                for error in errors {
                    *reasons.entry(error.message).or_default() += 1;
                }
            }
        }
    }
    let raised = |(_, text): &&(String, String)| {
        lower(&parse(text).expect("EQL"), &())
            .is_ok_and(|meaning| raise(&meaning.value, &()).is_ok())
    };
    eprintln!(
        "{refused} of {} queries refused; {kinds:?}; reasons: {reasons:#?}; without any schema {} \
         can be raised again",
        queries.len(),
        queries.iter().filter(raised).count(),
    );
    assert!(refused * 20 < queries.len());
}

/// The mapping that the queries of public rules suppose: what is compared with numbers is one.
struct Supposed(BTreeMap<String, FieldType>);

impl Supposed {
    fn by(meaning: &Meaning) -> Self {
        let mut kinds = BTreeMap::new();
        for expr in expressions(meaning) {
            for test in expr.tests() {
                let kind = match test.op {
                    Op::Compare { .. } => FieldType::Number,
                    Op::Cidr(_) => FieldType::Ip,
                    _ => continue,
                };
                kinds.extend(test.path().map(|path| (path.as_str().to_owned(), kind)));
            }
        }
        Self(kinds)
    }
}

impl Schema for Supposed {
    fn facts(&self, field: &FieldPath) -> FieldFacts {
        let kind = self.0.get(field.as_str()).copied().unwrap_or_default();
        FieldFacts { kind, ..FieldFacts::default() }
    }
}

fn expressions(meaning: &Meaning) -> Vec<&Expr> {
    match meaning {
        Meaning::Match(expr) => vec![expr],
        Meaning::Sequence(sequence) => {
            sequence.steps.iter().chain(&sequence.until).map(|step| &step.expr).collect()
        }
        Meaning::Threshold(threshold) => vec![&threshold.expr],
    }
}

/// The meaning with every expression forgotten: what is left has to be the same.
fn frame(meaning: &Meaning) -> Meaning {
    let mut frame = meaning.clone();
    if let Meaning::Sequence(sequence) = &mut frame {
        for step in sequence.steps.iter_mut().chain(&mut sequence.until) {
            step.expr = Expr::True;
        }
        return frame;
    }
    Meaning::Match(Expr::True)
}

#[test]
fn raised_elastic_rules_match_the_same_events() {
    let Some(corpora) = corpus("", "the EQL queries of Elastic's rules") else { return };
    let documents: Vec<Value> = documents(&corpora).into_iter().map(|(_, doc)| doc).collect();
    let (mut raised_queries, mut live, mut events) = (0, 0, 0);
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut assumed: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, text) in queries::public(&corpora, "eql") {
        let name = file;
        let query = parse(&text).expect("EQL");
        let Ok(first) = lower(&query, &()) else { continue };
        let schema = Supposed::by(&first.value);
        let meaning = match lower(&query, &schema) {
            Ok(meaning) => meaning.value,
            Err(errors) => {
                let message = format!("under its own mapping: {}", errors[0].message);
                *refused.entry(message).or_default() += 1;
                continue;
            }
        };
        let raised = match raise(&meaning, &schema) {
            Ok(raised) => raised,
            Err(refusals) => {
                *refused.entry(refusals[0].reason.clone()).or_default() += 1;
                continue;
            }
        };
        assert_eq!(raised.losses, [], "{name}");
        raised.assumptions.iter().for_each(|a| *assumed.entry(a.code).or_default() += 1);
        let line = print(&raised.value);
        let parsed = parse(&line).unwrap_or_else(|errors| panic!("{name}: {line}: {errors:?}"));
        assert_eq!(parsed, raised.value, "{name}: {line}");
        let again = lower(&parsed, &schema).unwrap_or_else(|e| panic!("{name}: {line}: {e:?}"));
        assert_eq!(frame(&again.value), frame(&meaning), "{name}: {line}");
        let pairs = expressions(&meaning).into_iter().zip(expressions(&again.value));
        let mut matched = false;
        for (before, after) in pairs {
            for event in witness::events(before, true) {
                let expected = before.eval(&event);
                assert_eq!(after.eval(&event), expected, "{name}: {text}\n{line}\n{event}");
                matched |= expected;
                events += 1;
            }
            for event in documents.iter().step_by(7) {
                assert_eq!(after.eval(event), before.eval(event), "{name}: {line}\n{event}");
            }
        }
        let twice = raise(&again.value, &schema).expect("a query");
        assert_eq!(print(&twice.value), line, "{name}: writing is stable");
        raised_queries += 1;
        live += usize::from(matched);
    }
    eprintln!(
        "{raised_queries} raised, {live} of them matched some of {events} events; \
         refused: {refused:#?}; assumed: {assumed:?}"
    );
    assert!(raised_queries >= 700 && live * 10 >= raised_queries * 9);
}

fn documents(corpora: &Path) -> Vec<(String, Value)> {
    rows(&corpora.join("cloudtrail/ecs_docs.jsonl"))
        .into_iter()
        .map(|mut row| (row["id"].as_str().expect("an id").to_owned(), row["ecs"].take()))
        .collect()
}

#[test]
fn elastic_rules_match_the_events_that_other_engines_find() {
    let Some(corpora) = corpus("", "EQL verdicts on CloudTrail events") else { return };
    let documents = documents(&corpora);
    let judgements = rows(&corpora.join("cloudtrail/verdicts/elastic-eql.jsonl"));
    let (mut judged, mut hits) = (0, 0);
    for row in &judgements {
        // A rule on fields that the documents lack by construction was judged as if no event ever
        // had them, which is what the documents here say too: its verdict is not evidence, but it
        // has to be met.
        let text = row["query"].as_str().expect("a query");
        let category = row["event_category_field"].as_str().expect("a field");
        let options = Options { event_category: FieldPath::new(category) };
        let query = parse(text).expect("EQL");
        let meaning = lower_with(&query, &(), &options).expect("a meaning").value;
        let expr = meaning.as_match().expect("a query for single events");
        let expected: Vec<&str> = row["matches"]
            .as_array()
            .expect("a verdict")
            .iter()
            .map(|id| id.as_str().expect("an id"))
            .collect();
        let found = documents.iter().filter(|(_, doc)| expr.eval(doc));
        let found: Vec<&str> = found.map(|(id, _)| id.as_str()).collect();
        assert_eq!(found, expected, "{}: {text}", row["rule"]);
        // What is raised tests the overriding field like any other.
        let raised = raise(&meaning, &()).expect("a query");
        let again = lower(&raised.value, &()).expect("a meaning").value;
        let again = again.as_match().expect("a query for single events");
        let found = documents.iter().filter(|(_, doc)| again.eval(doc));
        assert_eq!(found.count(), expected.len(), "{}", print(&raised.value));
        judged += 1;
        hits += expected.len();
    }
    eprintln!("{judged} rules judged, {hits} hits");
    assert_eq!(judged, 21);
}

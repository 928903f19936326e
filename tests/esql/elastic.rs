//! Elastic's rules: what they mean, and what becomes of them when they are written again.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::language::esql::{lower, parse, print, raise};
use crosswalk::query::{Expr, FieldPath, Having, Meaning};
use serde_json::Value;

use super::common::{corpus, queries, rows, witness};

/// Reasons for which Elastic's rules are refused, by how their messages start or end: all of them
/// are about what a rule computes or looks up, none about what is not written yet.
const REASONS: &[&str] = &[
    "is what `COMPLETION` makes when the query runs",
    "is what `DISSECT` makes when the query runs",
    "is what `GROK` makes when the query runs",
    "is what `INLINE STATS` makes when the query runs",
    "`MATCH` with options",
    "`MV_EXPAND` makes several rows of one event",
    "`STATS` looks at a value that is computed",
    "`TO_INTEGER` of a field",
    "tells of the index entry, not of the event",
    "a condition on a count stands alone or between `AND`s",
    "a search in something else than a field",
    "a second `STATS` counts what the first has counted",
    "computing with a field",
    "counts among different events of one group",
    "stated over the event, the query has over",
    "the function `DATE_DIFF`",
    "the function `DATE_TRUNC`",
    "the function `FROM_BASE64`",
    "the function `JSON_EXTRACT`",
    "the function `MAX` of `STATS`",
    "the function `MIN` of `STATS`",
    "the function `MV_FIRST`",
    "the function `MV_INTERSECTION`",
    "the function `NOW`",
    "the function `REPLACE`",
    "the function `URL_DECODE`",
    "this regular expression has Lucene's any text",
];

#[test]
fn elastic_rules_have_a_meaning_or_are_refused_by_name() {
    let Some(corpora) = corpus("", "the ES|QL queries of Elastic's rules") else { return };
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, text) in queries::public(&corpora, "esql") {
        let kind = match lower(&parse(&text).expect("ES|QL"), &()) {
            Ok(meaning) => meaning.value.kind(),
            Err(errors) => {
                let message = &errors[0].message;
                let reason = REASONS.iter().find(|reason| message.contains(**reason));
                let reason = reason.unwrap_or_else(|| panic!("{}: {message}", file));
                *reasons.entry(reason).or_default() += 1;
                "refused"
            }
        };
        *kinds.entry(kind).or_default() += 1;
    }
    println!("{kinds:?} {reasons:#?}");
    assert!(kinds["match"] >= 12 && kinds["threshold"] >= 22, "{kinds:?}");
}

#[test]
fn elastic_rules_keep_their_meaning_when_written_again() {
    let Some(corpora) = corpus("", "the ES|QL queries of Elastic's rules") else { return };
    let real: Vec<Value> = rows(&corpora.join("cloudtrail/ecs_docs.jsonl"))
        .into_iter()
        .map(|mut row| row["ecs"].take())
        .collect();
    let (mut rules, mut hits) = (0, 0);
    let mut losses = BTreeSet::new();
    for (file, text) in queries::public(&corpora, "esql") {
        let Ok(first) = lower(&parse(&text).expect("ES|QL"), &()) else { continue };
        let done =
            raise(&first.value, &()).unwrap_or_else(|refusals| panic!("{}: {refusals:?}", file));
        losses.extend(done.losses.iter().map(|loss| loss.code));
        let text = print(&done.value);
        let query = parse(&text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let again = lower(&query, &()).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        let (first, again) = (events_of(first.value), events_of(again.value));
        assert_eq!((&first.1, &first.2), (&again.1, &again.2), "{text}");
        for event in witness::events(&first.0, false).iter().chain(&real) {
            assert_eq!(first.0.eval(event), again.0.eval(event), "{text} on {event}");
            hits += usize::from(first.0.eval(event));
        }
        rules += 1;
    }
    println!("{rules} rules written again, {hits} hits");
    assert!(rules >= 34 && hits > 100 && losses.is_empty(), "{rules} {hits} {losses:?}");
}

/// Which events a query is about, and how it counts them.
fn events_of(meaning: Meaning) -> (Expr, Vec<FieldPath>, Vec<Having>) {
    match meaning {
        Meaning::Match(expr) => (expr, Vec::new(), Vec::new()),
        Meaning::Threshold(threshold) => (threshold.expr, threshold.group_by, threshold.having),
        Meaning::Sequence(_) => panic!("ES|QL has no sequences"),
    }
}

//! Datadog's own rules and the verdicts of other judges on real CloudTrail events.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crosswalk::language::datadog::{lower, parse, print, raise};
use serde_json::Value;

use crate::meaning;

/// The folder of the corpora, or `None` with a word on what is skipped.
fn corpora(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set ({what})");
    }
    folder
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    text.lines().map(|line| serde_json::from_str(line).expect("one JSON value a line")).collect()
}

/// Every query of the rules, with a rule that has it.
fn queries(corpora: &Path) -> BTreeMap<String, PathBuf> {
    let mut queries = BTreeMap::new();
    for folder in ["tf-datadog-siem", "default-rules-2026"] {
        let folder = corpora.join("datadog").join(folder);
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}")) {
            let path = entry.expect("a readable entry").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path).expect("a readable rule");
                collect(&serde_json::from_str(&text).expect("JSON"), &path, &mut queries);
            }
        }
    }
    queries
}

fn collect(value: &Value, path: &Path, queries: &mut BTreeMap<String, PathBuf>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, queries)),
        Value::Object(object) => {
            if let Some(Value::String(query)) = object.get("query") {
                queries.insert(query.clone(), path.to_owned());
            }
            object.values().for_each(|item| collect(item, path, queries));
        }
        _ => {}
    }
}

#[test]
fn every_query_of_datadogs_rules_is_read_and_written_back() {
    let Some(corpora) = corpora("the queries of Datadog's rules") else { return };
    let queries = queries(&corpora);
    assert!(queries.len() > 300, "{} queries", queries.len());
    for (query, rule) in &queries {
        let tree = parse(query).unwrap_or_else(|errors| panic!("{rule:?}: {query}: {errors:?}"));
        let printed = print(&tree);
        assert_eq!(parse(&printed).as_ref(), Ok(&tree), "{query}\n{printed}");
        lower(&tree, &()).unwrap_or_else(|errors| panic!("{rule:?}: {query}: {errors:?}"));
    }
}

#[test]
fn queries_match_the_events_that_other_judges_say() {
    let Some(corpora) = corpora("the verdicts on CloudTrail events") else { return };
    let events = json_lines(&corpora.join("cloudtrail/datadog_docs.jsonl"));
    let mut judged = 0;
    for row in json_lines(&corpora.join("cloudtrail/verdicts/datadog.jsonl")) {
        // `needs_enrichment` marks queries on attributes (threat intelligence, location) that
        // Datadog adds and these events lack. The judges saw the same events, so the verdict on
        // them holds here too; it only says little about production.
        let (Some(query), Some(expected)) = (row["query"].as_str(), row["matches"].as_array())
        else {
            continue;
        };
        let expr = meaning(query);
        let matched = events.iter().filter(|event| expr.eval(event)).map(|event| &event["id"]);
        let matched: BTreeSet<_> = matched.map(Value::as_str).collect();
        let expected: BTreeSet<_> = expected.iter().map(Value::as_str).collect();
        assert_eq!(matched, expected, "{query}");
        judged += 1;
    }
    assert!(judged > 100, "{judged} verdicts");
}

#[test]
fn translated_back_a_query_matches_the_same_events() {
    let Some(corpora) = corpora("Datadog's rules on CloudTrail events") else { return };
    let events = json_lines(&corpora.join("cloudtrail/datadog_docs.jsonl"));
    for query in queries(&corpora).keys() {
        let expr = meaning(query);
        let translated =
            raise(&expr, &()).unwrap_or_else(|refusals| panic!("{query}: {refusals:?}"));
        assert_eq!(translated.losses, [], "{query}");
        let printed = print(&translated.value);
        let again = meaning(&printed);
        if again == expr {
            continue;
        }
        for event in &events {
            assert_eq!(again.eval(event), expr.eval(event), "{query}\n{printed}\n{event}");
        }
    }
}

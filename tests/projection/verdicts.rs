//! The verdicts of other engines on recorded events, from the records alone: a query on the
//! document that a record becomes, and what it says of the record, find the events that the judges
//! found on documents which others made.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk::fields::View;
use crosswalk::language::{datadog, eql, kql};
use crosswalk::query::{Effect, Expr, FieldPath};
use serde_json::Value;

use crate::common::cloudtrail::Events;
use crate::common::{corpus, rows, text};
use crate::{cloudtrail, projected};

/// What a row of verdicts asks for.
fn meaning(name: &str, row: &Value) -> Expr {
    let query = text(row, "query");
    match name {
        "elastic-kql" => {
            kql::lower(&kql::parse(query).expect("KQL"), &cloudtrail().schema(View::Ecs))
                .expect("a meaning")
                .value
        }
        "elastic-eql" => {
            let field = FieldPath::new(text(row, "event_category_field"));
            let options = eql::Options { event_category: field };
            let query = eql::parse(query).expect("EQL");
            let schema = cloudtrail().schema(View::Ecs);
            let meaning = eql::lower_with(&query, &schema, &options).expect("a meaning").value;
            meaning.as_match().expect("a query for single events").clone()
        }
        _ => datadog::lower(&datadog::parse(query).expect("a query"), &()).expect("a meaning"),
    }
}

/// Every verdict of a file, from records; `expected` is how many rows there are, and of them how
/// many cannot be said of records.
fn verdicts(name: &str, view: View, expected: (usize, usize)) {
    let Some(events) = Events::load() else { return };
    let Some(path) = corpus(&format!("cloudtrail/verdicts/{name}.jsonl"), "verdicts") else {
        return;
    };
    let documents = projected(&events.raw, view);
    let (mut judged, mut hits) = (0, 0);
    let mut refused: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows(&path) {
        let Some(matches) = row["matches"].as_array() else { continue };
        let matches: Vec<&str> = matches.iter().filter_map(Value::as_str).collect();
        let rule = row["rule"].as_str().unwrap_or_else(|| text(&row, "query"));
        let expr = meaning(name, &row);
        let of = |expr: &Expr, seen: &[Value]| -> Vec<&str> {
            let pairs = events.ids.iter().zip(seen);
            pairs.filter(|(_, event)| expr.eval(event)).map(|(id, _)| id.as_str()).collect()
        };
        assert_eq!(of(&expr, &documents), matches, "{rule}");
        match cloudtrail().pull_back(&expr, view) {
            Ok(back) => {
                let own = of(&back.value, &events.raw);
                let narrower = back.losses.iter().any(|loss| loss.effect != Effect::Wider);
                let wider = back.losses.iter().any(|loss| loss.effect != Effect::Narrower);
                assert!(own == matches || narrower || wider, "{rule}: {own:?}");
            }
            Err(refusals) => {
                for refusal in refusals {
                    refused.entry(refusal.code).or_default().push(rule.to_owned());
                }
            }
        }
        judged += 1;
        hits += matches.len();
    }
    for rules in refused.values_mut() {
        rules.dedup();
    }
    let all: BTreeSet<&String> = refused.values().flatten().collect();
    eprintln!("{name}: {judged} verdicts with {hits} hits; refused {refused:#?}");
    assert_eq!((judged, all.len()), expected);
}

#[test]
fn kql_rules_find_in_records_what_the_judges_found() {
    verdicts("elastic-kql", View::Ecs, (104, 15));
}

#[test]
fn eql_rules_find_in_records_what_the_judges_found() {
    verdicts("elastic-eql", View::Ecs, (21, 6));
}

#[test]
fn datadog_queries_find_in_records_what_the_judges_found() {
    verdicts("datadog", View::Datadog, (132, 8));
}

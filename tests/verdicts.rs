//! Where judges disagree with one another, or give no verdict: each case is explained, none is
//! waved through. (Where all agree, `agreement`, `kql`, `eql` and `datadog_search` hold us to it.)

mod common;

use std::collections::BTreeMap;

use common::{corpus, rows, text};
use crosswalk::diagnostic::Severity;
use crosswalk::language::datadog;
use crosswalk::query::{Expr, FieldPath, Op, Subject, Test};
use crosswalk::rule::{Document, RuleFile, RuleSet, expr};
use serde_json::{Value, json};

/// Events of one view by their ids.
fn events(file: &str, what: &str) -> Option<BTreeMap<String, Value>> {
    let path = corpus(&format!("cloudtrail/{file}"), what)?;
    Some(rows(&path).into_iter().map(|row| (text(&row, "id").to_owned(), row)).collect())
}

/// The ids that some other judge misses or adds, of every row with a verdict.
fn disputed(row: &Value) -> Vec<&str> {
    let judges = row["disagree"].as_object().into_iter().flat_map(|judges| judges.values());
    let lists = judges.flat_map(|judge| [&judge["missing"], &judge["extra"]]);
    lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect()
}

/// A log as `vrl` sees it: paths do not go into arrays.
fn without_arrays(value: &Value) -> Value {
    match value {
        Value::Array(items) => json!(Value::Array(items.clone()).to_string()),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), without_arrays(value))).collect()
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn datadogs_matcher_differs_by_arrays_alone() {
    let Some(events) = events("datadog_docs.jsonl", "disputed Datadog verdicts") else { return };
    let Some(path) = corpus("cloudtrail/verdicts/datadog.jsonl", "disputed verdicts") else {
        return;
    };
    let mut explained = 0;
    for row in rows(&path) {
        for id in disputed(&row) {
            let query = text(&row, "query");
            let tree = datadog::parse(query).unwrap_or_else(|e| panic!("{query}: {e:?}"));
            let expr = datadog::lower(&tree, &()).expect("a meaning");
            let event = &events[id];
            let matches = row["matches"].as_array().expect("a verdict").contains(&json!(id));
            assert_eq!(expr.eval(event), matches, "{query} on {id}");
            assert_ne!(
                expr.eval(&without_arrays(event)),
                matches,
                "no array explains {query} on {id}"
            );
            explained += 1;
        }
    }
    assert_eq!(explained, 9);
}

/// Fields that an expression asks to be absent.
fn asked_absent(expr: &Expr) -> Vec<&FieldPath> {
    match expr {
        Expr::Not(inner) => match &**inner {
            Expr::Test(Test { subject: Subject::Field(field), op: Op::Exists }) => vec![field],
            other => asked_absent(other),
        },
        Expr::And(members) | Expr::Or(members) => members.iter().flat_map(asked_absent).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn sigma_rust_differs_by_null_on_absent_fields_alone() {
    let Some(events) = events("events.jsonl", "disputed Sigma verdicts") else { return };
    let Some(root) = corpus("", "disputed Sigma verdicts") else { return };
    let mut explained = BTreeMap::new();
    for row in rows(&root.join("cloudtrail/verdicts/sigma.jsonl")) {
        for id in disputed(&row) {
            let path = text(&row, "rule");
            let rule = std::fs::read_to_string(root.join(path)).expect("readable");
            let set = RuleSet::of(vec![RuleFile::parse("rule.yml", &rule).0]);
            let meaning = set.expr(set.rules().next().expect("a rule"), None).expect("a meaning");
            let event = &events[id]["event"];
            assert!(meaning.eval(event), "{path} on {id}");
            let absent =
                asked_absent(&meaning).into_iter().any(|field| !field.any(event, &mut |_| true));
            assert!(absent, "no absent field explains {path} on {id}");
            *explained.entry(path.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(explained.into_values().collect::<Vec<_>>(), [4, 1, 2, 3]);
}

#[test]
fn rules_without_a_verdict_are_refused_here_too() {
    let Some(root) = corpus("", "Sigma rules without a verdict") else { return };
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows(&root.join("cloudtrail/verdicts/sigma.jsonl")) {
        if !row["matches"].is_null() {
            continue;
        }
        let path = text(&row, "rule");
        let rule = std::fs::read_to_string(root.join(path)).expect("readable");
        let (file, findings) = RuleFile::parse("rule.yml", &rule);
        let error = findings.iter().find(|finding| finding.severity == Severity::Error);
        let code = match (error, file.documents.first()) {
            (Some(error), _) => error.code.name,
            (None, Some(Document::Rule(rule))) => {
                expr(rule, None).expect_err(path);
                "open-placeholder"
            }
            (None, other) => panic!("{path}: {other:?}"),
        };
        *reasons.entry(code).or_default() += 1;
    }
    println!("{reasons:?}");
    assert_eq!(reasons.values().sum::<usize>(), 8);
}

/// Recorded pairs of rule and event that do not match, and why. A set holds all events of a run of
/// a tool, of which the rule has to find one.
const NO_MATCH: &[(&str, usize, &str)] = &[
    (
        "win_defender_exploit_redsun_tiering_engine_detected_as_eicar.yml",
        1,
        "the record calls its fields `Source Name` and `Threat Name`, the rule `SourceName` and `ThreatName`",
    ),
    ("proc_creation_win_findstr_recon_everyone.yml", 2, "`icacls`, and `findstr` for `(M)`"),
    (
        "proc_creation_win_findstr_security_keyword_lookup.yml",
        2,
        "`cmd` that starts both, and `tasklist`",
    ),
];

#[test]
fn recorded_events_that_do_not_match_their_rule_are_explained() {
    let Some(path) = corpus("sigma-truth/regression_pairs.jsonl", "recorded Windows events") else {
        return;
    };
    let mut misses: BTreeMap<String, usize> = BTreeMap::new();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(&path) {
        let (file, _) = RuleFile::parse("rule.yml", text(&row, "rule"));
        let Some(Document::Rule(rule)) = file.documents.first() else { panic!("{row}") };
        let matched = expr(rule, None).expect("a meaning").eval(&row["event"]);
        let name = text(&row, "rule_path").rsplit('/').next().unwrap_or_default();
        *if matched { &mut found } else { &mut misses }.entry(name.to_owned()).or_default() += 1;
    }
    for (name, count, why) in NO_MATCH {
        assert_eq!(misses.remove(*name), Some(*count), "{name}: {why}");
        // Of the sets of several events, the rule finds the one that it is about.
        assert!(*count == 1 || found.contains_key(*name), "{name}");
    }
    assert_eq!(misses, BTreeMap::new(), "to be explained");
}

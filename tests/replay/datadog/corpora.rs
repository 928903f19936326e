//! Datadog's own rules over recorded events: how many are followed, why the others are not, and that
//! their signals are those which a plain reading of the payloads gives, from independent verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use crosswalk::event::inputs;
use crosswalk::import::import;
use crosswalk::replay::{Form, Happening, LeftOut, Moment, Options, Program, Run};
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;
use serde_json::Value;

use super::super::common::{corpus, files, rows, text};
use super::plain::{Seen, Signal, plainly};

/// The payloads below a folder, by path.
pub(super) fn payloads(root: &PathBuf) -> BTreeMap<String, Value> {
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("readable");
        (path.display().to_string(), serde_json::from_str(&text).expect("JSON"))
    };
    files(root, "json").into_iter().map(read).collect()
}

/// All payloads as canonical rules; a rule's file has the path of its payload.
pub(super) fn imported(payloads: &BTreeMap<String, Value>) -> RuleSet {
    let canonical = |(path, payload): (&String, &Value)| {
        let source = SourceFile::new(path.as_str(), payload.to_string());
        let rules = import(&source, None).rules;
        let [rule] = rules.as_slice() else { panic!("{path}: {} rules", rules.len()) };
        SourceFile::new(path.as_str(), rule.text.as_str())
    };
    let sources: Vec<Arc<SourceFile>> = payloads.iter().map(canonical).collect();
    RuleSet::parse(&sources).0
}

fn options(all_rules: bool) -> Options {
    Options { form: Form::Datadog, all_rules, ..Options::default() }
}

/// Why rules of Datadog's are not followed: what they are about is not in the logs.
const REASONS: &[&str] = &[
    "the detection method `anomaly_detection`",
    "the detection method `impossible_travel`",
    "the detection method `third_party`",
    "reads no logs",
    "reads `",
    "runs on a schedule",
    "reference tables",
    "groups of different sizes",
];

#[test]
fn public_rules_are_followed_or_left_out_for_a_reason() {
    let Some(root) = corpus("datadog", "Datadog's rules over time") else { return };
    let payloads = payloads(&root);
    let program = Program::new(&imported(&payloads), options(true));
    let logs = |payload: &Value| payload["type"].as_str().is_none_or(|t| t == "log_detection");
    let all = payloads.values().filter(|payload| logs(payload)).count();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (rule, why) in &program.left_out {
        let LeftOut::Refused(why) = why else { panic!("{}: no log source", rule.file) };
        *reasons.entry(why.clone()).or_default() += 1;
        if !REASONS.iter().any(|reason| why.contains(reason)) {
            unexplained.push(format!("{}: {why}", rule.file));
        }
    }
    let followed = program.rules.len();
    eprintln!("{followed} of {} rules ({all} over logs) are followed; left out:", payloads.len());
    reasons.iter().for_each(|(why, number)| eprintln!("  {number:>4} {why}"));
    assert_eq!(unexplained, [""; 0]);
    assert_eq!(followed + program.left_out.len(), payloads.len());
    assert!(followed * 10 >= all * 8, "{followed} of {all}");
}

#[test]
fn signals_are_those_of_a_plain_reading() {
    let Some(root) = corpus("datadog", "Datadog's signals over recorded events") else { return };
    let Some(trail) = corpus("cloudtrail", "Datadog's signals over recorded events") else {
        return;
    };
    let documents: BTreeMap<String, Value> = rows(&trail.join("datadog_docs.jsonl"))
        .into_iter()
        .map(|row| (text(&row, "id").to_owned(), row))
        .collect();
    let events = rows(&trail.join("events.jsonl"));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.ndjson");
    let lines: String = events.iter().map(|row| format!("{}\n", row["event"])).collect();
    std::fs::write(&log, lines).expect("written");
    let mut seen: Vec<(String, Seen)> = Vec::new();
    for (line, row) in (1..).zip(&events) {
        let Some(time) = row["event"]["eventTime"].as_str().and_then(Moment::parse) else {
            continue;
        };
        let id = text(row, "id");
        seen.push((id.to_owned(), Seen { time, line, document: documents[id].clone() }));
    }
    seen.sort_by_key(|(_, seen)| seen.time);
    let verdicts: BTreeMap<String, BTreeSet<String>> = rows(&trail.join("verdicts/datadog.jsonl"))
        .into_iter()
        .filter(|row| row["matches"].is_array())
        .map(|row| {
            let ids = row["matches"].as_array().into_iter().flatten().filter_map(Value::as_str);
            (text(&row, "query").to_owned(), ids.map(str::to_owned).collect())
        })
        .collect();

    let payloads = payloads(&root);
    let program = Program::new(&imported(&payloads), options(false));
    let mut found: BTreeMap<&str, Vec<Signal>> = BTreeMap::new();
    Run::default().over(&program, &inputs(&[log]).0, &mut |happening| {
        if let Happening::Found(one) = happening {
            let rule = &program.rules[one.rule as usize];
            let signal = one.over_time.as_ref().and_then(|over| over.signal.as_ref());
            let was_open =
                signal.is_some_and(|s| s.signal == crosswalk::replay::SignalChange::Raised);
            let level = one.level(rule).expect("a level").word().to_owned();
            let line = one.event.place.line.unwrap_or_default();
            found.entry(rule.file.as_str()).or_default().push((line, level, was_open));
        }
        ControlFlow::Continue(())
    });

    let (mut compared, mut signals) = (0, 0);
    for rule in &program.rules {
        let payload = &payloads[&rule.file];
        let Some(expected) = plainly(payload, &seen, &verdicts) else { continue };
        let own = found.remove(rule.file.as_str()).unwrap_or_default();
        assert_eq!(own, expected, "{}", rule.file);
        compared += 1;
        signals += expected.len();
    }
    eprintln!("{signals} signals of {compared} rules are those of a plain reading");
    assert!(compared > 60 && signals > 40, "{compared} rules, {signals} signals");
}

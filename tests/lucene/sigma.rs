//! Every public Sigma rule as a query string: what it costs, and that it still finds the same.

use std::collections::BTreeMap;

use crosswalk::language::lucene::{lower, parse, print, raise};
use crosswalk::language::sigma;
use crosswalk::query::{Expr, Op, Order, Part, Pattern, Test};
use crosswalk::rule::{Document, Logic, RuleFile};
use crosswalk::source::discover;
use serde_json::{Map, Value, json};

use super::corpora;

#[test]
fn every_rule_of_the_corpus_finds_the_same() {
    let Some(corpora) = corpora::directory("Sigma's rules as query strings") else { return };
    let (files, _) = discover(&[corpora.join("sigma")], &["yml"]);
    let mut tally = Tally::default();
    for file in files {
        let text = std::fs::read_to_string(&file.path).expect("readable");
        let (rules, _) = RuleFile::parse("rule.yml", &text);
        for document in &rules.documents {
            let Document::Rule(rule) = document else { continue };
            let Logic::Detection { detection, .. } = &rule.logic else { continue };
            if let Ok(expr) = sigma::lower(detection) {
                tally.rule(&expr, &file.path.display().to_string());
            }
        }
    }
    eprintln!("{tally:#?}");
    assert!(tally.exact > 2_500 && tally.matching > tally.exact, "{tally:#?}");
    assert_eq!(tally.differing, 0);
}

#[derive(Debug, Default)]
struct Tally {
    /// Rules without loss.
    exact: usize,
    /// Rules with a loss, by code.
    losses: BTreeMap<&'static str, usize>,
    assumptions: BTreeMap<&'static str, usize>,
    /// Rules refused, by code and reason.
    refusals: BTreeMap<(&'static str, String), usize>,
    refused: usize,
    /// Queries that are not read back.
    unread: usize,
    /// Events tried, and those among them that the rule matches.
    events: usize,
    matching: usize,
    differing: usize,
    longest: usize,
}

impl Tally {
    fn rule(&mut self, expr: &Expr, path: &str) {
        let raised = match raise(expr, &()) {
            Ok(raised) => raised,
            Err(refusals) => {
                self.refused += 1;
                for refusal in refusals {
                    let reason = refusal.reason.split("`: ").last().unwrap_or_default().to_owned();
                    *self.refusals.entry((refusal.code, reason)).or_default() += 1;
                }
                return;
            }
        };
        let text = print(&raised.value);
        assert_eq!(parse(&text).as_ref(), Ok(&raised.value), "{path}: {text}");
        self.longest = self.longest.max(text.len());
        let mut codes: Vec<_> = raised.assumptions.iter().map(|a| a.code).collect();
        codes.dedup();
        codes.into_iter().for_each(|code| *self.assumptions.entry(code).or_default() += 1);
        if raised.losses.is_empty() {
            self.exact += 1;
        } else {
            raised.losses.iter().for_each(|l| *self.losses.entry(l.code).or_default() += 1);
            return;
        }
        let Ok(again) = lower(&raised.value, &()) else {
            self.unread += 1;
            eprintln!("{path}: {:?}", lower(&raised.value, &()).map_err(|e| e[0].message.clone()));
            return;
        };
        for event in events(expr) {
            let verdict = expr.eval(&event);
            self.events += 1;
            self.matching += usize::from(verdict);
            if verdict != again.value.eval(&event) {
                self.differing += 1;
                eprintln!("{path}: {verdict} on {event}\n  {text:.400}");
            }
        }
    }
}

/// Events made of a rule's own literals: all that a branch asks for, that in another letter case,
/// that with one field less or with a further character.
fn events(expr: &Expr) -> Vec<Value> {
    let mut events = vec![json!({})];
    for branch in 0..2 {
        for fill in ["", "x"] {
            let mut event = Map::new();
            satisfy(expr, branch, fill, &mut event);
            let keys: Vec<String> = event.keys().cloned().collect();
            for key in keys.iter().take(4) {
                let mut less = event.clone();
                less.remove(key);
                events.push(less.into());
                let mut longer = event.clone();
                if let Some(values) = longer.get_mut(key).and_then(Value::as_array_mut) {
                    let more = |value: &mut Value| {
                        *value = json!(format!("{}~", value.as_str().unwrap_or_default()));
                    };
                    values.iter_mut().for_each(more);
                }
                events.push(longer.into());
            }
            for case in [str::to_uppercase, str::to_lowercase] {
                let mut other = event.clone();
                for value in other.values_mut().filter_map(Value::as_array_mut).flatten() {
                    *value = json!(case(value.as_str().unwrap_or_default()));
                }
                events.push(other.into());
            }
            events.push(event.into());
        }
    }
    for test in expr.tests().into_iter().take(12) {
        let mut event = Map::new();
        note(test, "yz", &mut event);
        events.push(event.into());
    }
    events
}

/// Puts values into the event that make the expression hold, as far as that is easy.
fn satisfy(expr: &Expr, branch: usize, fill: &str, event: &mut Map<String, Value>) {
    match expr {
        Expr::Test(test) => note(test, fill, event),
        Expr::And(members) => members.iter().for_each(|m| satisfy(m, branch, fill, event)),
        Expr::Or(members) => satisfy(&members[branch % members.len()], branch, fill, event),
        Expr::True | Expr::False | Expr::Not(_) => {}
    }
}

fn note(test: &Test, fill: &str, event: &mut Map<String, Value>) {
    let value = match &test.op {
        Op::Matches { pattern, .. } => filled(pattern, fill),
        Op::Compare { order, number } => {
            let more = match order {
                Order::Greater => 1.0,
                Order::Less => -1.0,
                _ => 0.0,
            };
            (number.get() + more).to_string()
        }
        Op::Cidr(cidr) => cidr.net().addr().to_string(),
        // What many expressions are found in.
        Op::Regex(regex) => regex.source().replace(['\\', '^', '$', '(', ')', '?', '*', '+'], ""),
        _ => fill.to_owned(),
    };
    let key = test.path().map_or("anywhere", |path| path.as_str());
    let values = event.entry(key).or_insert_with(|| json!([]));
    if let Some(values) = values.as_array_mut() {
        values.push(json!(value));
    }
}

fn filled(pattern: &Pattern, fill: &str) -> String {
    let piece = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::One => "q".to_owned(),
        Part::Any => fill.to_owned(),
    };
    pattern.parts().iter().map(piece).collect()
}

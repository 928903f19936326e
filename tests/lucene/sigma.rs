//! Every public Sigma rule as a query string: what it costs, and that it still finds the same.

use std::collections::BTreeMap;

use crosswalk::language::lucene::{lower, parse, print, raise};
use crosswalk::language::registry::Language;
use crosswalk::language::sigma::{self, Sigma};
use crosswalk::query::Expr;

use super::common::{corpus, queries, witness};

#[test]
fn every_rule_of_the_corpus_finds_the_same() {
    let Some(corpora) = corpus("", "Sigma's rules as query strings") else { return };
    let mut tally = Tally::default();
    for (file, detection) in queries::public(&corpora, "sigma") {
        let detection = Sigma::parse(&detection).expect("a detection");
        tally.rule(&sigma::lower(&detection).expect("a meaning"), &file);
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
        for event in witness::events(expr, true) {
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

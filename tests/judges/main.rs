//! Generated queries before engines that others wrote: each must find of every event what our reading
//! of the query finds, or the difference must be a known flaw of the engine.
//!
//! What an expression means is ours to define; whether a platform reads the text that we write for it
//! in that way is not, and nothing in this repository can tell. `./test` installs the engines and names
//! each in a variable; an engine that is not there is skipped aloud.

mod engine;
mod flaws;
mod questions;

#[path = "../common/mod.rs"]
mod common;

use std::collections::BTreeMap;

use common::random::Shapes;
use engine::{Answer, Engine, Runner};
use flaws::{Flaw, REFUSALS};
use questions::{Question, questions};

/// Elastic's EQL library for Python evaluates.
static EQL: Engine = Engine {
    name: "eql",
    language: "eql",
    variable: "CROSSWALK_EQL",
    runner: Runner::Python("elastic_eql.py"),
    shapes: Shapes::Scalars,
    nested: true,
    every: 1,
};

/// pySigma makes SQL of a rule, which SQLite runs.
static SQLITE: Engine = Engine {
    name: "sqlite",
    language: "sigma",
    variable: "CROSSWALK_SQLITE",
    runner: Runner::Python("sigma_sqlite.py"),
    shapes: Shapes::Scalars,
    nested: false,
    every: 1,
};

/// Kibana's library makes Elasticsearch's query DSL of a query; the few clauses that it uses are
/// evaluated in the harness.
static KIBANA: Engine = Engine {
    name: "kibana",
    language: "kql",
    variable: "CROSSWALK_KIBANA",
    runner: Runner::Node("kibana.js"),
    shapes: Shapes::Lists,
    nested: false,
    every: 1,
};

/// Lucene's own query parser and index.
static LUCENE: Engine = Engine {
    name: "lucene",
    language: "lucene",
    variable: "CROSSWALK_LUCENE",
    runner: Runner::Java("Lucene.java"),
    shapes: Shapes::Lists,
    nested: false,
    every: 4,
};

#[test]
fn elastics_eql_engine_agrees() {
    judged(&EQL);
}

#[test]
fn sqlite_agrees_on_what_pysigma_makes_of_our_sigma() {
    judged(&SQLITE);
}

#[test]
fn kibanas_query_library_agrees() {
    judged(&KIBANA);
}

#[test]
fn lucene_agrees() {
    judged(&LUCENE);
}

/// Sums over all questions to one engine.
#[derive(Debug, Default)]
struct Tally {
    verdicts: usize,
    matches: usize,
    queries: usize,
    /// Events on which the engine fails by itself.
    failed: usize,
    refused: BTreeMap<&'static str, usize>,
    explained: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

fn judged(engine: &Engine) {
    let Some(command) = engine.command() else { return };
    let questions = questions(engine);
    if questions.is_empty() {
        return;
    }
    let started = std::time::Instant::now();
    let answers = engine.ask(command, &questions);
    let took = started.elapsed();
    let mut tally = Tally::default();
    for (question, answer) in questions.iter().zip(&answers) {
        tally.add(engine, question, answer);
    }
    let Tally { verdicts, matches, queries, failed, refused, explained, wrong } = tally;
    eprintln!(
        "{}: {verdicts} verdicts on {queries} queries, {matches} matches, in {took:.1?}; explained \
         {explained:?}; the engine fails on {failed} events and refuses queries: {refused:?}",
        engine.name
    );
    assert!(verdicts > 1_000 && matches * 50 > verdicts, "the questions ask for nothing");
    assert!(failed * 200 < verdicts, "an engine that fails on many events judges nothing");
    let shown: Vec<&str> = wrong.iter().take(12).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} disagreements:\n{}", wrong.len(), shown.join("\n"));
}

impl Tally {
    fn add(&mut self, engine: &Engine, question: &Question, answer: &Answer) {
        let verdicts = match answer {
            Answer::Verdicts(verdicts) => verdicts,
            Answer::Refused(error) => {
                let known = REFUSALS
                    .iter()
                    .find(|known| known.engine == engine.name && error.contains(known.says));
                match known {
                    Some(known) => *self.refused.entry(known.why).or_default() += 1,
                    None => self.wrong.push(format!("refused: {error}: {}", question.shown())),
                }
                return;
            }
        };
        assert_eq!(verdicts.len(), question.events.len(), "{}", question.rule);
        self.queries += 1;
        for (event, verdict) in question.events.iter().zip(verdicts) {
            let Some(verdict) = *verdict else {
                self.failed += 1;
                continue;
            };
            self.verdicts += 1;
            self.matches += usize::from(verdict);
            if question.expr.eval(event) == verdict {
                continue;
            }
            match Flaw::explaining(engine.name, question, event, verdict) {
                Some(flaw) => *self.explained.entry(flaw).or_default() += 1,
                None => {
                    let who = if verdict { "the engine" } else { "we" };
                    let shown = question.shown();
                    self.wrong.push(format!("only {who} match {event}: {shown}"));
                }
            }
        }
    }
}

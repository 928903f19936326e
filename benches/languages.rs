//! How fast every query language is read, understood, made and written, over public rules.
//!
//! `CROSSWALK_CORPORA=DIR cargo bench --bench languages [-- LANGUAGE ...]` prints one row for each
//! language. Times are CPU time for one query, the fastest of several rounds. A language in which
//! nobody publishes rules is measured on the queries that Sigma's rules become in it.

mod common;

use std::time::Duration;

use common::{clock, convert, corpus};
use crosswalk::language::registry::{ALL, Dialect, Read};
use crosswalk::query::{Meaning, Translated};
use crosswalk::rule::RuleSet;

/// Rounds of each stage.
const ROUNDS: usize = 7;

fn main() {
    let Some(corpora) = corpus::folder("the benches of the languages") else { return };
    // Cargo adds `--bench` to the arguments.
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let rules = convert::read(&corpus::sigma_files(&corpora));
    println!("{HEAD}");
    for language in ALL {
        if asked.is_empty() || asked.iter().any(|name| name == language.name()) {
            let published = corpus::queries(language.name(), &corpora, &rules);
            let (origin, queries) = match published.is_empty() {
                true => ("made of Sigma", written(*language, &rules)),
                false => ("public", published),
            };
            println!("{}", row(*language, origin, &queries));
        }
    }
}

const HEAD: &str = "language  queries                   kB   parse µs    MB/s  lower µs  raise µs  \
                    print µs   refused: parse  lower  raise";

/// Sigma's rules in a language.
fn written(language: &dyn Dialect, rules: &RuleSet) -> Vec<String> {
    let aims = convert::aims(&[language.name()]);
    rules.rules().flat_map(|rule| convert::one(rules, rule, &aims)).flatten().collect()
}

/// Measures the four stages, each on what the one before made.
fn row(language: &dyn Dialect, origin: &str, queries: &[String]) -> String {
    let read = || queries.iter().map(|query| language.read(query)).collect::<Vec<_>>();
    let (trees, parse) = clock::fastest(ROUNDS, read);
    let trees: Vec<Box<dyn Read>> = trees.into_iter().flatten().collect();
    let lower = || trees.iter().map(|tree| tree.lower(&())).collect::<Vec<_>>();
    let (meanings, lower) = clock::fastest(ROUNDS, lower);
    let meanings: Vec<Translated<Meaning>> = meanings.into_iter().flatten().collect();
    let raise = || meanings.iter().map(|m| language.raise(&m.value, &())).collect::<Vec<_>>();
    let (raised, raise) = clock::fastest(ROUNDS, raise);
    let raised: Vec<Translated<Box<dyn Read>>> = raised.into_iter().flatten().collect();
    let (texts, print) =
        clock::fastest(ROUNDS, || raised.iter().map(|q| q.value.print()).collect::<Vec<_>>());
    let bytes: usize = queries.iter().map(String::len).sum();
    format!(
        "{:<9} {:>6} {origin:<14} {:>8.0} {:>10.2} {:>7.1} {:>9.2} {:>9.2} {:>9.2} {:>16} {:>6} {:>6}",
        language.name(),
        queries.len(),
        bytes as f64 / 1e3,
        each(parse, queries.len()),
        bytes as f64 / 1e6 / parse.as_secs_f64(),
        each(lower, trees.len()),
        each(raise, meanings.len()),
        each(print, texts.len()),
        queries.len() - trees.len(),
        trees.len() - meanings.len(),
        meanings.len() - raised.len(),
    )
}

/// Microseconds for one of many.
fn each(time: Duration, number: usize) -> f64 {
    time.as_secs_f64() * 1e6 / number.max(1) as f64
}

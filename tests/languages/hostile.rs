//! Text that nobody meant as a query.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crosswalk::language::kit::{LIMIT, MAX_NESTING, MAX_QUERY_BYTES};
use crosswalk::language::registry::{ALL, Dialect};

use super::samples::all;

/// Reads a text, and if it is a query does with it all that can be done.
fn survive(language: &dyn Dialect, text: &str) {
    match language.read(text) {
        Ok(query) => {
            let (_, _) = (query.print(), query.pretty(40));
            if let Ok(meaning) = query.lower(&()) {
                for other in ALL {
                    if let Ok(raised) = other.raise(&meaning.value, &()) {
                        let _ = raised.value.pretty(60);
                    }
                }
            }
        }
        Err(errors) => {
            assert!(!errors.is_empty() && errors.len() < 100, "{}", errors.len());
            for error in errors {
                assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?}: {text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(Config::with_cases(256))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        ALL.iter().for_each(|language| survive(*language, &text));
    }

    #[test]
    fn any_signs_are_read_or_refused(text in r#"[a-c:*?"'\\(){}\[\]<>=~|&!,.@/ \n\t0-9-]{0,60}"#) {
        ALL.iter().for_each(|language| survive(*language, &text));
    }
}

#[test]
fn limits_have_names() {
    for language in ALL {
        let name = language.name();
        let long = format!("a: {}", "x".repeat(MAX_QUERY_BYTES));
        let errors = language.read(&long).expect_err("too long");
        assert!(errors.iter().any(|error| error.code == &LIMIT), "{name}: {errors:?}");
    }
}

#[test]
fn nesting_is_bounded_and_never_a_crash() {
    for language in ALL.iter().filter(|language| language.name() != "sigma") {
        for (open, close) in [("(", ")"), ("not (", ")"), ("NOT (", ")"), ("-(", ")"), ("!(", ")")]
        {
            let deep = 40 * MAX_NESTING;
            let text = format!("{}a:b{}", open.repeat(deep), close.repeat(deep));
            for text in
                [text.clone(), format!("any where {text}"), format!("FROM x | WHERE {text}")]
            {
                survive(*language, &text);
                assert!(language.read(&text).is_err(), "{}: {open}", language.name());
            }
        }
    }
}

/// Seconds for which each language is fuzzed; `CROSSWALK_FUZZ_SECONDS` gives it more.
const FUZZ_SECONDS: u64 = 3;

/// Samples with pieces cut out, doubled, swapped and put into one another, for a limited time. The
/// same texts in the same order on every machine; how many of them depends on its speed.
#[test]
fn mutated_queries_are_read_or_refused() {
    let seconds = std::env::var("CROSSWALK_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let limit = Duration::from_secs(seconds.unwrap_or(FUZZ_SECONDS));
    let pool: Vec<String> = all().into_iter().flat_map(|s| [s.good, s.broken].concat()).collect();
    for samples in all() {
        let own = [samples.good, samples.broken].concat();
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let (start, mut tried) = (Instant::now(), 0_u64);
        while start.elapsed() < limit {
            let text = mutated(&mut runner, &own, &pool);
            survive(samples.language, &text);
            tried += 1;
        }
        eprintln!("{}: {tried} texts", samples.language.name());
    }
}

fn mutated(runner: &mut TestRunner, own: &[String], pool: &[String]) -> String {
    let mut number = |below: usize| {
        let rng = runner.rng();
        (rng.next_u64() % below.max(1) as u64) as usize
    };
    let mut text: Vec<char> = own[number(own.len())].chars().collect();
    for _ in 0..=number(4) {
        let (from, length) = (number(text.len() + 1), number(12));
        let to = (from + length).min(text.len());
        match number(5) {
            0 => drop(text.drain(from..to)),
            1 => {
                let piece: Vec<char> = text[from..to].to_vec();
                text.splice(from..from, piece);
            }
            2 => {
                let other: Vec<char> = pool[number(pool.len())].chars().collect();
                let start = number(other.len() + 1);
                let end = (start + number(20)).min(other.len());
                text.splice(from..to, other[start..end].iter().copied());
            }
            3 => text.insert(from, char::from_u32(number(0x2_0000) as u32).unwrap_or('\u{fffd}')),
            _ => text.truncate(from),
        }
    }
    text.into_iter().collect()
}

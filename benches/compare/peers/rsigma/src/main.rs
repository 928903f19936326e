//! rsigma measured: every file of Sigma rules to typed rules, and all rules over recorded events.

#[path = "../../../../common/clock.rs"]
#[allow(dead_code, reason = "the benches of Crosswalk use more of it")]
mod clock;

use std::collections::BTreeMap;
use std::hint::black_box;

use rsigma_eval::{Engine, JsonEvent};
use rsigma_parser::{LogSource, parse_sigma_yaml};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (job, folder, rounds) = match arguments.as_slice() {
        ["matches", folder] => return matches(folder),
        [job, folder, rounds] => (*job, *folder, rounds.parse().unwrap_or(1).max(1)),
        _ => {
            eprintln!("usage: rsigma-peer JOB DIR ROUNDS");
            std::process::exit(2);
        }
    };
    let files = files(folder);
    if job == "read-sigma" {
        measure(job, files.len(), rounds, || files.iter().filter(|(_, text)| reads(text)).count());
        return;
    }
    let engine = engine(&files);
    let log = std::fs::read_to_string(format!("{folder}/events.ndjson")).expect("prepared inputs");
    let source = LogSource {
        product: Some("aws".to_owned()),
        service: Some("cloudtrail".to_owned()),
        ..LogSource::default()
    };
    measure(job, log.lines().count(), rounds, || {
        let mut found = 0;
        for line in log.lines() {
            let event = serde_json::from_str(line).expect("a JSON line");
            let event = JsonEvent::borrow(&event);
            found += match job {
                "replay-all" => engine.evaluate(&event).len(),
                _ => engine.evaluate_with_logsource(&event, &source).len(),
            };
        }
        found
    });
}

fn files(folder: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("{folder}/sigma.json")).expect("prepared inputs");
    serde_json::from_str(&text).expect("a list of texts")
}

/// Every rule that it can load.
fn engine(files: &[(String, String)]) -> Engine {
    let collections = files.iter().filter_map(|(_, text)| parse_sigma_yaml(text).ok());
    let rules: Vec<_> = collections.flat_map(|found| found.rules).collect();
    let mut engine = Engine::new();
    let refused = engine.add_rules(&rules);
    eprintln!("rsigma: {} rules, {} refused", rules.len(), refused.len());
    engine
}

/// Writes which rule matches which event, for `matches.py`.
fn matches(folder: &str) {
    let engine = engine(&files(folder));
    let log = std::fs::read_to_string(format!("{folder}/events-once.ndjson")).expect("prepared");
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in log.lines().enumerate() {
        let event = serde_json::from_str(line).expect("a JSON line");
        for one in engine.evaluate(&JsonEvent::borrow(&event)) {
            found.entry(one.header.rule_id.unwrap_or_default()).or_default().push(at + 1);
        }
    }
    let text = serde_json::json!(found).to_string();
    std::fs::write(format!("{folder}/matches-rsigma.json"), text).expect("written");
}

fn measure(job: &str, items: usize, rounds: usize, mut work: impl FnMut() -> usize) {
    let loaded = clock::peak_kib();
    let (mut cpu, mut done, mut peak) = (Vec::new(), 0, 0);
    for round in 0..rounds {
        let (number, time) = clock::timed(&mut work);
        cpu.push(time.as_secs_f64());
        done = number;
        if round == 0 {
            peak = clock::peak_kib();
        }
    }
    let row = serde_json::json!({
        "job": job, "items": items, "done": done, "cpu_seconds": cpu,
        "peak_kib": peak, "loaded_kib": loaded,
    });
    println!("{row}");
}

/// Whether rules came out, without an error.
fn reads(text: &str) -> bool {
    black_box(parse_sigma_yaml(text)).is_ok_and(|found| found.errors.is_empty())
}

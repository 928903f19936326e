//! Crosswalk's side of `benches/compare/run`: the same work that the peers do, measured alike.
//!
//! `prepare DIR` writes what everybody works on; `JOB DIR ROUNDS` does a job and prints what it
//! took as one line of JSON. Texts are read into memory before the clock starts.

#[path = "../common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::ExitCode;

use common::clock;
use common::convert::{self, Aim, LANGUAGES, Tally};
use common::corpus::{self, Named};
use common::replay;
use crosswalk::diagnostic::Severity;
use crosswalk::language::registry::by_name;
use crosswalk::replay::Form;
use crosswalk::rule::RuleFile;
use serde_json::json;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["prepare", folder] => prepare(Path::new(folder)),
        ["matches", folder] => matches(Path::new(folder)),
        [job, folder, rounds] => run(job, Path::new(folder), rounds),
        _ => {
            eprintln!("skipped: the comparison with peers (benches/compare/run does it)");
            return ExitCode::SUCCESS;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the inputs of all jobs.
fn prepare(folder: &Path) -> Result<(), String> {
    let corpora = corpus::folder("the comparison with peers").ok_or("there is nothing to read")?;
    let write = |name: &str, value| {
        let path = folder.join(name);
        std::fs::write(&path, format!("{value}")).map_err(|e| format!("{}: {e}", path.display()))
    };
    write("sigma.json", json!(corpus::sigma_files(&corpora)))?;
    write("kql.json", json!(corpus::elastic(&corpora, "kuery")))?;
    write("eql.json", json!(corpus::elastic(&corpora, "eql")))?;
    replay::write_events(&corpora, &folder.join("events.ndjson"), 10)?;
    replay::write_events(&corpora, &folder.join("events-once.ndjson"), 1).map(|_| ())
}

/// Writes which rule matches which event, for `matches.py`.
fn matches(folder: &Path) -> Result<(), String> {
    replay::alone();
    let path = folder.join("sigma.json");
    let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let files: Vec<Named> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let program = replay::program(&convert::read(&files), true, Form::Canonical);
    let mut found: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    replay::run(&program, &folder.join("events-once.ndjson"), &mut |one| {
        let rule = program.rules.get(one.rule as usize).and_then(|rule| rule.id.as_deref());
        found.entry(rule.unwrap_or_default()).or_default().push(one.event.place.record);
    });
    let path = folder.join("matches-crosswalk.json");
    std::fs::write(&path, json!(found).to_string()).map_err(|e| format!("{}: {e}", path.display()))
}

fn run(job: &str, folder: &Path, rounds: &str) -> Result<(), String> {
    let rounds: usize = rounds.parse().map_err(|_| format!("`{rounds}` is no number"))?;
    let text = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
    };
    let sigma = || -> Result<Vec<Named>, String> {
        serde_json::from_str(&text("sigma.json")?).map_err(|e| e.to_string())
    };
    if let Some(language) = job.strip_prefix("parse-") {
        let Some(language) = by_name(language) else { return missing(job, language) };
        let queries: Vec<String> =
            serde_json::from_str(&text(&format!("{}.json", language.name()))?)
                .map_err(|e| e.to_string())?;
        measure(job, queries.len(), rounds, || {
            queries.iter().filter(|query| black_box(language.read(query)).is_ok()).count()
        })
    } else if job == "read-sigma" {
        let files = sigma()?;
        measure(job, files.len(), rounds, || {
            files.iter().filter(|(name, text)| reads(name, text)).count()
        })
    } else if job == "replay" || job == "replay-all" {
        replay::alone();
        let program =
            replay::program(&convert::read(&sigma()?), job == "replay-all", Form::Canonical);
        let log = folder.join("events.ndjson");
        let events = replay::run(&program, &log, &mut |_| {}).events;
        measure(job, usize::try_from(events).unwrap_or_default(), rounds, || {
            let mut matches = 0;
            replay::run(&program, &log, &mut |_| matches += 1);
            matches
        })
    } else if let Some(language) = job.strip_prefix("sigma-to-") {
        let names: Vec<&str> = LANGUAGES
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| language == "all" || *name == language)
            .collect();
        let aims: Vec<Aim> = convert::aims(&names);
        if aims.is_empty() {
            return missing(job, language);
        }
        let files = sigma()?;
        measure(job, files.len(), rounds, || {
            let Tally { written, bytes, .. } = convert::convert(&convert::read(&files), &aims);
            black_box(bytes);
            written
        })
    } else {
        Err(format!("there is no job `{job}`"))
    }
}

/// Whether rules came out, without an error.
fn reads(name: &str, text: &str) -> bool {
    let (file, findings) = black_box(RuleFile::parse(name, text));
    let faulty = findings.iter().any(|finding| finding.severity == Severity::Error);
    !faulty && !file.documents.is_empty()
}

/// A language that this build lacks is no failure of the comparison.
fn missing(job: &str, language: &str) -> Result<(), String> {
    println!("{}", json!({"job": job, "skipped": format!("this build has no `{language}`")}));
    Ok(())
}

/// Does the work several times. Its memory is that of the first round, as nobody does work twice.
fn measure(
    job: &str,
    items: usize,
    rounds: usize,
    mut work: impl FnMut() -> usize,
) -> Result<(), String> {
    let before = clock::peak_kib();
    let (mut cpu, mut done, mut peak) = (Vec::new(), 0, 0);
    for round in 0..rounds.max(1) {
        let (number, time) = clock::timed(&mut work);
        cpu.push(time.as_secs_f64());
        done = number;
        if round == 0 {
            peak = clock::peak_kib();
        }
    }
    println!(
        "{}",
        json!({
            "job": job, "items": items, "done": done, "cpu_seconds": cpu,
            "peak_kib": peak, "loaded_kib": before,
        })
    );
    Ok(())
}

//! How fast rules run over CloudTrail's records, and in how much memory.
//!
//! `CROSSWALK_CORPORA=DIR cargo bench --bench replay [-- MEGABYTES]` prints one row for each set of
//! rules. The log is the recorded events again and again, a gigabyte of them unless told otherwise.
//! Times are CPU time of one thread. The peak of memory is that of the process up to then, so the
//! smallest set of rules comes first.

mod common;

use common::{clock, corpus, replay};
use crosswalk::replay::Form;
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::source::discover;

fn main() {
    let Some(corpora) = corpus::folder("the benches of replay") else { return };
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse::<usize>().ok());
    let megabytes = asked.unwrap_or(1000);
    replay::alone();
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.ndjson");
    replay::write_events(&corpora, &log, 1).expect("written");
    let once = log.metadata().expect("written").len() as usize;
    let events =
        replay::write_events(&corpora, &log, (megabytes << 20).div_ceil(once)).expect("written");
    println!("{events} events, {megabytes} MiB");
    println!("{HEAD}");
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let sigma = corpora.join("sigma");
    let (written, datadog) = (Form::Canonical, Form::Datadog);
    for (name, folder, all, form) in [
        ("own rules", pack.as_ref(), false, written),
        ("own rules, as Datadog's", pack.as_ref(), false, datadog),
        ("Sigma, of the log source", sigma.as_path(), false, written),
        ("Sigma, as Datadog's", sigma.as_path(), false, datadog),
        ("Sigma, all of them", sigma.as_path(), true, written),
    ] {
        let (found, _) = discover(&[folder.to_owned()], &["yml"]);
        let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("readable");
        let (program, load) = clock::timed(|| {
            let files = found.iter().map(|file| RuleFile::parse(&file.name, &read(&file.path)).0);
            replay::program(&RuleSet::of(files.collect()), all, form)
        });
        let mut matches = 0u64;
        let (totals, time) = clock::timed(|| replay::run(&program, &log, &mut |_| matches += 1));
        let seconds = time.as_secs_f64();
        println!(
            "{name:<26} {:>6} {:>7} {:>8.2} {:>10} {seconds:>8.2} {:>10.0} {:>7.0} {:>9}",
            program.rules.len(),
            program.size().0,
            load.as_secs_f64(),
            matches,
            totals.events as f64 / seconds,
            totals.bytes as f64 / 1e6 / seconds,
            clock::peak_kib() / 1024,
        );
    }
}

const HEAD: &str = "rules                       number   tests   load s    matches    CPU s   events/s    MB/s  peak MiB";

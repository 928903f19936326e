//! How long the audit of whole public rule sets takes.
//!
//! `CROSSWALK_CORPORA=DIR cargo bench --bench coverage` prints one row for each set: reading its rules, and deciding
//! every demand of every version of the benchmark. Times are CPU time of one thread.

mod common;

use std::sync::Arc;

use common::{clock, corpus};
use crosswalk::compliance::{Audit, Gathered, Scope};
use crosswalk::rule::controls::framework;
use crosswalk::source::{SourceFile, discover};

fn main() {
    let Some(corpora) = corpus::folder("the benches of coverage") else { return };
    common::replay::alone();
    let cis = framework("cis-aws-foundations").expect("shipped");
    println!(
        "{:<10} {:>6} {:>8} {:>8} {:>12}",
        "set", "rules", "read s", "newest s", "all versions s"
    );
    for name in ["elastic", "datadog", "sigma"] {
        let (found, _) = discover(&[corpora.join(name)], &["toml", "json", "yml"]);
        let (gathered, read) = clock::timed(|| {
            let sources =
                found.iter().filter_map(|file| SourceFile::read(&file.path, &file.name).ok());
            Gathered::of(&sources.collect::<Vec<Arc<SourceFile>>>())
        });
        let rules = &gathered.detectors;
        let (_, newest) = clock::timed(|| Audit::of(rules, &Scope::newest(cis)));
        let (_, all) = clock::timed(|| Audit::of(rules, &Scope::all(cis)));
        println!(
            "{name:<10} {:>6} {:>8.2} {:>8.2} {:>12.2}",
            rules.len(),
            read.as_secs_f64(),
            newest.as_secs_f64(),
            all.as_secs_f64(),
        );
    }
}

//! What proofs cost: the longest one, a whole corpus, the build of the shipped rules.
//!
//! `CROSSWALK_CORPORA=DIR cargo bench --bench proof`. Times are CPU time of one thread.

mod common;
#[path = "../tests/common/mod.rs"]
mod shared;

use std::time::Duration;

use common::clock;
use crosswalk::language::registry::{self, Dialect};
use crosswalk::proof::{Limits, Relation};
use shared::cloudtrail::{built, our_rules};
use shared::translations::{Pair, Translated, of_file, sources};

/// Folder, extension, form.
const CORPORA: &[(&str, &str, &str)] =
    &[("sigma", "yml", "sigma"), ("elastic", "toml", "elastic-toml")];

/// Rounds of what is short.
const ROUNDS: usize = 5;

/// The goals: a proof, the Sigma corpus to KQL, the build of the pack.
const LONGEST: Duration = Duration::from_secs(2);
const CORPUS: Duration = Duration::from_secs(60);
const PACK: Duration = Duration::from_secs(1);

fn main() {
    common::replay::alone();
    pack();
    let mut worst = (Duration::ZERO, String::new());
    for (folder, extension, form) in CORPORA {
        let Some(sources) = sources(folder, extension) else { return };
        for to in registry::ALL {
            let all = || sources.iter().flat_map(|file| of_file(file, form, *to)).collect();
            let (pairs, conversion): (Vec<Translated>, _) = clock::timed(all);
            worst = worst.max(proofs(folder, *to, &pairs, conversion));
        }
    }
    println!("longest proof: {:.0} ms, {} {}", ms(worst.0), worst.1, met(worst.0, LONGEST));
}

/// The proofs of one corpus in one language; the longest with its name.
fn proofs(
    folder: &str,
    to: &dyn Dialect,
    all: &[Translated],
    conversion: Duration,
) -> (Duration, String) {
    let (mut total, mut worst) = (Duration::ZERO, (Duration::ZERO, String::new()));
    let (mut proven, mut undecided) = (0, 0);
    for one in all {
        let Translated::Pair(pair) = one else { continue };
        let (relation, time) = clock::timed(|| relation(pair));
        proven += usize::from(relation.is_some());
        undecided += usize::from(matches!(relation, Some(Relation::Undecided(_))));
        total += time;
        if time > worst.0 {
            worst = (time, pair.right.title.clone());
        }
    }
    let goal = match (folder, to.name()) {
        ("sigma", "kql") => met(conversion + total, CORPUS),
        _ => String::new(),
    };
    println!(
        "{folder} to {:<8} {:.2} s with {proven} proofs ({:.2} s), {undecided} undecided, longest {:.0} ms {goal}",
        to.name(),
        (conversion + total).as_secs_f64(),
        total.as_secs_f64(),
        ms(worst.0),
    );
    worst
}

fn relation(pair: &Pair) -> Option<Relation> {
    pair.related(&Limits::default()).ok().map(|comparison| comparison.relation)
}

/// `crosswalk build` of the shipped rules, certificates included.
fn pack() {
    let rules = our_rules();
    let (build, time) = clock::fastest(ROUNDS, || built(&rules));
    println!(
        "build of the pack: {:.3} s for {} rules with proofs {}",
        time.as_secs_f64(),
        build.rules.len(),
        met(time, PACK)
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn met(time: Duration, goal: Duration) -> String {
    let verdict = if time <= goal { "met" } else { "MISSED" };
    format!("[goal {} s: {verdict}]", goal.as_secs())
}

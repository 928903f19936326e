//! Every public rule of two corpora, as `convert` reads it, against what it becomes: the prover and
//! the ledger of the translation must say the same.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crosswalk::language::registry::{self, Dialect};
use crosswalk::proof::{Comparison, Limits, Relation};
use crosswalk::query::Effect;
use crosswalk::source::SourceFile;
use rayon::prelude::*;

use super::common::translations::{Pair, Translated, of_file, sources};
use super::held::{Asked, Held, Recorded};

/// Folder, extension, form and target languages.
const CORPORA: &[(&str, &str, &str, &[&str])] = &[
    ("sigma", "yml", "sigma", &["datadog", "eql", "esql", "kql", "lucene", "sigma"]),
    ("elastic", "toml", "elastic-toml", &["sigma", "datadog", "kql", "eql"]),
];

/// Most time for one proof, by a wall clock that others share and without optimisation. What a proof
/// may really take is for `benches/proof.rs`.
const LONGEST: Duration = Duration::from_secs(20);

/// What the prover says of one rule.
enum Found {
    Refused,
    Apart(String),
    Compared(Box<Compared>),
}

/// A translation with its proof.
struct Compared {
    pair: Pair,
    comparison: Comparison,
    time: Duration,
    held: Result<Held, String>,
}

/// Compares one translation, and holds what is called equal against events.
fn found(translated: Translated, asked: &Asked, recorded: &Recorded) -> Found {
    let pair = match translated {
        Translated::Refused => return Found::Refused,
        Translated::Apart(why) => return Found::Apart(why),
        Translated::Pair(pair) => pair,
    };
    let started = Instant::now();
    let comparison = match pair.related(&Limits::default()) {
        Ok(comparison) => comparison,
        Err(why) => return Found::Apart(why),
    };
    let time = started.elapsed();
    let held = match comparison.relation {
        Relation::Equal => asked.hold(&pair, &comparison, recorded),
        _ => Ok(Held::default()),
    };
    Found::Compared(Box::new(Compared { pair: *pair, comparison, time, held }))
}

/// Every rule of a file in every language, language by language.
fn of_rules(
    source: &Arc<SourceFile>,
    form: &str,
    languages: &[&'static dyn Dialect],
    recorded: &Recorded,
) -> Vec<Vec<Found>> {
    let mut asked: Vec<Asked> = Vec::new();
    let one = |to: &&'static dyn Dialect| {
        let all = of_file(source, form, *to);
        asked.resize_with(all.len(), Asked::default);
        all.into_iter().zip(&asked).map(|(one, asked)| found(one, asked, recorded)).collect()
    };
    languages.iter().map(one).collect()
}

/// How the translation explains that the prover finds a difference.
enum Explained {
    ByLoss,
    ByAssumption,
    Not,
}

fn explained(pair: &Pair, relation: Relation) -> Explained {
    let misses =
        matches!(relation, Relation::Narrower | Relation::Overlapping | Relation::Disjoint);
    let adds = matches!(relation, Relation::Wider | Relation::Overlapping | Relation::Disjoint);
    if (!misses || pair.says(Effect::Narrower)) && (!adds || pair.says(Effect::Wider)) {
        Explained::ByLoss
    } else if !pair.leans_on().is_empty() {
        Explained::ByAssumption
    } else {
        Explained::Not
    }
}

#[test]
fn what_a_translation_costs_is_what_the_prover_finds() {
    let Some(recorded) = Recorded::load() else { return };
    let mut faults = Vec::new();
    for (folder, extension, form, languages) in CORPORA {
        let Some(sources) = sources(folder, extension) else { return };
        let languages: Vec<&'static dyn Dialect> =
            languages.iter().filter_map(|name| registry::by_name(name)).collect();
        let all: Vec<Vec<Vec<Found>>> =
            sources.par_iter().map(|file| of_rules(file, form, &languages, &recorded)).collect();
        for (at, to) in languages.iter().enumerate() {
            let found: Vec<&Found> = all.iter().flat_map(|file| &file[at]).collect();
            assert!(!found.is_empty(), "{folder}");
            faults.extend(table(folder, *to, &found));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Prints one row, and gives what is wrong with it.
fn table(folder: &str, to: &dyn Dialect, all: &[&Found]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut limits, mut assumed) = (BTreeMap::<String, usize>::new(), BTreeMap::new());
    let mut apart: BTreeMap<String, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    let mut worst = (Duration::ZERO, "");
    let mut total = Duration::ZERO;
    let mut held = Held::default();
    for one in all {
        let (pair, comparison, time) = match one {
            Found::Refused => {
                *counts.entry("refused").or_default() += 1;
                continue;
            }
            Found::Apart(why) => {
                *counts.entry("not compared").or_default() += 1;
                let why: String =
                    why.rsplit(": ").next().unwrap_or_default().chars().take(60).collect();
                *apart.entry(why).or_default() += 1;
                continue;
            }
            Found::Compared(one) => {
                let Compared { pair, comparison, time, held: own } = &**one;
                match own {
                    Ok(own) => held += *own,
                    Err(event) => faults.push(format!("called equal: {event}")),
                }
                (pair, comparison, time)
            }
        };
        total += *time;
        worst = worst.max((*time, &pair.rule));
        let relation = comparison.relation;
        let kind = match relation {
            Relation::Equal if !comparison.assumed.is_empty() || !pair.leans_on().is_empty() => {
                "equal under assumptions"
            }
            Relation::Undecided(limit) => {
                *limits.entry(limit.to_string()).or_default() += 1;
                "undecided"
            }
            other => other.name(),
        };
        *counts.entry(kind).or_default() += 1;
        if matches!(relation, Relation::Equal | Relation::Undecided(_)) {
            continue;
        }
        match explained(pair, relation) {
            Explained::ByLoss => *counts.entry("of which by a named loss").or_default() += 1,
            Explained::ByAssumption => {
                *counts.entry("of which by an assumption").or_default() += 1;
                let codes: Vec<&str> = pair.leans_on().into_iter().collect();
                *assumed.entry(codes.join("+")).or_insert(0_usize) += 1;
                if std::env::var_os("CROSSWALK_PROOF_SHOW").is_some() {
                    eprintln!("  assumption: {}", shown(to, pair, comparison));
                }
            }
            Explained::Not => faults.push(shown(to, pair, comparison)),
        }
    }
    let compared = all.iter().filter(|one| matches!(one, Found::Compared(_))).count();
    eprintln!("{folder} to {}: {} rules, {compared} compared in {total:.1?}", to.name(), all.len());
    eprintln!("  {counts:?}");
    eprintln!("  undecided {limits:?}; assumptions {assumed:?}; not compared {apart:?}");
    eprintln!("  longest proof {:.2?}: {}", worst.0, worst.1);
    eprintln!(
        "  where equal: {} are the same expression; the others agree on {} random events, {} a rule \
         ({} match, {} more are beyond the assumptions), and on {} recorded ones",
        held.same,
        held.random,
        super::held::RANDOM,
        held.matched,
        held.beyond,
        held.recorded
    );
    assert!(held.same > 0 || (held.random > 0 && held.matched > 0 && held.recorded > 0));
    assert!(worst.0 < LONGEST, "a limit has to end this");
    let undecided = counts.get("undecided").copied().unwrap_or_default();
    assert!(undecided * 50 <= compared, "{folder} to {}: {undecided} undecided", to.name());
    assert!(!limits.contains_key("unconfirmed"));
    faults
}

fn shown(to: &dyn Dialect, pair: &Pair, comparison: &Comparison) -> String {
    let codes: Vec<&str> = pair.losses.iter().map(|loss| loss.code).collect();
    let event = |event: &Option<serde_json::Value>| event.as_ref().map(ToString::to_string);
    format!(
        "{} in {}: {} (losses {codes:?}): misses {:?}, adds {:?}\n    {:.600}",
        pair.rule,
        to.name(),
        comparison.relation.name(),
        event(&comparison.only_left),
        event(&comparison.only_right),
        pair.texts.join(" | "),
    )
}

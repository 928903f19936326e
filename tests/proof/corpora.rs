//! Every public Sigma rule against what every language makes of it, and against itself in another
//! order.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crosswalk::language::registry::{self, Dialect};
use crosswalk::proof::{Comparison, Limits, Relation, Satisfiable, compare, satisfiable};
use crosswalk::query::{Expr, Meaning};
use rayon::prelude::*;

use super::common::{corpus, queries, witness};

/// The expressions of a language's queries, with the file that they stand in.
pub(crate) fn expressions(language: &str, queries: &[(String, String)]) -> Vec<(String, Expr)> {
    let language = registry::by_name(language).expect("a language");
    let read = |(file, text): &(String, String)| {
        let meaning = language.read(text).ok()?.lower(&()).ok()?.value;
        Some((file.clone(), meaning.as_match()?.clone()))
    };
    queries.par_iter().filter_map(read).collect()
}

/// What a language says of an expression, read again; and whether it says that it loses something.
fn translated(language: &dyn Dialect, expr: &Expr) -> Option<(Expr, bool)> {
    let raised = language.raise(&Meaning::Match(expr.clone()), &()).ok()?;
    let again = language.read(&raised.value.print()).expect("what is written can be read");
    // Free text is looked for in fields that the rule does not name.
    let again = again.lower(&()).ok()?.value;
    let exact = raised.losses.is_empty() && raised.assumptions.is_empty();
    Some((again.as_match().expect("single events").clone(), exact))
}

/// The same in the opposite order, every junction inside another of its kind.
fn renested(expr: &Expr) -> Expr {
    let split = |all: &[Expr], join: fn(Vec<Expr>) -> Expr| {
        let mut all: Vec<Expr> = all.iter().rev().map(renested).collect();
        let rest = all.split_off(all.len() / 2);
        join(vec![join(rest), join(all)])
    };
    match expr {
        Expr::And(all) => split(all, Expr::And),
        Expr::Or(all) => {
            let not: Vec<Expr> = all.iter().rev().map(|one| renested(one).negated()).collect();
            Expr::Not(Box::new(Expr::And(not)))
        }
        Expr::Not(inner) => Expr::Not(Box::new(renested(inner))),
        other => other.clone(),
    }
}

/// How long what took, in the time of one thread.
fn timed<T>(f: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    (f(), started.elapsed())
}

#[test]
fn every_public_rule_is_compared_with_its_translations() {
    let Some(corpora) = corpus("", "proofs of all translations") else { return };
    let rules = expressions("sigma", &queries::public(&corpora, "sigma"));
    for language in registry::ALL {
        let found: Vec<(&str, bool, Comparison, Duration, usize)> = rules
            .par_iter()
            .filter_map(|(file, expr)| {
                let (again, exact) = translated(*language, expr)?;
                let (found, time) = timed(|| compare(expr, &again, &(), &Limits::default()));
                let events = if found.relation == Relation::Equal {
                    witness::events(expr, true)
                } else {
                    Vec::new()
                };
                for event in &events {
                    assert_eq!(expr.eval(event), again.eval(event), "{file}: {event}");
                }
                Some((file.as_str(), exact, found, time, events.len()))
            })
            .collect();
        report(language.name(), &found);
    }
}

fn report(name: &str, found: &[(&str, bool, Comparison, Duration, usize)]) {
    let mut table: BTreeMap<&str, usize> = BTreeMap::new();
    let mut limits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults: Vec<String> = Vec::new();
    for (file, exact, found, ..) in found {
        *table.entry(found.relation.name()).or_default() += 1;
        if let Relation::Undecided(limit) = found.relation {
            *limits.entry(limit.name()).or_default() += 1;
            if std::env::var_os("CROSSWALK_PROOF_SHOW").is_some() {
                eprintln!("  undecided {limit}: {file}");
            }
        } else if *exact && found.relation != Relation::Equal {
            faults.push(format!(
                "{} although exact: {file}: {:?} {:?}",
                found.relation.name(),
                found.only_left,
                found.only_right
            ));
        }
    }
    let total: Duration = found.iter().map(|(.., time, _)| *time).sum();
    let (slowest, worst) = found
        .iter()
        .map(|(file, _, _, time, _)| (*file, *time))
        .max_by_key(|own| own.1)
        .unwrap_or_default();
    let held: usize = found.iter().map(|(.., events)| events).sum();
    eprintln!(
        "{name}: {} of rules compared in {total:.1?}, worst {worst:.2?} ({slowest})",
        found.len()
    );
    eprintln!("  {table:?} {limits:?}; {held} events agree where equal");
    assert!(worst < Duration::from_secs(20), "a limit has to end this");
    let undecided = table.get("undecided").copied().unwrap_or_default();
    assert!(undecided * 50 <= found.len(), "{name}: {undecided}");
    assert!(!limits.contains_key("unconfirmed"));
    assert!(faults.is_empty(), "{name}: {faults:#?}");
}

#[test]
fn every_public_rule_equals_itself_in_another_order() {
    let Some(corpora) = corpus("", "rules in another order") else { return };
    let rules = expressions("sigma", &queries::public(&corpora, "sigma"));
    let started = Instant::now();
    rules.par_iter().for_each(|(file, expr)| {
        let found = compare(expr, &renested(expr), &(), &Limits::default());
        assert_eq!(found.relation, Relation::Equal, "{file}");
    });
    eprintln!("{} rules equal themselves in {:.1?}", rules.len(), started.elapsed());
}

/// Rules of the public set that cannot match, or of which nobody knows.
#[test]
fn every_public_rule_can_match() {
    let Some(corpora) = corpus("", "rules that never match") else { return };
    let rules = expressions("sigma", &queries::public(&corpora, "sigma"));
    let odd: Vec<String> = rules
        .par_iter()
        .filter_map(|(file, expr)| match satisfiable(expr, &(), &Limits::default()) {
            Satisfiable::Yes(event) => {
                assert!(expr.eval(&event), "{file}");
                None
            }
            other => Some(format!("{file}: {other:?}")),
        })
        .collect();
    eprintln!("{} of {} rules cannot match or may not: {odd:#?}", odd.len(), rules.len());
    assert!(odd.len() * 50 <= rules.len());
}

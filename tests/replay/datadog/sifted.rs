//! Records that say by themselves that no rule over logs holds are not made logs of. What is found by
//! public rules on recorded events is the same as where a log is made of every record.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crosswalk::event::inputs;
use crosswalk::replay::{Form, Happening, Options, Program, Run, Totals};
use crosswalk::rule::RuleSet;
use crosswalk::source::discover;
use proptest::prelude::TestCaseError;
use proptest::prop_assert_eq;
use serde_json::json;

use super::super::common::{corpus, rows};
use super::corpora::{imported, payloads};

/// The program as it is, and the one that makes a log of every record.
pub(super) struct Both {
    pub(super) sifted: Program,
    pub(super) plain: Program,
}

impl Both {
    pub(super) fn of(set: &RuleSet, all_rules: bool) -> Self {
        let program = |all_logs| {
            let form = Form::Datadog;
            Program::new(set, Options { form, all_rules, all_logs, ..Options::default() })
        };
        Self { sifted: program(false), plain: program(true) }
    }

    /// Runs both, and compares everything that they say.
    pub(super) fn run(&self, log: &Path) -> Result<(usize, Totals, Totals), TestCaseError> {
        let (sifted, totals) = told(&self.sifted, log);
        let (plain, all) = told(&self.plain, log);
        for (own, expected) in sifted.iter().zip(&plain) {
            prop_assert_eq!(own, expected);
        }
        prop_assert_eq!(sifted.len(), plain.len());
        prop_assert_eq!(&totals, &Totals { projected: totals.projected, ..all.clone() });
        Ok((sifted.len(), totals, all))
    }
}

/// Everything that a run tells, in its order.
pub(super) fn told(program: &Program, log: &Path) -> (Vec<String>, Totals) {
    let mut told = Vec::new();
    let totals = Run::default().over(program, &inputs(&[PathBuf::from(log)]).0, &mut |happening| {
        match happening {
            Happening::Found(found) => {
                let title = &program.rules[found.rule as usize].title;
                let (place, over) = (&found.event.place, json!(found.over_time));
                told.push(format!("{title}: {place:?} {:?} {over}", found.event.id));
            }
            Happening::Fault(_, fault) => told.push(fault.to_string()),
            Happening::Progress => {}
        }
        ControlFlow::Continue(())
    });
    (told, totals)
}

pub(super) fn written(records: &[String]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.ndjson");
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(&path, lines).expect("written");
    (folder, path)
}

/// The recorded events.
fn recorded() -> Option<Vec<String>> {
    let path = corpus("cloudtrail/events.jsonl", "logs of some records against logs of all")?;
    Some(rows(&path).into_iter().map(|mut row| row["event"].take().to_string()).collect())
}

fn of_folder(folder: &Path) -> RuleSet {
    let (found, errors) = discover(&[folder.to_owned()], &["yml"]);
    assert_eq!(errors, [""; 0]);
    RuleSet::read(&found).0
}

/// Runs rules over all recorded events, of which hardly any has to be made a log of.
fn agree(name: &str, set: &RuleSet, all_rules: bool) {
    let Some(events) = recorded() else { return };
    let (_folder, log) = written(&events);
    let both = Both::of(set, all_rules);
    let (found, totals, all) = both.run(&log).expect("the same");
    let rules = both.sifted.rules.len();
    eprintln!(
        "{name}: {rules} rules, {found} signals; logs of {} instead of {} of {} events",
        totals.projected, all.projected, totals.events
    );
    assert!(rules > 0 && found > 0);
    assert_eq!(all.projected, all.events);
    assert!(totals.projected * 100 <= totals.events, "{} logs", totals.projected);
}

#[test]
fn our_rules_find_the_same() {
    let own = of_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/rules").as_ref());
    agree("own rules", &own, false);
}

#[test]
fn sigmas_rules_find_the_same() {
    let Some(folder) = corpus("sigma", "Sigma's rules as Datadog's") else { return };
    let set = of_folder(&folder);
    agree("Sigma, of the log source", &set, false);
    agree("Sigma, all of them", &set, true);
}

#[test]
fn datadogs_rules_find_the_same() {
    let Some(root) = corpus("datadog", "Datadog's rules with few logs") else { return };
    let set = imported(&payloads(&root));
    agree("Datadog, of the log source", &set, false);
    agree("Datadog, all of them", &set, true);
}

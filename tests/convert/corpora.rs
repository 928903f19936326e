//! Every public rule to every language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::common::{corpus, files};
use super::converted;
use super::expected::{Expected, REFUSALS};
use crosswalk::convert::{Converted, Input, Report, To, Unit};
use crosswalk::language::registry::{self, Dialect};
use crosswalk::source::SourceFile;
use crosswalk::target::reasons;

/// Folder, extension and form of each corpus.
const CORPORA: &[(&str, &str, &str)] = &[
    ("sigma", "yml", "sigma"),
    ("elastic", "toml", "elastic-toml"),
    ("datadog", "json", "datadog"),
];

fn sources(folder: &str, extension: &str) -> Option<Vec<Arc<SourceFile>>> {
    let files = files(&corpus(folder, "every public rule in every language")?, extension);
    let read = |path: &std::path::PathBuf| {
        let name = path.display().to_string();
        SourceFile::read(path, &name).expect("readable")
    };
    Some(files.par_iter().map(read).collect())
}

/// The rules of a corpus as queries of a language, with a line of the table that the test prints.
fn all(folder: &str, form: &str, sources: &[Arc<SourceFile>], to: To) -> Vec<Unit> {
    let (units, _) = converted(sources.to_vec(), Input::from_name(form), to);
    let mut report = Report::new(to.name());
    units.iter().for_each(|unit| report.add(unit));
    let Report { exact, lossy, refused, ref refusals, .. } = report;
    let by_reason: Vec<String> =
        refusals.iter().map(|(name, reason)| format!("{name} {}", reason.rules.len())).collect();
    let reasons = by_reason.join(", ");
    eprintln!(
        "{folder} to {}: {exact} exact, {lossy} lossy, {refused} refused: {reasons}",
        to.name()
    );
    units
}

#[test]
fn every_public_rule_becomes_a_query_or_has_a_listed_reason() {
    let mut met: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (folder, extension, form) in CORPORA {
        let Some(sources) = sources(folder, extension) else { return };
        for language in registry::ALL {
            let units = all(folder, form, &sources, To::Query(*language));
            assert!(!units.is_empty(), "{folder}");
            let wrong: Vec<String> =
                units.par_iter().filter_map(|unit| faults(unit, *language)).collect();
            assert!(wrong.is_empty(), "{} of {folder}: {}", wrong.len(), wrong[0]);
            met.entry(language.name()).or_default().extend(refusals(&units));
        }
    }
    for Expected { language, reasons } in REFUSALS {
        let new: Vec<_> = met[language].iter().filter(|met| !reasons.contains(*met)).collect();
        assert!(new.is_empty(), "{language} refuses for reasons that are not listed: {new:?}");
    }
}

/// The names of all reasons in order of the rules.
fn refusals(units: &[Unit]) -> Vec<&'static str> {
    let refused = units.iter().filter_map(|unit| unit.result.as_ref().err());
    refused.flat_map(|refused| refused.refused.iter().map(|why| why.code)).collect()
}

/// What is wrong with a result.
fn faults(unit: &Unit, language: &dyn Dialect) -> Option<String> {
    let fault = match &unit.result {
        Err(refused) if refused.refused.is_empty() => Some("refused without a reason".to_owned()),
        Err(refused) => refused.refused.iter().find_map(|why| unexplained(why.code, &why.reason)),
        Ok(done) => unreadable(done, language),
    };
    fault.map(|fault| format!("{}: {}: {fault}", unit.source, unit.title))
}

/// Text must read in its own language and print as the same text; its costs have explained names.
fn unreadable(done: &Converted, language: &dyn Dialect) -> Option<String> {
    if done.texts.is_empty() {
        return Some("nothing at all".to_owned());
    }
    let costs = done.losses.iter().map(|loss| (loss.code, &loss.reason));
    let costs = costs.chain(done.assumptions.iter().map(|fact| (fact.code, &fact.reason)));
    if let Some(fault) = { costs }.find_map(|(code, reason)| unexplained(code, reason)) {
        return Some(fault);
    }
    done.texts.iter().find_map(|text| match language.read(&text.text) {
        Err(errors) => Some(format!("{errors:?}\n{}", text.text)),
        Ok(read) => {
            let again = read.pretty(100);
            (again != text.text).then(|| format!("printed as\n{again}\nnot\n{}", text.text))
        }
    })
}

fn unexplained(code: &str, reason: &str) -> Option<String> {
    let known = reasons::meaning(code).is_some() && !reason.is_empty();
    (!known).then(|| format!("`{code}` is not explained: {reason}"))
}

//! Rules of any kind as one set: those of platforms as they are imported.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Kind, bodies, canonical_text};
use crate::diagnostic::{Finding, Findings};
use crate::rule::{RuleFile, RuleSet, read};
use crate::source::SourceFile;

/// Reads documents. What is no rule of any kind is left out: a folder of a platform's rules has other
/// files beside them. The findings are those of reading; imports have their own.
pub fn rules(sources: &[Arc<SourceFile>]) -> (RuleSet, Vec<Finding>) {
    let read: Vec<(Vec<RuleFile>, Vec<Finding>)> = sources.par_iter().map(of_document).collect();
    let (files, findings): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    (RuleSet::of(files.concat()), findings.concat())
}

/// Two versions of a set of documents, as far as they can differ.
#[derive(Debug)]
pub struct Versions {
    /// The rules before, with the findings of reading.
    pub old: (RuleSet, Vec<Finding>),
    /// The rules after, with the findings of reading.
    pub new: (RuleSet, Vec<Finding>),
    /// How many rules of platforms stand on both sides in the same words, and in neither set: no
    /// import would tell them apart.
    pub unchanged: usize,
}

/// Reads two versions of a set of documents. A document of a platform that has not changed stands for
/// itself, and is not imported, unless there are rules or filters that reach into other files.
pub fn versions(old: &[Arc<SourceFile>], new: &[Arc<SourceFile>]) -> Versions {
    let same: Vec<(usize, usize)> = same(old, new)
        .into_par_iter()
        .filter(|(before, _)| old.get(*before).is_some_and(|source| is_foreign(source)))
        .collect();
    let rest = |all: &[Arc<SourceFile>], apart: HashSet<usize>| -> Vec<Arc<SourceFile>> {
        let left = all.iter().enumerate().filter(|(at, _)| !apart.contains(at));
        left.map(|(_, source)| Arc::clone(source)).collect()
    };
    let mut before = rules(&rest(old, same.iter().map(|(before, _)| *before).collect()));
    let after = rules(&rest(new, same.iter().map(|(_, after)| *after).collect()));
    let reach_out = [&before.0, &after.0].iter().any(|set| !set.files_stand_alone());
    if reach_out && !same.is_empty() {
        return Versions { old: rules(old), new: rules(new), unchanged: 0 };
    }
    let apart: Vec<(usize, Vec<Finding>)> = same
        .par_iter()
        .filter_map(|(before, _)| {
            let source = old.get(*before)?;
            let mut findings = Findings::new(source);
            let bodies = bodies(source, Kind::of(source)?, &mut findings)?;
            Some((bodies.len(), findings.into_sorted()))
        })
        .collect();
    let unchanged = apart.iter().map(|(count, _)| count).sum();
    before.1.extend(apart.into_iter().flat_map(|(_, findings)| findings));
    Versions { old: before, new: after, unchanged }
}

/// The documents, by number, that stand on both sides under one file name, byte for byte.
fn same(old: &[Arc<SourceFile>], new: &[Arc<SourceFile>]) -> Vec<(usize, usize)> {
    let mut known: HashMap<(&str, &str), VecDeque<usize>> = HashMap::new();
    for (at, source) in old.iter().enumerate() {
        known.entry((source.file_name(), source.text())).or_default().push_back(at);
    }
    let mut same = Vec::new();
    for (after, source) in new.iter().enumerate() {
        let free = known.get_mut(&(source.file_name(), source.text()));
        same.extend(free.and_then(VecDeque::pop_front).map(|before| (before, after)));
    }
    same
}

/// Whether a document is one of a platform.
fn is_foreign(source: &SourceFile) -> bool {
    Kind::of(source).is_some_and(|kind| kind != Kind::Sigma)
}

fn of_document(source: &Arc<SourceFile>) -> (Vec<RuleFile>, Vec<Finding>) {
    let mut findings = Findings::new(source);
    let foreign = match Kind::of(source) {
        Some(Kind::Sigma) => None,
        Some(kind) => bodies(source, kind, &mut findings),
        // Broken YAML looks like nothing, and would seem to be gone.
        None if is_yaml(source) => None,
        None => Some(Vec::new()),
    };
    match foreign {
        None => {
            let (file, findings) = read(source);
            (vec![file], findings.into_sorted())
        }
        Some(bodies) => {
            let imported = bodies.iter().map(|body| canonical_text(body, &mut findings));
            let parsed = imported.collect::<Vec<_>>();
            let files = parsed.iter().map(|text| RuleFile::parse(source.name(), text).0);
            (files.collect(), findings.into_sorted())
        }
    }
}

fn is_yaml(source: &SourceFile) -> bool {
    let name = source.name();
    name.ends_with(".yml") || name.ends_with(".yaml")
}

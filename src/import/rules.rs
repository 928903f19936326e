//! Rules of any kind as one set: those of platforms as they are imported.

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

//! From any rule to any language, without a canonical file in between.
//!
//! A document is read as what it is ([`Kind`]): Sigma rules by the reader of canonical rules, the
//! rules of a platform as bodies of its API. Each rule becomes one [`Unit`] of a run: the text that
//! was asked for with what it costs, or the reasons why the target cannot have it. A [`Report`] counts
//! them by reason.
//!
//! Fields keep their meaning: a rule whose log source has a catalogue is carried into the target's
//! vocabulary. Names that no table knows are kept as they are, which is an assumption (`field-names`).

mod document;
mod foreign;
mod meaning;
mod report;
mod sigma;
mod to;

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::diagnostic::{Finding, Findings};
use crate::import::{self, Kind};
use crate::query::{Assumption, Loss, Refusal};
use crate::rule::{RuleFile, RuleSet};
use crate::source::SourceFile;

pub use report::Report;
pub use to::To;

/// One rule of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    /// The file.
    pub source: String,
    /// The rule's title.
    pub title: String,
    /// What became of it.
    #[serde(flatten)]
    pub result: Result<Converted, Refused>,
}

/// A rule in the target's form.
#[derive(Clone, Debug, Serialize)]
pub struct Converted {
    /// Queries or documents, usually one; several queries have names.
    pub texts: Vec<Text>,
    /// How they differ from the rule; exact if there is none.
    pub losses: Vec<Loss>,
    /// What they lean on.
    pub assumptions: Vec<Assumption>,
}

/// One text of a converted rule.
#[derive(Clone, Debug, Serialize)]
pub struct Text {
    /// The name of the query, where the rule names several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The query or document.
    pub text: String,
}

/// Why the target cannot have a rule.
#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    /// The reasons, each once.
    pub refused: Vec<Refusal>,
}

impl Refused {
    fn because(code: &'static str, reason: impl Into<String>) -> Self {
        Self { refused: vec![Refusal { code, field: None, reason: reason.into() }] }
    }
}

impl From<Vec<Refusal>> for Refused {
    fn from(mut refused: Vec<Refusal>) -> Self {
        refused.sort();
        refused.dedup();
        Self { refused }
    }
}

/// The documents of a run, ready to be converted.
#[derive(Debug)]
pub struct Batch {
    /// Rules of all Sigma files together: correlations and filters name each other across files.
    set: RuleSet,
    /// Documents of the platforms.
    foreign: Vec<(Arc<SourceFile>, Kind)>,
    /// What was found while reading.
    findings: Vec<Finding>,
}

impl Batch {
    /// Sorts documents by their kind and reads the Sigma files.
    pub fn read(sources: Vec<Arc<SourceFile>>, from: Option<Kind>) -> Self {
        let mut findings = Vec::new();
        let (mut sigma, mut foreign) = (Vec::new(), Vec::new());
        for source in sources {
            match from.or_else(|| Kind::of(&source)) {
                Some(Kind::Sigma) => sigma.push(source),
                Some(kind) => foreign.push((source, kind)),
                None => findings.extend(import::import(&source, None).findings),
            }
        }
        let read: Vec<_> = sigma.par_iter().map(crate::rule::read).collect();
        let mut files: Vec<RuleFile> = Vec::new();
        for (file, more) in read {
            files.push(file);
            findings.extend(more.into_sorted());
        }
        Self { set: RuleSet::of(files), foreign, findings }
    }

    /// What was found while reading.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Converts everything, in the order of the documents. `each` gets the rules of some documents
    /// at a time, as soon as they are done, with what was found in them.
    pub fn convert<E>(
        &self,
        to: To,
        mut each: impl FnMut(Vec<Unit>, Vec<Finding>) -> Result<(), E>,
    ) -> Result<(), E> {
        let rules: Vec<_> = sigma::alerting(&self.set);
        for some in rules.chunks(CHUNK) {
            let units = some.par_iter().map(|rule| sigma::unit(&self.set, rule, to)).collect();
            each(units, Vec::new())?;
        }
        for some in self.foreign.chunks(CHUNK) {
            let done: Vec<_> = some
                .par_iter()
                .map(|(source, kind)| {
                    let mut findings = Findings::new(source);
                    let bodies = import::bodies(source, *kind, &mut findings).unwrap_or_default();
                    let unit = |body| foreign::unit(source, body, to);
                    (bodies.iter().map(unit).collect::<Vec<_>>(), findings.into_sorted())
                })
                .collect();
            let (units, findings): (Vec<_>, Vec<_>) = done.into_iter().unzip();
            each(units.concat(), findings.concat())?;
        }
        Ok(())
    }
}

/// Documents that are converted before their results go out.
const CHUNK: usize = 512;

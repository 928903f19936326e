//! From any rule to any language, without a canonical file in between.
//!
//! What comes in is read as what it is ([`Input`]): Sigma rules by the reader of canonical rules, the
//! rules of a platform as bodies of its API, a bare query by its language. Each rule becomes one
//! [`Unit`] of a run: the text that was asked for with what it costs, or the reasons why the target
//! cannot have it. A [`Report`] counts them by reason.
//!
//! Fields keep their meaning: a rule whose log source has a catalogue is carried into the target's
//! vocabulary. Names that no table knows are kept as they are, which is an assumption (`field-names`).

mod bare;
mod beyond;
mod document;
mod foreign;
mod input;
mod logsource;
mod meaning;
mod one;
mod report;
mod sigma;
mod to;

use std::sync::Arc;

use rayon::prelude::*;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::config::ElasticDefaults;
use crate::diagnostic::{Finding, Findings};
use crate::import::{self, Foreign, Kind};
use crate::language::registry::Dialect;
use crate::query::{Assumption, Loss, Refusal};
use crate::rule::{Rule, RuleFile, RuleSet};
use crate::source::SourceFile;

pub use beyond::{asked as asked_beside_query, counts, decides, left_by_reading};
pub use input::Input;
pub use report::Report;
pub use to::To;

/// One rule of a run.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The file.
    pub source: String,
    /// The rule's title.
    pub title: String,
    /// What became of it.
    pub result: Result<Converted, Refused>,
}

impl Unit {
    /// `exact`, `lossy` or `refused`.
    pub fn outcome(&self) -> &'static str {
        match &self.result {
            Ok(done) if done.losses.is_empty() => "exact",
            Ok(_) => "lossy",
            Err(_) => "refused",
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Unit", 6)?;
        object.serialize_field("source", &self.source)?;
        object.serialize_field("title", &self.title)?;
        object.serialize_field("outcome", self.outcome())?;
        match &self.result {
            Ok(Converted { texts, losses, assumptions }) => {
                object.serialize_field("texts", texts)?;
                object.serialize_field("losses", losses)?;
                object.serialize_field("assumptions", assumptions)?;
            }
            Err(Refused { refused, .. }) => object.serialize_field("refused", refused)?,
        }
        object.end()
    }
}

/// A rule in the target's form.
#[derive(Clone, Debug)]
pub struct Converted {
    /// Queries or documents, usually one; several queries have names.
    pub texts: Vec<Text>,
    /// How they differ from the rule; exact if there is none.
    pub losses: Vec<Loss>,
    /// What they lean on.
    pub assumptions: Vec<Assumption>,
}

/// One text of a converted rule.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Text {
    /// The name of the query, where the rule names several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The query or document.
    pub text: String,
}

/// Why the target cannot have a rule.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The reasons, each once.
    pub refused: Vec<Refusal>,
    /// Whether the findings of the run say the same, with places.
    pub found: bool,
}

impl Refused {
    fn because(code: &'static str, reason: impl Into<String>) -> Self {
        vec![Refusal { code, field: None, reason: reason.into() }].into()
    }
}

impl From<Vec<Refusal>> for Refused {
    fn from(mut refused: Vec<Refusal>) -> Self {
        refused.sort();
        refused.dedup();
        Self { refused, found: false }
    }
}

/// The name under which text without a file comes in.
pub const STANDARD_INPUT: &str = "standard input";

/// Documents that are converted before their results go out.
const CHUNK: usize = 512;

/// A rule of a run, as it came in.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'b> {
    /// A Sigma or canonical rule, with those that it may name.
    Rule(&'b RuleSet, &'b Rule),
    /// A rule of a platform, with the document that it stands in.
    Document(&'b Arc<SourceFile>, &'b Foreign),
    /// A query, which is all that its file holds.
    Query(&'b Arc<SourceFile>, &'static dyn Dialect),
}

/// The documents of a run, ready to be converted.
#[derive(Debug)]
pub struct Batch {
    /// Rules of all Sigma files together: correlations and filters name each other across files.
    set: RuleSet,
    /// Documents of the platforms.
    foreign: Vec<(Arc<SourceFile>, Kind)>,
    /// Files that hold a query and nothing else.
    queries: Vec<(Arc<SourceFile>, &'static dyn Dialect)>,
    /// What was found while reading.
    findings: Vec<Finding>,
    /// What Elastic's envelope has where a rule says nothing.
    elastic: ElasticDefaults,
}

impl Batch {
    /// Sorts documents by their form and reads the Sigma files.
    pub fn read(sources: Vec<Arc<SourceFile>>, from: Option<Input>) -> Self {
        let mut findings = Vec::new();
        let (mut sigma, mut foreign, mut queries) = (Vec::new(), Vec::new(), Vec::new());
        for source in sources {
            match from.or_else(|| Input::of(&source)) {
                Some(Input::Document(Kind::Sigma)) => sigma.push(source),
                Some(Input::Document(kind)) => foreign.push((source, kind)),
                Some(Input::Query(language)) => queries.push((source, language)),
                None => findings.extend(unknown(&source)),
            }
        }
        let read: Vec<_> = sigma.par_iter().map(crate::rule::read).collect();
        let mut files: Vec<RuleFile> = Vec::new();
        for (file, more) in read {
            files.push(file);
            findings.extend(more.into_sorted());
        }
        let elastic = ElasticDefaults::default();
        Self { set: RuleSet::of(files), foreign, queries, findings, elastic }
    }

    /// The same with what a repository has for rules that leave it out.
    #[must_use]
    pub fn with_elastic(self, elastic: ElasticDefaults) -> Self {
        Self { elastic, ..self }
    }

    /// What was found while reading.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Converts everything: Sigma rules, documents of the platforms, queries, each in their order.
    /// `each` gets the rules of some documents at a time, as soon as they are done, with what was
    /// found in them.
    pub fn convert<E>(
        &self,
        to: To,
        each: impl FnMut(Vec<Unit>, Vec<Finding>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each(|origin| self.unit(origin, to), each)
    }

    /// Does something to every rule, as [`convert`](Self::convert) does.
    pub fn each<T: Clone + Send, E>(
        &self,
        one: impl Fn(&Origin<'_>) -> (T, Vec<Finding>) + Sync,
        mut each: impl FnMut(Vec<T>, Vec<Finding>) -> Result<(), E>,
    ) -> Result<(), E> {
        let only = |(result, findings)| (vec![result], findings);
        let rule = |rule: &&Rule| only(one(&Origin::Rule(&self.set, rule)));
        in_chunks(&sigma::alerting(&self.set), rule, &mut each)?;
        let document = |(source, kind): &(Arc<SourceFile>, Kind)| {
            let mut findings = Findings::new(source);
            let bodies = import::bodies(source, *kind, &mut findings).unwrap_or_default();
            let done = bodies.iter().map(|body| one(&Origin::Document(source, body)));
            let (results, more): (Vec<T>, Vec<_>) = done.unzip();
            (results, [findings.into_sorted(), more.concat()].concat())
        };
        in_chunks(&self.foreign, document, &mut each)?;
        let query = |(source, language): &(Arc<SourceFile>, &'static dyn Dialect)| {
            only(one(&Origin::Query(source, *language)))
        };
        in_chunks(&self.queries, query, &mut each)
    }

    /// Converts one rule.
    pub fn unit(&self, origin: &Origin<'_>, to: To) -> (Unit, Vec<Finding>) {
        match origin {
            Origin::Rule(set, rule) => (sigma::unit(set, rule, to, &self.elastic), Vec::new()),
            Origin::Document(source, body) => {
                (foreign::unit(source, body, to, &self.elastic), Vec::new())
            }
            Origin::Query(source, language) => bare::unit(source, *language, to),
        }
    }
}

/// Converts in parallel, some at a time, so that results go out while the rest is still to do.
fn in_chunks<T: Sync, R: Clone + Send, E>(
    all: &[T],
    convert: impl Fn(&T) -> (Vec<R>, Vec<Finding>) + Sync,
    each: &mut impl FnMut(Vec<R>, Vec<Finding>) -> Result<(), E>,
) -> Result<(), E> {
    for some in all.chunks(CHUNK) {
        let done: Vec<_> = some.par_iter().map(&convert).collect();
        let (results, findings): (Vec<_>, Vec<_>) = done.into_iter().unzip();
        each(results.concat(), findings.concat())?;
    }
    Ok(())
}

/// A document that looks like nothing that is known.
fn unknown(source: &Arc<SourceFile>) -> Vec<Finding> {
    let mut findings = Findings::new(source);
    import::unknown("converted", Input::all().into_iter().map(Input::name), &mut findings);
    findings.into_sorted()
}

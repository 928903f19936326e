//! From a foreign document to a canonical rule, to the body of the platform's API, and back.

use std::sync::{Arc, OnceLock};

use crosswalk::config::ElasticDefaults;
use crosswalk::diagnostic::Severity;
use crosswalk::import::{Canonical, Foreign, Kind, Platform, import};
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::source::SourceFile;
use crosswalk::target::{Output, Request, Unknown, datadog, elastic};
use rayon::prelude::*;
use serde_json::Value;

use super::corpora::{Document, documents};

/// A rule on its way.
pub(crate) struct Round {
    /// Where it comes from.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The body that the document was read into.
    pub(crate) foreign: Foreign,
    /// The canonical rule.
    pub(crate) rule: Canonical,
    /// What the platform's target makes of that.
    pub(crate) output: Output,
}

/// Every rule of the corpora; `None` after saying what is skipped. All tests share them.
pub(crate) fn rounds(what: &str) -> Option<&'static [Round]> {
    static ALL: OnceLock<Vec<Round>> = OnceLock::new();
    let documents = documents(what)?;
    Some(ALL.get_or_init(|| documents.par_iter().flat_map_iter(round).collect()))
}

fn round(document: &Document) -> Vec<Round> {
    let imported = import(&document.source, None);
    assert_eq!(imported.kind, Some(document.kind), "{}", document.name);
    let bodies = document.bodies();
    assert_eq!(bodies.len(), imported.rules.len(), "{}", document.name);
    let pairs = bodies.into_iter().zip(imported.rules);
    pairs
        .map(|(foreign, rule)| {
            let output = build(&document.name, &rule.text, foreign.platform);
            Round { name: document.name.clone(), kind: document.kind, foreign, rule, output }
        })
        .collect()
}

/// What a target makes of the last rule of a text.
pub(crate) fn build(name: &str, text: &str, platform: Platform) -> Output {
    let (file, findings) = RuleFile::parse(name, text);
    let errors: Vec<_> = findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}\n{text}");
    let set = RuleSet::of(vec![file]);
    let rule = set.rules().last().expect("a rule");
    let defaults = ElasticDefaults::default();
    let request =
        Request { rule, set: &set, name: "rule", elastic: &defaults, unknown: Unknown::Refuse };
    let emission = match platform {
        Platform::Elastic => elastic::emit(&request),
        Platform::Datadog => datadog::emit(&request),
    };
    emission.output.unwrap_or_else(|| {
        panic!("{name}: {:#?} {:#?}\n{text}", emission.refused, emission.findings)
    })
}

/// A body of an API as a document.
pub(crate) fn document(payload: &Value) -> Arc<SourceFile> {
    SourceFile::new("body.json", payload.to_string().as_str())
}

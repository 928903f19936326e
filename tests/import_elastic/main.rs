//! Elastic's rule documents, read into the form of Kibana's API.

#[path = "../common/mod.rs"]
mod common;

mod asciidoc;
mod hostile;
mod json;
mod page;
mod rule_files;

use std::sync::Arc;

use crosswalk::diagnostic::{Finding, Findings};
use crosswalk::import::{Foreign, Kind};
use crosswalk::source::SourceFile;

/// What a document is read into.
pub(crate) struct Read {
    pub(crate) source: Arc<SourceFile>,
    pub(crate) rules: Vec<Foreign>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a document in whatever form it has.
pub(crate) fn read(text: &str) -> Read {
    let source = SourceFile::new("document", text);
    let mut findings = Findings::new(&source);
    let kind = Kind::of(&source).expect("a known form");
    let rules = crosswalk::import::bodies(&source, kind, &mut findings).expect("bodies");
    Read { source, rules, findings: findings.into_sorted() }
}

impl Read {
    /// The only rule of a document that nothing is wrong with.
    pub(crate) fn only(mut self) -> Foreign {
        assert!(self.findings.is_empty(), "{:?}", self.lines());
        assert_eq!(self.rules.len(), 1);
        self.rules.remove(0)
    }

    /// The findings as `line:column code: message`.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |finding: &Finding| {
            let place = finding.place.as_ref().expect("every finding has a place").start();
            let (code, message) = (finding.code.name, &finding.message);
            format!("{}:{} {code}: {message}", place.line, place.column)
        };
        self.findings.iter().map(line).collect()
    }

    /// What stands in the file where the query is said to begin.
    pub(crate) fn at_query(&self, index: usize, length: usize) -> Option<&str> {
        let start = self.rules[index].query_start?;
        self.source.text().get(start..start + length)
    }
}

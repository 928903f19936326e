//! All rules of a run.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Document, Filter, Rule, RuleFile, codes, read};
use crate::diagnostic::Finding;
use crate::source::{Found, ReadError, SourceFile};

/// The files of a run in the order of their names, with an index by name and id.
#[derive(Debug, Default)]
pub struct RuleSet {
    files: Vec<RuleFile>,
    /// Sigma name or id → file and document.
    index: HashMap<String, (usize, usize)>,
}

impl RuleSet {
    /// Reads files in parallel. The findings are those of the reader, file by file.
    pub fn read(found: &[Found]) -> (Self, Vec<Finding>) {
        let read: Vec<(Option<RuleFile>, Vec<Finding>)> = found.par_iter().map(one).collect();
        let mut findings = Vec::new();
        let mut files = Vec::new();
        for (file, more) in read {
            findings.extend(more);
            files.extend(file);
        }
        (Self::of(files), findings)
    }

    /// A set of files that were read before.
    pub fn of(files: Vec<RuleFile>) -> Self {
        let mut index = HashMap::new();
        for (at, file) in files.iter().enumerate() {
            for (nth, document) in file.documents.iter().enumerate() {
                let Document::Rule(rule) = document else { continue };
                let id = rule.header.id.as_ref().map(|id| id.value.to_string());
                let name = rule.header.name.as_ref().map(|name| name.value.clone());
                for key in [id, name].into_iter().flatten() {
                    // The first wins; that there are two is the business of a check.
                    index.entry(key).or_insert((at, nth));
                }
            }
        }
        Self { files, index }
    }

    /// The files.
    pub fn files(&self) -> &[RuleFile] {
        &self.files
    }

    /// Every rule in order.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.files.iter().flat_map(|file| &file.documents).filter_map(|document| match document {
            Document::Rule(rule) => Some(&**rule),
            Document::Filter(_) => None,
        })
    }

    /// Every filter in order.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.files.iter().flat_map(|file| &file.documents).filter_map(|document| match document {
            Document::Filter(filter) => Some(&**filter),
            Document::Rule(_) => None,
        })
    }

    /// The rule of a Sigma name or id.
    pub fn find(&self, name: &str) -> Option<&Rule> {
        let key = self.index.get(name).or_else(|| self.index.get(&name.to_lowercase()))?;
        match self.files.get(key.0)?.documents.get(key.1)? {
            Document::Rule(rule) => Some(rule),
            Document::Filter(_) => None,
        }
    }
}

fn one(found: &Found) -> (Option<RuleFile>, Vec<Finding>) {
    match SourceFile::read(&found.path, &found.name) {
        Ok(source) => {
            let (file, findings) = read(&source);
            (Some(file), findings.into_sorted())
        }
        Err(error) => (None, vec![unreadable(&error)]),
    }
}

/// The finding for a file that did not become text.
pub fn unreadable(error: &ReadError) -> Finding {
    let mut finding = Finding::general(&codes::UNREADABLE, error.to_string());
    if matches!(error, ReadError::NotUtf8 { .. }) {
        finding.help("save the file as UTF-8");
    }
    finding
}

impl RuleFile {
    /// Reads a text; for tests and for programs that hold rules in memory.
    pub fn parse(name: &str, text: &str) -> (Self, Vec<Finding>) {
        let source: Arc<SourceFile> = SourceFile::new(name, text);
        let (file, findings) = read(&source);
        (file, findings.into_sorted())
    }
}

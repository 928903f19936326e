//! All rules of a run.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{
    Document, Filter, Logic, Logsource, Rule, RuleFile, Shape, ShapeError, codes, expr, read, shape,
};
use crate::diagnostic::Finding;
use crate::language::sigma::{self, Condition};
use crate::query::Expr;
use crate::source::{Found, Place, ReadError, SourceFile, Span};

/// The files of a run in the order of their names, with an index by name and id.
#[derive(Debug, Default)]
pub struct RuleSet {
    files: Vec<RuleFile>,
    /// Sigma name or id → file and document.
    index: HashMap<String, (usize, usize)>,
    /// File and document of each filter: few rule sets have any, and every rule asks for them.
    filters: Vec<(usize, usize)>,
    /// The same of each correlation: whether a rule raises alerts is up to them.
    correlations: Vec<(usize, usize)>,
}

impl RuleSet {
    /// Reads files in parallel. The findings are those of the reader, file by file.
    pub fn read(found: &[Found]) -> (Self, Vec<Finding>) {
        let (sources, mut findings) = load(found);
        let (set, more) = Self::parse(&sources);
        findings.extend(more);
        (set, findings)
    }

    /// Reads texts in parallel. The findings are those of the reader, file by file.
    pub fn parse(sources: &[Arc<SourceFile>]) -> (Self, Vec<Finding>) {
        let read: Vec<(RuleFile, Vec<Finding>)> = sources
            .par_iter()
            .map(|source| {
                let (file, findings) = read(source);
                (file, findings.into_sorted())
            })
            .collect();
        let (files, findings): (_, Vec<_>) = read.into_iter().unzip();
        (Self::of(files), findings.into_iter().flatten().collect())
    }

    /// A set of files that were read before.
    pub fn of(files: Vec<RuleFile>) -> Self {
        let mut index = HashMap::with_capacity(files.len());
        let (mut filters, mut correlations) = (Vec::new(), Vec::new());
        for (at, file) in files.iter().enumerate() {
            for (nth, document) in file.documents.iter().enumerate() {
                let rule = match document {
                    Document::Rule(rule) => rule,
                    Document::Filter(_) => {
                        filters.push((at, nth));
                        continue;
                    }
                };
                if matches!(rule.logic, Logic::Correlation(_)) {
                    correlations.push((at, nth));
                }
                let id = rule.header.id.as_ref().map(|id| id.value.to_string());
                let name = rule.header.name.as_ref().map(|name| name.value.clone());
                for key in [id, name].into_iter().flatten() {
                    // The first wins; that there are two is the business of a check.
                    index.entry(key).or_insert((at, nth));
                }
            }
        }
        Self { files, index, filters, correlations }
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
        self.filters.iter().filter_map(|&(file, nth)| {
            match self.files.get(file)?.documents.get(nth)? {
                Document::Filter(filter) => Some(&**filter),
                Document::Rule(_) => None,
            }
        })
    }

    /// The rule of a Sigma name or id.
    pub fn find(&self, name: &str) -> Option<&Rule> {
        self.rule(self.place(name)?)
    }

    /// File and document of a Sigma name or id.
    fn place(&self, name: &str) -> Option<(usize, usize)> {
        self.index.get(name).or_else(|| self.index.get(&name.to_lowercase())).copied()
    }

    /// The rule that stands at a place of the index.
    fn rule(&self, (file, nth): (usize, usize)) -> Option<&Rule> {
        match self.files.get(file)?.documents.get(nth)? {
            Document::Rule(rule) => Some(rule),
            Document::Filter(_) => None,
        }
    }
}

impl RuleSet {
    /// Whether every file means the same without the others: there is no filter, and no correlation
    /// over rules of another file.
    pub fn files_stand_alone(&self) -> bool {
        let is_inside = |&(file, nth): &(usize, usize)| {
            let Some(rule) = self.rule((file, nth)) else { return true };
            let Logic::Correlation(correlation) = &rule.logic else { return true };
            correlation.rules.iter().all(|name| self.place(name).is_some_and(|(at, _)| at == file))
        };
        self.filters.is_empty() && self.correlations.iter().all(is_inside)
    }

    /// Whether a rule raises alerts by itself: a rule that a correlation of the set builds on does
    /// so only if the correlation says `generate: true`.
    pub fn raises_alerts(&self, rule: &Rule) -> bool {
        let mut correlations = self.correlations.iter().filter_map(|place| self.rule(*place));
        !correlations.any(|other| match &other.logic {
            Logic::Correlation(correlation) if !correlation.generate => correlation
                .rules
                .iter()
                .any(|name| self.find(name).is_some_and(|found| std::ptr::eq(found, rule))),
            _ => false,
        })
    }

    /// The events that a rule over single events matches, with the filters of the set applied.
    /// `condition` replaces the rule's own.
    pub fn expr(&self, rule: &Rule, condition: Option<&Condition>) -> Result<Expr, ShapeError> {
        let own = expr(rule, condition)?;
        let filters: Result<Vec<Expr>, _> = self
            .filters_of(rule)
            .map(|filter| sigma::lower(&filter.detection).map_err(ShapeError::Detection))
            .collect();
        Ok(Expr::all(std::iter::once(own).chain(filters?)))
    }

    /// The shape of a rule and the log source of its events; see [`shape`].
    pub fn shape<'r>(
        &'r self,
        rule: &'r Rule,
        condition: Option<&Condition>,
    ) -> Result<(Shape, &'r Logsource), ShapeError> {
        shape(rule, condition, self)
    }

    /// The filters that apply to a rule.
    pub fn filters_of(&self, rule: &Rule) -> impl Iterator<Item = &Filter> {
        self.filters().filter(move |filter| self.applies(filter, rule))
    }

    /// A filter applies to the rules that it names, or to every rule of its log source.
    fn applies(&self, filter: &Filter, rule: &Rule) -> bool {
        let Logic::Detection { logsource, .. } = &rule.logic else { return false };
        if !logsource.is_within(&filter.logsource) {
            return false;
        }
        filter.rules.is_empty()
            || filter
                .rules
                .iter()
                .any(|name| self.find(name).is_some_and(|found| std::ptr::eq(found, rule)))
    }
}

/// The texts of files, in order; a finding for each that is none.
pub fn load(found: &[Found]) -> (Vec<Arc<SourceFile>>, Vec<Finding>) {
    let read = found.par_iter().map(|found| SourceFile::read(&found.path, &found.name));
    let mut sources = Vec::new();
    let mut findings = Vec::new();
    for result in read.collect::<Vec<_>>() {
        match result {
            Ok(source) => sources.push(source),
            Err(error) => findings.push(unreadable(&error)),
        }
    }
    (sources, findings)
}

/// The finding for a file that did not become text.
pub fn unreadable(error: &ReadError) -> Finding {
    // Of its text nothing is known, but reports need to know the file.
    let place = Place::new(&SourceFile::new(error.name(), ""), Span::default());
    let mut finding = Finding::new(&codes::UNREADABLE, place, error.to_string());
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

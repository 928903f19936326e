//! Rules of any kind as they come: files of canonical rules, of Sigma, of Elastic, of Datadog, without
//! importing them by hand first.
//!
//! Platforms' rules are audited by their own queries. Only what may have to do with a log that a
//! framework asks about is read in full: whole public sets are mostly about other logs.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind};
use super::detector::{Detector, Place, log_of};
use super::envelope;
use super::ground::Ground;
use super::meant::{Meant, view_of};
use crate::diagnostic::{Code, Findings, Severity};
use crate::fields::{Catalog, View, Vocabulary};
use crate::import::{Foreign, Kind, bodies, canonical_text};
use crate::query::{Expr, Op, Test};
use crate::relate::{Reading, Unrelated, of_foreign};
use crate::rule::{Logic, Rule, RuleFile, RuleSet};
use crate::source::{Place as SourcePlace, SourceFile};

/// Rules that could be read, and those that could not.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The rules, in the order of their files.
    pub detectors: Vec<Detector>,
    /// Rules and files whose meaning nobody knows, with the reason.
    pub unread: Vec<Unread>,
    /// Files that hold no rule of a known kind.
    pub strange: Vec<String>,
    /// The canonical rules and Sigma rules among them, whose detectors come first.
    pub set: RuleSet,
}

/// A rule that is not audited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its file.
    pub file: String,
    /// Its title, where one could be read.
    pub title: Option<String>,
    /// Why it could not be read.
    pub reason: String,
    /// Whether the document is no text of its format, so that nobody knows which rules it holds.
    #[serde(skip)]
    pub is_broken: bool,
}

impl Gathered {
    /// Reads rules of whatever kind the documents are.
    pub fn of(sources: &[Arc<SourceFile>]) -> Self {
        let kinds: Vec<Option<Kind>> = sources.par_iter().map(|source| Kind::of(source)).collect();
        let mut all = Self::default();
        let own = sources.iter().zip(&kinds).filter(|(_, kind)| **kind == Some(Kind::Sigma));
        all.rules(&own.map(|(source, _)| source.clone()).collect::<Vec<_>>());
        let foreign = sources.par_iter().zip(&kinds).filter_map(|(source, kind)| {
            kind.filter(|kind| *kind != Kind::Sigma).map(|kind| document(source, kind))
        });
        for found in foreign.collect::<Vec<_>>() {
            for rule in found {
                match rule {
                    Ok(detector) => all.detectors.push(*detector),
                    Err(unread) => all.unread.push(unread),
                }
            }
        }
        let strange = sources.iter().zip(&kinds).filter(|(_, kind)| kind.is_none());
        all.strange = strange.map(|(source, _)| source.name().to_owned()).collect();
        all
    }

    /// Rules of a repository that were read already.
    pub fn of_set(set: RuleSet) -> Self {
        let mut all = Self::default();
        all.add(set);
        all
    }

    fn rules(&mut self, sources: &[Arc<SourceFile>]) {
        let (set, findings) = RuleSet::parse(sources);
        self.add(set);
        let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
        let mut last = None;
        for finding in errors {
            let file =
                finding.place.map(|place| place.source.name().to_owned()).unwrap_or_default();
            let known = self.detectors.iter().any(|detector| detector.file == file);
            // Behind a fault of syntax there may be more rules than those that were read.
            if known && !is_syntax(finding.code) || last.as_ref() == Some(&file) {
                continue;
            }
            last = Some(file.clone());
            let is_broken = is_syntax(finding.code);
            self.unread.push(Unread { file, title: None, reason: finding.message, is_broken });
        }
    }

    fn add(&mut self, set: RuleSet) {
        for detector in Detector::all(&set) {
            let reason = detector.meanings.iter().find_map(|(_, meant)| meant.as_ref().err());
            if let Some(reason) = reason {
                let (file, title) = (detector.file.clone(), Some(detector.title.clone()));
                let reason = reason.clone();
                self.unread.push(Unread { file, title, reason, is_broken: false });
            }
            self.detectors.push(detector);
        }
        self.set = set;
    }
}

/// Whether a finding says that a document is no text of its format.
fn is_syntax(code: &Code) -> bool {
    matches!(code.name, "import-syntax" | "yaml-syntax" | "yaml-limit")
}

/// The rules of one foreign document.
fn document(source: &Arc<SourceFile>, kind: Kind) -> Vec<Result<Box<Detector>, Unread>> {
    let mut findings = Findings::new(source);
    let bodies = bodies(source, kind, &mut findings).unwrap_or_default();
    if bodies.is_empty() {
        let mut findings = findings.into_sorted().into_iter();
        let error = findings.find(|finding| finding.severity == Severity::Error);
        let is_broken = error.as_ref().is_some_and(|error| is_syntax(error.code));
        let reason = error.map_or_else(|| "it holds no rule".to_owned(), |error| error.message);
        let file = source.name().to_owned();
        return vec![Err(Unread { file, title: None, reason, is_broken })];
    }
    let broken = findings.into_sorted().into_iter().find(|finding| is_syntax(finding.code));
    let broken = broken.map(|finding| {
        let (file, reason) = (source.name().to_owned(), finding.message);
        Err(Unread { file, title: None, reason, is_broken: true })
    });
    bodies.iter().map(|foreign| rule(source, foreign).map(Box::new)).chain(broken).collect()
}

/// One rule: in full if it may find events of a log that is known here, else what its body says.
fn rule(source: &Arc<SourceFile>, foreign: &Foreign) -> Result<Detector, Unread> {
    let text = |key: &str| foreign.body.get(key).and_then(Json::as_str).map(str::to_owned);
    let title = text("name").unwrap_or_else(|| "a rule without a name".to_owned());
    let file = source.name().to_owned();
    let unread = |reason| Unread {
        file: file.clone(),
        title: Some(title.clone()),
        reason,
        is_broken: false,
    };
    let reading = of_foreign(foreign, None).map(|reading| again(foreign, reading));
    let reading = reading.map_err(|unrelated| unread(reason(&title, &unrelated)))?;
    let at = SourcePlace::new(source, foreign.span);
    let (meant, catalog) = Meant::of(reading);
    if !may_concern(&meant, catalog) {
        let mut detector = Detector::bare(title.clone(), file.clone(), at);
        detector.id = text("rule_id").or_else(|| text("id"));
        detector.log = catalog.map(log_of);
        detector.meanings.push((Place::Rule, Ok(meant)));
        return Ok(detector);
    }
    let mut findings = Findings::new(source);
    let name = format!("{}.yml", crate::import::stem(&title));
    let (read, _) = RuleFile::parse(&name, &canonical_text(foreign, &mut findings));
    let set = RuleSet::of(vec![read]);
    let found = set.rules().filter(|rule| set.raises_alerts(rule)).last();
    let mut detector = match found {
        Some(rule) => Detector::of(rule, &set),
        None => Detector::bare(title.clone(), String::new(), at.clone()),
    };
    (detector.file, detector.at) = (file.clone(), at);
    if let (Some(rule), [(_, Ok(meant))]) = (found, detector.meanings.as_mut_slice()) {
        meant.group(rule, catalog);
    } else {
        let reasons = findings.into_sorted().into_iter().map(|finding| finding.message);
        detector.by_query(meant, catalog, reasons.collect());
    }
    let mut body = foreign.body.clone();
    body.extend(
        foreign.beside.other.get_key_value("isDeleted").map(|(k, v)| (k.clone(), v.clone())),
    );
    let body = Json::Object(body);
    for (_, meant) in &mut detector.meanings {
        meant.iter_mut().for_each(|meant| meant.gates.extend(envelope::of_document(&body)));
    }
    if let Some(other) = envelope::other_log(&body, detector.log.as_deref()) {
        detector.log = Some(other);
    }
    Ok(detector)
}

/// Why a query could not be read, without the title and the query itself.
fn reason(title: &str, unrelated: &Unrelated) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for reason in &unrelated.0 {
        let reason =
            reason.strip_prefix(title).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason);
        let reason = reason.rsplit_once("…: ").map_or(reason, |(_, reason)| reason);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.join("; ")
}

/// The reading with what the table of its log knows of its fields, if the query asks for that log.
fn again(foreign: &Foreign, reading: Reading) -> Reading {
    let Vocabulary::View(view) = reading.vocabulary else { return reading };
    match Catalog::asked_for(&[&reading.expr], view) {
        Some(catalog) => of_foreign(foreign, Some(catalog)).unwrap_or(reading),
        None => reading,
    }
}

/// Whether a query may find events of a log that a table describes.
fn may_concern(meant: &Meant, own: Option<&'static Catalog>) -> bool {
    Catalog::all().any(|catalog| {
        if own.is_some_and(|own| !std::ptr::eq(own, catalog)) {
            return false;
        }
        // No record fills the fields of another log.
        match catalog.pull_back(&meant.expr, meant.view) {
            Ok(raw) => Ground::new(Some(catalog), View::Raw).left_of(&raw.value) != Expr::False,
            Err(_) => Ground::new(Some(catalog), meant.view).left_of(&meant.expr) != Expr::False,
        }
    })
}

impl Meant {
    /// What the group of an imported rule asks for, which a rule as written leaves to Datadog's section.
    /// Of a rule that counts it is a part of the counting.
    fn group(&mut self, rule: &Rule, catalog: Option<&Catalog>) {
        let datadog = &rule.sections.datadog;
        if datadog.group_by_optional != Some(false) || matches!(rule.logic, Logic::Correlation(_)) {
            return;
        }
        let own = view_of(rule.header.taxonomy.as_deref());
        let fields = datadog.group_by.iter().map(|field| own.path(&field.value));
        let there = Expr::all(fields.map(|field| Test::field(field, Op::Exists).into()));
        let there = match catalog.filter(|_| own != self.view) {
            Some(catalog) => catalog.pull_back(&there, own).map(|raw| raw.value),
            None => Ok(there),
        };
        match there {
            Ok(there) => self.expr = Expr::all([self.expr.clone(), there]),
            Err(_) => self.notes.push("logs without a field of the group raise no signal".into()),
        }
    }
}

impl Detector {
    /// A rule whose envelope says more than a detection: its query still says which events it looks
    /// at, and what the platform adds stands between them and an alert.
    fn by_query(&mut self, meant: Meant, catalog: Option<&'static Catalog>, reasons: Vec<String>) {
        self.log = catalog.map(log_of).or(self.log.take().filter(|_| meant.view == View::Raw));
        let condition = match reasons.is_empty() {
            true => "what the rule asks for beside its query".to_owned(),
            false => reasons.join("; "),
        };
        let kind = NarrowingKind::Condition;
        let gates = vec![Narrowing { kind, condition, witness: None }];
        self.meanings = vec![(Place::Rule, Ok(Meant { gates, ..meant }))];
    }
}

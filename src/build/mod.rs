//! From a set of rules to a folder of artifacts.
//!
//! Everything is made in memory first; the folder is replaced as a whole, or left as it was.
//! The result depends on the rules, the configuration and the templates alone: same input, same
//! bytes, on every machine.

mod certificate;
pub mod codes;
mod folder;
mod manifest;
mod pages;

use rayon::prelude::*;

use crate::config::{Config, Target};
use crate::diagnostic::{Finding, Severity};
use crate::rule::{Rule, RuleSet};
use crate::site::Templates;
use crate::target::{Artifact, Emission, Names, Output, Request, Unknown, datadog, elastic, sigma};

pub use certificate::Certificate;
pub use folder::{Difference, FolderError, compare, replace};
pub use manifest::MANIFEST;

/// Everything that a build makes.
#[derive(Debug)]
pub struct Built {
    /// The files, sorted by path.
    pub artifacts: Vec<Artifact>,
    /// What the author should know, in the order of the rules.
    pub findings: Vec<Finding>,
    /// One entry per rule that raises alerts.
    pub rules: Vec<BuiltRule>,
}

/// What became of one rule.
#[derive(Debug)]
pub struct BuiltRule {
    /// The name of its artifacts.
    pub name: String,
    /// Title, for reports.
    pub title: String,
    /// Platform by platform, in the order of [`Target::ALL`].
    pub emissions: Vec<(Target, Emission)>,
    /// What is proven of the queries, where there is something to prove.
    pub certificates: Vec<(Target, Certificate)>,
}

impl BuiltRule {
    /// What one platform got.
    pub fn output(&self, target: Target) -> Option<&Output> {
        let (_, emission) = self.emissions.iter().find(|(own, _)| *own == target)?;
        emission.output.as_ref()
    }

    /// What is proven of one platform's query.
    pub fn certificate(&self, target: Target) -> Option<&Certificate> {
        self.certificates.iter().find(|(own, _)| *own == target).map(|(_, proven)| proven)
    }
}

impl Built {
    /// Whether nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Builds every rule that raises alerts for the targets. Rules with errors should not get here;
/// one that does is refused by its targets.
pub fn build(set: &RuleSet, config: &Config, targets: &[Target], templates: &Templates) -> Built {
    let names = Names::of(set);
    let named: Vec<(&Rule, &str)> = names.iter().collect();
    let rules: Vec<BuiltRule> = named
        .par_iter()
        .map(|(rule, name)| {
            one(
                &Request { rule, set, name, elastic: &config.elastic, unknown: Unknown::Refuse },
                targets,
            )
        })
        .collect();
    // A platform that is only shown on pages may refuse a rule: the page says so.
    let asked = rules.iter().flat_map(|rule| &rule.emissions).filter(|(t, _)| targets.contains(t));
    let mut findings: Vec<Finding> =
        asked.flat_map(|(_, emission)| emission.findings.clone()).collect();
    let mut artifacts: Vec<Artifact> =
        outputs(&rules, targets).flat_map(|output| output.artifacts.clone()).collect();
    if targets.contains(&Target::Elastic) {
        let rules: Vec<&Output> = rules.iter().filter_map(|r| r.output(Target::Elastic)).collect();
        if !rules.is_empty() {
            artifacts.push(elastic::import_file(rules));
        }
    }
    if targets.contains(&Target::Docs) {
        let rules: Vec<(&Rule, &BuiltRule)> =
            named.iter().map(|(rule, _)| *rule).zip(&rules).collect();
        let (pages, more) = pages::pages(&rules, templates);
        artifacts.extend(pages);
        findings.extend(more);
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    artifacts.sort();
    artifacts.push(manifest::manifest(set, config, &artifacts, &rules));
    Built { artifacts, findings, rules }
}

fn outputs<'b>(rules: &'b [BuiltRule], targets: &'b [Target]) -> impl Iterator<Item = &'b Output> {
    rules.iter().flat_map(move |rule| targets.iter().filter_map(|target| rule.output(*target)))
}

/// Documentation shows every platform, so all queries are made when pages are.
fn one(request: &Request<'_>, targets: &[Target]) -> BuiltRule {
    let wanted = |target: &Target| targets.contains(target) || targets.contains(&Target::Docs);
    let mut emissions: Vec<(Target, Emission)> = Target::ALL
        .into_iter()
        .filter(wanted)
        .filter_map(|target| Some((target, emit(request, target)?)))
        .collect();
    let mut certificates = Vec::new();
    for (target, emission) in &mut emissions {
        let certificate = certificate::certify(request, emission);
        certificates.extend(certificate.map(|certificate| (*target, certificate)));
    }
    let title = request.rule.header.title.clone();
    BuiltRule { name: request.name.to_owned(), title, emissions, certificates }
}

/// One rule for one platform; `None` for what is no platform.
pub fn emit(request: &Request<'_>, target: Target) -> Option<Emission> {
    match target {
        Target::Elastic => Some(elastic::emit(request)),
        Target::Datadog => Some(datadog::emit(request)),
        Target::Sigma => Some(sigma::emit(request)),
        Target::Docs => None,
    }
}

//! Control frameworks: which control numbers exist in which version, and what each control demands
//! of a log (`catalog/controls`).
//!
//! The shipped frameworks are compiled in. A repository adds its own as files of the same form,
//! once per process and before rules are read ([`extend`]), so that claims in rules resolve
//! against all of them.

mod crosswalk;
mod demand;
mod read;
mod reference;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, OnceLock};

use indexmap::IndexMap;
use serde::Serialize;

use crate::diagnostic::Finding;
use crate::source::{SourceFile, discover};

pub use crosswalk::{Crosswalk, Entry as CrosswalkEntry, crosswalk, crosswalks, read_crosswalk};
pub use demand::{Demand, Disagreement, Expects, Log, Source, Variant};
pub use read::read_framework;
pub use reference::ControlRef;

/// One framework with all its versions.
#[derive(Clone, Debug, Serialize)]
pub struct Framework {
    /// For example `cis-aws-foundations`.
    pub framework: String,
    /// Its full title.
    pub title: String,
    /// What the table holds and leaves out.
    pub note: String,
    /// How Datadog's tags call the framework.
    pub datadog_handle: String,
    /// How Datadog's tags call the part of the framework that the table holds.
    pub requirement: String,
    /// Versions from the oldest to the newest.
    pub versions: Vec<String>,
    /// Where rows were read, by the short name that they use.
    pub sources: IndexMap<String, Source>,
    /// What the controls are about, version by version.
    pub subjects: Vec<Subject>,
}

/// What a control is about; keeps its identity when the number changes.
#[derive(Clone, Debug, Serialize)]
pub struct Subject {
    /// Stable short name.
    pub slug: String,
    /// In our own words.
    pub title: String,
    /// Values of `eventSource` that it is about; empty means any.
    pub services: Vec<String>,
    /// Where the row comes from.
    pub source: String,
    /// Version → control.
    pub control: IndexMap<String, Control>,
    /// What the control asks of a log, for one range of versions after the other.
    pub demands: Vec<Demand>,
    /// Where the published copies contradict each other.
    pub disagreements: Vec<Disagreement>,
}

/// The control of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Text, never a number.
    pub number: String,
    /// Profile level.
    pub level: u8,
    /// `scored`, `automated` or `manual`.
    pub assessment: String,
}

/// The kinds of assessment.
pub const ASSESSMENTS: [&str; 3] = ["scored", "automated", "manual"];

/// The shipped tables, by the name of their file.
const SHIPPED: [(&str, &str); 1] = [(
    "catalog/controls/cis-aws-foundations.toml",
    include_str!("../../../catalog/controls/cis-aws-foundations.toml"),
)];

static FRAMEWORKS: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    // INVARIANT: the tables are compiled in, and a test reads them without a finding.
    let read = |(name, text)| read_framework(&SourceFile::new(name, text)).0;
    let shipped = SHIPPED.into_iter().filter_map(read);
    shipped.chain(ADDED.get().into_iter().flatten().cloned()).collect()
});

static ADDED: OnceLock<Vec<Framework>> = OnceLock::new();

/// Adds the frameworks of a repository to the shipped ones. Works once, before the first look-up;
/// gives back what could not be added: a framework whose id is taken, or all if it is too late.
pub fn extend(frameworks: Vec<Framework>) -> Vec<Framework> {
    let shipped = |id: &str| SHIPPED.iter().any(|(name, _)| name.ends_with(&format!("/{id}.toml")));
    let (mut kept, mut refused): (Vec<Framework>, Vec<Framework>) = (Vec::new(), Vec::new());
    for framework in frameworks {
        let id = &framework.framework;
        let taken = shipped(id) || kept.iter().any(|own| own.framework == *id);
        if taken { &mut refused } else { &mut kept }.push(framework);
    }
    match ADDED.set(kept) {
        Err(late) => refused.extend(late),
        Ok(()) => {
            let lost = ADDED.get().into_iter().flatten();
            refused.extend(lost.filter(|added| framework(&added.framework).is_none()).cloned());
        }
    }
    refused
}

/// Reads the frameworks below paths, for [`extend`].
pub fn load(paths: &[PathBuf]) -> (Vec<Framework>, Vec<Finding>) {
    let (found, errors) = discover(paths, &["toml"]);
    let mut findings: Vec<Finding> = errors
        .into_iter()
        .map(|message| Finding::general(&super::codes::UNREADABLE, message))
        .collect();
    let (sources, unreadable) = super::load(&found);
    let (frameworks, more) = read_frameworks(&sources);
    findings.extend(unreadable);
    findings.extend(more);
    (frameworks, findings)
}

/// Reads the files of a repository's own frameworks; a fault of one is no fault of another.
pub fn read_frameworks(sources: &[Arc<SourceFile>]) -> (Vec<Framework>, Vec<Finding>) {
    let (mut frameworks, mut findings) = (Vec::new(), Vec::new());
    for source in sources {
        let (framework, found) = read_framework(source);
        frameworks.extend(framework);
        findings.extend(found);
    }
    (frameworks, findings)
}

/// Every framework: the shipped ones and then those of the repository.
pub fn frameworks() -> &'static [Framework] {
    &FRAMEWORKS
}

/// The framework of an id.
pub fn framework(id: &str) -> Option<&'static Framework> {
    FRAMEWORKS.iter().find(|framework| framework.framework == id)
}

impl Framework {
    /// The subject of a control number in one version.
    pub fn subject(&self, version: &str, number: &str) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|subject| subject.control.get(version).is_some_and(|c| c.number == number))
    }

    /// Position of a version among all, oldest first.
    pub fn age(&self, version: &str) -> Option<usize> {
        self.versions.iter().position(|own| own == version)
    }

    /// The newest version.
    pub fn newest(&self) -> Option<&str> {
        self.versions.last().map(String::as_str)
    }

    /// Whether a version lies between two others, both included.
    pub fn is_between(&self, version: &str, from: &str, to: &str) -> bool {
        match (self.age(version), self.age(from), self.age(to)) {
            (Some(own), Some(from), Some(to)) => (from..=to).contains(&own),
            _ => false,
        }
    }

    /// What a subject's control demands in one version.
    pub fn demand<'f>(&self, subject: &'f Subject, version: &str) -> Option<&'f Demand> {
        subject.control.get(version)?;
        subject.demands.iter().find(|demand| self.is_between(version, &demand.from, &demand.to))
    }

    /// Where the copies of a subject's control contradict each other in one version.
    pub fn disagreements<'f>(&self, subject: &'f Subject, version: &str) -> Vec<&'f Disagreement> {
        let here = |one: &&Disagreement| self.is_between(version, &one.from, &one.to);
        subject.disagreements.iter().filter(here).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_are_read() {
        for (name, text) in SHIPPED {
            let (framework, findings) = read_framework(&SourceFile::new(name, text));
            assert!(findings.is_empty(), "{findings:#?}");
            let id = framework.expect("a framework").framework;
            assert!(name.ends_with(&format!("/{id}.toml")), "{name} holds {id}");
        }
        assert_eq!(frameworks().len(), 1);
        let cis = framework("cis-aws-foundations").expect("shipped");
        assert_eq!((cis.versions.len(), cis.subjects.len()), (11, 15));
        let security_groups = |version, number| {
            cis.subject(version, number).is_some_and(|s| s.slug == "security-group-changes")
        };
        assert!(security_groups("1.2.0", "3.10"));
        assert!(security_groups("5.0.0", "4.10"));
        assert!(security_groups("6.0.0", "5.10"));
        assert!(!security_groups("6.0.0", "4.10"));
    }

    #[test]
    fn every_control_has_a_demand() {
        let cis = framework("cis-aws-foundations").expect("shipped");
        let mut demands = 0;
        for subject in &cis.subjects {
            for version in subject.control.keys() {
                assert!(cis.demand(subject, version).is_some(), "{} {version}", subject.slug);
                demands += 1;
            }
        }
        assert_eq!(demands, 164);
    }
}

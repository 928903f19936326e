//! What others say about the subjects of a framework: which requirement of another framework they
//! map it to (`catalog/controls/crosswalk`). Entries keep who says so and are never merged.

use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;
use serde::Serialize;

use super::{Framework, Source, read};
use crate::diagnostic::{Finding, Findings, all_of};
use crate::rule::codes;
use crate::rule::read::section::Section;
use crate::source::{SourceFile, to_json};

/// Mappings from one framework to others.
#[derive(Clone, Debug, Serialize)]
pub struct Crosswalk {
    /// The framework whose subjects are mapped.
    pub framework: String,
    /// Who says so, by short name.
    pub sources: IndexMap<String, Source>,
    /// Titles of the other frameworks, by the id that entries use.
    pub targets: IndexMap<String, String>,
    /// The mappings.
    pub entries: Vec<Entry>,
}

/// What one source says about one subject.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Slug of the subject.
    pub subject: String,
    /// Short name of the source.
    pub by: String,
    /// Id of the other framework → its requirements, as the source writes them.
    pub maps: IndexMap<String, Vec<String>>,
}

static CROSSWALKS: LazyLock<Vec<Crosswalk>> = LazyLock::new(|| {
    let name = "catalog/controls/crosswalk/cis-aws-foundations.toml";
    let text = include_str!("../../../catalog/controls/crosswalk/cis-aws-foundations.toml");
    // INVARIANT: the table is compiled in, and a test reads it without a finding.
    read_crosswalk(&SourceFile::new(name, text), super::frameworks()).0.into_iter().collect()
});

/// Every shipped crosswalk.
pub fn crosswalks() -> &'static [Crosswalk] {
    &CROSSWALKS
}

/// The crosswalk of a framework.
pub fn crosswalk(framework: &str) -> Option<&'static Crosswalk> {
    CROSSWALKS.iter().find(|crosswalk| crosswalk.framework == framework)
}

/// Reads a file of mappings; subjects must be those of one of the frameworks.
pub fn read_crosswalk(
    source: &Arc<SourceFile>,
    frameworks: &[Framework],
) -> (Option<Crosswalk>, Vec<Finding>) {
    let mut findings = Findings::new(source);
    let crosswalk = read::tree(source, &mut findings).and_then(|node| {
        let section = Section::named(&node, "a crosswalk".to_owned(), &mut findings)?;
        crosswalk_of(section, frameworks, &mut findings)
    });
    let whole = crosswalk.filter(|_| !findings.has_errors());
    (whole, findings.into_sorted())
}

fn crosswalk_of(
    section: Section<'_>,
    frameworks: &[Framework],
    findings: &mut Findings,
) -> Option<Crosswalk> {
    let id = section.text("framework", findings);
    let id = section.require("framework", id, findings)?;
    let Some(framework) = frameworks.iter().find(|own| own.framework == id.value) else {
        let message = format!("there is no control framework `{}`", id.value);
        let known = frameworks.iter().map(|framework| framework.framework.as_str());
        findings
            .add(&codes::UNKNOWN_CONTROL, id.span, message)
            .help(format!("known: {}", all_of(known)));
        return None;
    };
    let sources = read::sources(&section, findings);
    let targets = section.object("target", findings).unwrap_or_default();
    let targets: IndexMap<String, String> = targets
        .into_iter()
        .filter_map(|(id, title)| Some((id, title.as_str()?.to_owned())))
        .collect();
    let mut entries = Vec::new();
    for entry in section.sections("entry", findings) {
        let subject = entry.text("subject", findings);
        let subject = entry.require("subject", subject, findings);
        let by = entry.text("by", findings);
        let by = entry.require("by", by, findings);
        let maps = entry.get("maps");
        let maps = entry.require("maps", maps, findings);
        let is_subject = |slug: &str| framework.subjects.iter().any(|own| own.slug == slug);
        if let Some(slug) = subject.as_ref().filter(|slug| !is_subject(slug)) {
            let message = format!("`{}` has no subject `{}`", id.value, slug.value);
            findings.add(&codes::UNKNOWN_CONTROL, slug.span, message);
        }
        if let Some(by) = by.as_ref().filter(|by| !sources.contains_key(&by.value)) {
            let message = format!("there is no source `{}`", by.value);
            findings.add(&codes::BAD_FRAMEWORK, by.span, message);
        }
        let read = maps.and_then(|node| {
            let read = serde_json::from_value(to_json(node)).ok();
            if read.is_none() {
                let message = "`maps` says for each framework which of its requirements are meant";
                findings.add(&codes::WRONG_TYPE, node.span, message);
            }
            read
        });
        let maps: IndexMap<String, Vec<String>> = read.unwrap_or_default();
        if let Some(unknown) = maps.keys().find(|id| !targets.contains_key(*id)) {
            let message = format!("`target` has no title for `{unknown}`");
            findings.add(&codes::BAD_FRAMEWORK, entry.span, message);
        }
        entry.finish(findings);
        if let (Some(subject), Some(by)) = (subject, by) {
            entries.push(Entry { subject: subject.value, by: by.value, maps });
        }
    }
    section.finish(findings);
    Some(Crosswalk { framework: id.value, sources, targets, entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_read() {
        let name = "catalog/controls/crosswalk/cis-aws-foundations.toml";
        let text = include_str!("../../../catalog/controls/crosswalk/cis-aws-foundations.toml");
        let (read, findings) =
            read_crosswalk(&SourceFile::new(name, text), super::super::frameworks());
        assert!(findings.is_empty(), "{findings:#?}");
        let read = read.expect("a crosswalk");
        let subjects: std::collections::BTreeSet<&str> =
            read.entries.iter().map(|entry| entry.subject.as_str()).collect();
        assert_eq!(subjects.len(), 15);
        let prowler =
            |entry: &&Entry| entry.subject == "security-group-changes" && entry.by == "prowler";
        let entry = read.entries.iter().find(prowler).expect("an entry");
        assert_eq!(entry.maps.get("iso27001_2022").map(Vec::len), Some(2));
    }
}

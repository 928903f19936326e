//! From a TOML file to a framework, with a finding for everything that is wrong with it.

mod demand;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::reference::is_word;
use super::{ASSESSMENTS, Control, Demand, Framework, Source, Subject};
use crate::diagnostic::{Finding, Findings, all_of};
use crate::rule::codes;
use crate::rule::read::section::Section;
use crate::source::{Node, SourceFile, Span, Spanned, read_toml};

/// Reads a file of `catalog/controls` or one of a repository's own. A framework with errors is
/// none: what is left of it would give wrong numbers.
pub fn read_framework(source: &Arc<SourceFile>) -> (Option<Framework>, Vec<Finding>) {
    let mut findings = Findings::new(source);
    let framework = tree(source, &mut findings).and_then(|node| {
        let section = Section::named(&node, "a framework".to_owned(), &mut findings)?;
        framework(section, &mut findings)
    });
    let whole = framework.filter(|_| !findings.has_errors());
    (whole, findings.into_sorted())
}

/// The tree of a TOML file; its faults are findings.
pub(in crate::rule::controls) fn tree(
    source: &Arc<SourceFile>,
    findings: &mut Findings,
) -> Option<Node> {
    let fault = |error: &crate::source::TomlError, findings: &mut Findings| {
        let message = format!("this is not TOML: {}", error.message);
        findings.add(&codes::BAD_FRAMEWORK, error.span, message);
    };
    read_toml(source.text()).map_err(|errors| errors.iter().for_each(|e| fault(e, findings))).ok()
}

fn framework(section: Section<'_>, findings: &mut Findings) -> Option<Framework> {
    let id = section.text("framework", findings);
    let id = section.require("framework", id, findings);
    if let Some(id) = id.as_ref().filter(|id| !is_word(id.as_str())) {
        let message = format!("`{}` cannot stand in a reference", id.value);
        findings
            .add(&codes::BAD_FRAMEWORK, id.span, message)
            .help("write letters, digits, `.`, `-` and `_`");
    }
    let title = required(&section, "title", findings);
    let versions = section.texts("versions", findings);
    section.require("versions", versions.first(), findings);
    let sources = sources(&section, findings);
    let mut framework = Framework {
        framework: id?.value,
        title: title.unwrap_or_default(),
        note: section.string("note", findings).unwrap_or_default(),
        datadog_handle: section.string("datadog_handle", findings).unwrap_or_default(),
        requirement: section.string("requirement", findings).unwrap_or_default(),
        versions: versions.iter().map(|version| version.value.clone()).collect(),
        sources,
        subjects: Vec::new(),
    };
    if framework.datadog_handle.is_empty() {
        framework.datadog_handle.clone_from(&framework.framework);
    }
    if framework.requirement.is_empty() {
        framework.requirement.clone_from(&framework.title);
    }
    for (index, version) in versions.iter().enumerate() {
        let twice = versions.iter().take(index).any(|other| other.value == version.value);
        if twice || !is_word(version) {
            let why = if twice { "stands twice" } else { "cannot stand in a reference" };
            let message = format!("the version `{}` {why}", version.value);
            findings.add(&codes::BAD_FRAMEWORK, version.span, message);
        }
    }
    let mut numbers = BTreeMap::new();
    let mut slugs = BTreeMap::new();
    for subject in section.sections("subject", findings) {
        let read = self::subject(subject, &framework, &mut numbers, &mut slugs, findings);
        framework.subjects.extend(read);
    }
    section.finish(findings);
    Some(framework)
}

/// A text that has to be there.
fn required(section: &Section<'_>, key: &'static str, findings: &mut Findings) -> Option<String> {
    let text = section.string(key, findings);
    section.require(key, text, findings)
}

/// The sources of a file by their short names.
pub(in crate::rule::controls) fn sources(
    section: &Section<'_>,
    findings: &mut Findings,
) -> IndexMap<String, Source> {
    let Some(table) = section.get("source").and_then(|n| Section::new(n, "source", findings))
    else {
        return IndexMap::new();
    };
    let mut sources = IndexMap::new();
    for entry in table.entries() {
        let name = format!("the source `{}`", entry.key.value);
        let Some(section) = Section::named(&entry.value, name, findings) else { continue };
        let source = Source {
            name: required(&section, "name", findings).unwrap_or_default(),
            revision: required(&section, "revision", findings).unwrap_or_default(),
            date: section.string("date", findings),
            url: section.string("url", findings),
        };
        section.finish(findings);
        sources.insert(entry.key.value.clone(), source);
    }
    sources
}

/// Version and number → where it was said first.
type Numbers = BTreeMap<(String, String), Span>;

fn subject(
    section: Section<'_>,
    framework: &Framework,
    numbers: &mut Numbers,
    slugs: &mut BTreeMap<String, Span>,
    findings: &mut Findings,
) -> Option<Subject> {
    let slug = section.text("slug", findings);
    let slug = section.require("slug", slug, findings);
    if let Some(slug) = &slug
        && let Some(first) = slugs.insert(slug.value.clone(), slug.span)
    {
        let place = findings.place(first);
        let message = format!("there are two subjects `{}`", slug.value);
        findings.add(&codes::BAD_FRAMEWORK, slug.span, message).related(place, "the first");
    }
    let title = required(&section, "title", findings);
    let control = controls(&section, framework, numbers, findings);
    let mut subject = Subject {
        slug: slug.map(|slug| slug.value).unwrap_or_default(),
        title: title.unwrap_or_default(),
        services: texts(section.texts_or_none("services", findings)),
        source: section.string("source", findings).unwrap_or_default(),
        control,
        demands: Vec::new(),
        disagreements: Vec::new(),
    };
    for entry in section.sections("demand", findings) {
        let span = entry.span;
        if let Some(demand) = demand::demand(entry, framework, &subject, findings) {
            overlap(framework, &subject, &demand, span, findings);
            subject.demands.push(demand);
        }
    }
    for entry in section.sections("disagreement", findings) {
        subject.disagreements.extend(demand::disagreement(entry, framework, &subject, findings));
    }
    section.finish(findings);
    Some(subject)
}

fn texts(spanned: Vec<Spanned<String>>) -> Vec<String> {
    spanned.into_iter().map(|text| text.value).collect()
}

/// The numbers of a subject, each of which may occur once in its version.
fn controls(
    section: &Section<'_>,
    framework: &Framework,
    numbers: &mut Numbers,
    findings: &mut Findings,
) -> IndexMap<String, Control> {
    let table = section.get("control");
    let table = section.require("control", table, findings);
    let Some(table) = table.and_then(|node| Section::new(node, "control", findings)) else {
        return IndexMap::new();
    };
    let mut controls = IndexMap::new();
    for entry in table.entries() {
        let version = &entry.key;
        known(framework, version, findings);
        let name = format!("the control of {}", version.value);
        let Some(row) = Section::named(&entry.value, name, findings) else { continue };
        let number = row.text("number", findings);
        let number = row.require("number", number, findings);
        let level = row.integer("level", 0..=9, findings).map_or(0, |level| level.value);
        let assessment = row.word(
            "assessment",
            &ASSESSMENTS,
            |word| ASSESSMENTS.contains(&word).then(|| word.to_owned()),
            findings,
        );
        row.finish(findings);
        let Some(number) = number else { continue };
        unique(version, &number, numbers, findings);
        let control = Control {
            number: number.value,
            level: u8::try_from(level).unwrap_or_default(),
            assessment: assessment.map_or_else(|| "manual".to_owned(), |word| word.value),
        };
        controls.insert(version.value.clone(), control);
    }
    controls
}

fn unique(version: &str, number: &Spanned<String>, numbers: &mut Numbers, findings: &mut Findings) {
    if !is_word(number) {
        let message = format!("the number `{}` cannot stand in a reference", number.value);
        findings.add(&codes::BAD_FRAMEWORK, number.span, message);
    }
    let key = (version.to_owned(), number.value.clone());
    if let Some(first) = numbers.insert(key, number.span) {
        let place = findings.place(first);
        let message = format!("the number {} occurs twice in version {version}", number.value);
        findings.add(&codes::BAD_FRAMEWORK, number.span, message).related(place, "the first");
    }
}

/// Reports a version that the framework does not list.
fn known(framework: &Framework, version: &Spanned<String>, findings: &mut Findings) -> bool {
    let known = framework.age(version).is_some();
    if !known {
        let message = format!("`versions` does not list {}", version.value);
        let versions = framework.versions.iter().map(String::as_str);
        findings
            .add(&codes::BAD_FRAMEWORK, version.span, message)
            .help(format!("it lists {}", all_of(versions)));
    }
    known
}

/// A range of versions; what is left out reaches to the first or last control of the subject.
fn range(
    section: &Section<'_>,
    framework: &Framework,
    subject: &Subject,
    findings: &mut Findings,
) -> Option<(String, String)> {
    let end = |key, default: Option<&String>, findings: &mut Findings| {
        let text = section.text(key, findings);
        match text {
            Some(version) => known(framework, &version, findings).then_some(version.value),
            None => default.cloned(),
        }
    };
    let mut owned: Vec<&String> = subject.control.keys().collect();
    owned.sort_by_key(|version| framework.age(version));
    let from = end("from", owned.first().copied(), findings)?;
    let to = end("to", owned.last().copied(), findings)?;
    if framework.age(&from) > framework.age(&to) {
        let message = format!("the range from {from} to {to} is empty");
        findings.add(&codes::BAD_FRAMEWORK, section.span, message);
    }
    Some((from, to))
}

fn overlap(
    framework: &Framework,
    subject: &Subject,
    demand: &Demand,
    span: Span,
    findings: &mut Findings,
) {
    let both = subject.control.keys().find(|version| {
        framework.is_between(version, &demand.from, &demand.to)
            && framework.demand(subject, version).is_some()
    });
    if let Some(version) = both {
        let message = format!("`{}` has two demands in version {version}", subject.slug);
        findings.add(&codes::BAD_FRAMEWORK, span, message);
    }
}

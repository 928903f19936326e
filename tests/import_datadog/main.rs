//! Reading Datadog's rules: JSON of the API, Terraform, and pages of documentation.

#[path = "../common/mod.rs"]
mod common;
mod corpora;
mod json;
mod pages;
mod terraform;

use crosswalk::diagnostic::{Finding, Findings};
use crosswalk::import::Foreign;
use crosswalk::import::datadog::{detect, read};
use crosswalk::source::SourceFile;

/// Reads a document of Datadog's.
fn import(name: &str, text: &str) -> (Vec<Foreign>, Vec<Finding>) {
    let source = SourceFile::new(name, text);
    let mut findings = Findings::new(&source);
    let kind = detect(&source).unwrap_or_else(|| panic!("{name}: unknown format"));
    let rules = read(kind, &source, &mut findings);
    (rules, findings.into_sorted())
}

/// The one rule of a document that reads without a finding.
fn only(text: &str) -> Foreign {
    let (mut rules, findings) = import("rule", text);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(rules.len(), 1, "{rules:#?}");
    rules.remove(0)
}

/// Findings as `code line:column message`.
fn told(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let at = finding.place.as_ref().expect("a place").start();
        format!("{} {}:{} {}", finding.code, at.line, at.column, finding.message)
    };
    findings.iter().map(line).collect()
}

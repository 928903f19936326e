//! Elastic's rule documents: Kibana's JSON and exports, the TOML of `elastic/detection-rules`, and
//! pages of Elastic's rule reference.
//!
//! Every reader gives the body that the detections API would take, field by field as the document
//! has it, and puts what the body has no field for beside it. What is dropped stands in a table
//! ([`fields::ONLY_IN_ANSWERS`], [`json::PAGING`]); everything else that is not read is a finding.

mod export;
mod fields;
mod json;
mod page;
mod toml;
mod toml_tree;

use std::sync::Arc;

use super::foreign::Foreign;
use crate::diagnostic::Findings;
use crate::source::SourceFile;

/// The forms of Elastic's documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) enum Kind {
    /// Kibana's API and exports, and the assets of Elastic's package.
    Json,
    /// A file of `elastic/detection-rules`.
    Toml,
    /// A page of Elastic's rule reference, in Markdown or, if it is older, in asciidoc.
    Page,
}

/// Words of which one stands in every document of a kind, at the start of a line or behind a
/// quote. Cheap signs, so that a broken document is still known for what it should be.
const JSON_SIGNS: &[&str] =
    &["\"risk_score\"", "\"rule_id\"", "\"exported_count\"", "\"exported_rules_count\""];

/// Headings of tables that a rule's TOML has.
const TOML_SIGNS: &[&str] = &["[rule]", "[[rule.", "[rule."];

/// What all of [`TOML_SIGNS`] have in them.
const TOML_SIGN: &str = "[rule";

/// Which of Elastic's forms a file has, by its content; `None` if it has none.
pub(in crate::import) fn detect(source: &SourceFile) -> Option<Kind> {
    let text = source.text().trim_start();
    let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let has_all = |signs: &[&str]| signs.iter().all(|sign| text.contains(sign));
    // A list of objects, not the heading of a table in TOML.
    let listed = text.strip_prefix('[').map(str::trim_start);
    if listed.unwrap_or(text).starts_with('{') && has(JSON_SIGNS) {
        return Some(Kind::Json);
    }
    let is_page = match is_asciidoc(source) {
        true => has_all(page::ASCIIDOC_SIGNS),
        false => text.starts_with(['-', '#']) && has_all(page::SIGNS),
    };
    if is_page {
        return Some(Kind::Page);
    }
    let begins = |line: &str| TOML_SIGNS.iter().any(|sign| line.trim_start().starts_with(sign));
    // Most documents are something else, and going through their lines takes longer.
    (text.contains(TOML_SIGN) && text.lines().any(begins)).then_some(Kind::Toml)
}

/// Whether a page is one of the older ones: they begin with an anchor.
fn is_asciidoc(source: &SourceFile) -> bool {
    source.text().trim_start().starts_with("[[")
}

impl Kind {
    /// The rules of a file of this kind.
    pub(in crate::import) fn read(
        self,
        source: &Arc<SourceFile>,
        findings: &mut Findings,
    ) -> Vec<Foreign> {
        match self {
            Kind::Json => json::json(source, findings),
            Kind::Toml => toml::toml(findings),
            Kind::Page if is_asciidoc(source) => page::asciidoc(source, findings),
            Kind::Page => page::page(source, findings),
        }
    }
}

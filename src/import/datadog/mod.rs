//! Datadog's rules as their users have them: JSON of the API, Terraform, pages of documentation.
//!
//! Every format ends in the body that would create the rule, with what the document says beyond it
//! beside. Formats are told apart by what they hold, never by the name of the file.

use std::sync::Arc;

use super::codes;
use crate::diagnostic::Findings;
use crate::import::Foreign;
use crate::source::{SourceFile, Span};

mod fields;
mod json;
mod page;
mod response;
mod terraform;
mod typed;

pub use terraform::terraform;

/// The formats of rules of Datadog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON of the API.
    Json,
    /// Terraform's HCL.
    Terraform,
    /// Terraform's JSON syntax.
    TerraformJson,
    /// A page of a default rule.
    Page,
    /// The archive that a bulk export answers with; it is refused, with what to do.
    Archive,
}

/// Which format of Datadog's a document has, if it has one of them.
pub fn detect(source: &SourceFile) -> Option<Kind> {
    let text = source.text().trim_start();
    let has = |word: &str| text.contains(word);
    if text.starts_with("PK\u{3}\u{4}") {
        Some(Kind::Archive)
    } else if text.starts_with("---") {
        page::is_page(text).then_some(Kind::Page)
    } else if text.starts_with(['{', '[']) && has("\"datadog_security_monitoring_rule") {
        Some(Kind::TerraformJson)
    } else if text.starts_with(['{', '[']) {
        // `risk_score` is in every rule of Elastic's and in none of Datadog's.
        let of_api = ["\"isEnabled\"", "\"queries\"", "\"cases\"", "\"terraformContent\""];
        (of_api.into_iter().any(has) && !has("\"risk_score\"")).then_some(Kind::Json)
    } else {
        let is_resource = |line: &str| {
            line.trim_start().starts_with("resource") && line.contains(terraform::RESOURCE)
        };
        // Most documents are something else, and going through their lines takes longer.
        (has(terraform::RESOURCE) && text.lines().any(is_resource)).then_some(Kind::Terraform)
    }
}

/// Reads every rule of a document of a known format.
pub fn read(kind: Kind, source: &Arc<SourceFile>, findings: &mut Findings) -> Vec<Foreign> {
    match kind {
        Kind::Json => json::json(findings),
        Kind::Terraform => terraform::hcl(source, findings),
        Kind::TerraformJson => terraform::json_syntax(findings),
        Kind::Page => page::page(source, findings),
        Kind::Archive => {
            let message = "archives are not read";
            findings
                .add(&codes::IMPORT_SYNTAX, Span::new(0, source.text().len().min(2)), message)
                .help("unpack it, and import the JSON files that it holds");
            Vec::new()
        }
    }
}

/// Whether a field of the API's answers is left out of what is read on purpose.
pub fn is_dropped(field: &str) -> bool {
    response::is_dropped(field)
}

//! Elastic's page of a rule, in the form of Elastic's rule reference: the Markdown pages of the
//! `prebuilt-rules-downloadable-updates` folder of `elastic/security-docs`, as they were left in 2025.
//!
//! The layout is `templates/elastic.md.jinja`. Defaults are those of the pages: 100 alerts, an
//! interval of 5m, and `None` for any other field that the rule does not have.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::headings::emboldened;
use super::tame::closed;
use super::{PageError, Templates, slug};
use crate::rule::ElasticPage;

/// The first package whose pages show a guide with bold lines for its headings. Older ones show
/// the guide as it was written.
const FIRST_CONVERTED: (u32, u32) = (8, 8);

/// What a page shows of a rule in the form of Kibana's API.
#[derive(Debug, Deserialize, Serialize)]
struct Payload {
    name: String,
    description: String,
    #[serde(rename = "type")]
    kind: String,
    severity: String,
    risk_score: u64,
    #[serde(default)]
    index: Vec<String>,
    #[serde(default = "five_minutes")]
    interval: String,
    #[serde(default)]
    from: Option<String>,
    #[serde(default = "hundred")]
    max_signals: u64,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    version: Option<u64>,
    #[serde(default)]
    author: Vec<String>,
    #[serde(default)]
    license: Option<String>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    setup: Option<String>,
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    threat: Vec<Threat>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Threat {
    framework: String,
    tactic: Entry,
    #[serde(default)]
    technique: Vec<Technique>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Technique {
    #[serde(flatten)]
    entry: Entry,
    #[serde(default)]
    subtechnique: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Entry {
    id: String,
    name: String,
    reference: String,
}

fn five_minutes() -> String {
    "5m".to_owned()
}

fn hundred() -> u64 {
    100
}

/// The page of a rule given in the form of Kibana's API (`schemas/elastic/rule-create`). `facts`
/// holds what only the page knows: without a package the address has no package prefix, and an
/// anchor without a number is the bare word (`_rule_query` for `_rule_query_2157`), because the
/// numbers count the sections of a whole book and cannot be derived from one rule.
pub fn elastic_page(
    templates: &Templates,
    payload: &Json,
    facts: &ElasticPage,
) -> Result<String, PageError> {
    let mut rule = Payload::deserialize(payload)
        .map_err(|error| PageError::Payload { platform: "Elastic", message: error.to_string() })?;
    let converted = facts.package.as_deref().is_none_or(is_converted);
    for text in [&mut rule.note, &mut rule.setup].into_iter().flatten() {
        let lines = text.replace("\r\n", "\n");
        let lines = lines.trim_end().trim_start_matches('\n');
        *text = closed(if converted { emboldened(lines) } else { lines.to_owned() });
    }
    let package = facts.package.as_deref().map(|package| format!("prebuilt-rule-{package} "));
    let page = context! {
        slug => slug(&format!("{}{}", package.unwrap_or_default(), rule.name)),
        converted,
        guide_anchor => anchor("_investigation_guide", facts.guide_anchor),
        setup_anchor => anchor("_setup", facts.setup_anchor),
        query_anchor => anchor("_rule_query", facts.query_anchor),
    };
    let context = context! { page, rule => Value::from(Serde(&rule)) };
    Ok(templates.render("elastic.md.jinja", context)?)
}

fn anchor(word: &str, number: Option<u32>) -> String {
    number.map_or_else(|| word.to_owned(), |number| format!("{word}_{number}"))
}

/// Whether a package such as `8.2.1` is one of the later ones; an unreadable version counts as new.
fn is_converted(package: &str) -> bool {
    let mut parts = package.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= FIRST_CONVERTED,
        _ => true,
    }
}

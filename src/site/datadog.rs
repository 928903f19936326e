//! Datadog's page of a rule, in the form of its default rules' pages of 2022 and 2023
//! (`content/en/security/default_rules` of `DataDog/documentation`).
//!
//! The body is the rule's message; the front matter is the rule's `key:value` tags with what every
//! page has. The layout is `templates/datadog.md.jinja`.

use std::collections::BTreeMap;

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;
use serde_json::Value as Json;

use super::markdown::one_line;
use super::{PageError, Templates, slug};
use crate::rule::DatadogVariant;

/// What only the page knows of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatadogPage {
    /// Id of a default rule (`cca-fc9-b0e`), the same in every organisation. Without it the page
    /// has one alias, by the slug, instead of three.
    pub id: Option<String>,
    /// Last part of the page's address; made from the name if absent.
    pub slug: Option<String>,
}

impl From<&DatadogVariant> for DatadogPage {
    fn from(variant: &DatadogVariant) -> Self {
        Self { id: variant.id.clone(), slug: variant.slug.clone() }
    }
}

/// What a page shows of a rule in the form of Datadog's API.
#[derive(Debug, Deserialize)]
struct Payload {
    name: String,
    message: String,
    #[serde(default)]
    tags: Vec<String>,
    /// Datadog takes a rule without a type for one over logs.
    #[serde(rename = "type", default = "log_detection")]
    kind: String,
}

fn log_detection() -> String {
    "log_detection".to_owned()
}

/// How pages call the types of rules.
const CATEGORIES: &[(&str, &[&str])] = &[
    ("log_detection", &["Cloud SIEM (Log Detection)"]),
    ("signal_correlation", &["Cloud SIEM (Signal Correlation)"]),
    ("workload_security", &["Workload Security", "Cloud Security Management"]),
    ("application_security", &["Application Security"]),
    ("cloud_configuration", &["Posture Management (Cloud)", "Cloud Security Management"]),
    ("infrastructure_configuration", &["Posture Management (Infra)", "Cloud Security Management"]),
];

/// Tags whose values stand on pages in lower case.
const LOWER_CASE: &[&str] = &["scope", "source"];

/// Tags that hold framework and control together: made for programs, and newer than this page form.
const PAIRED: &[&str] = &["framework_requirement", "framework_requirement_control"];

/// The page of a rule given in the form of Datadog's API (`schemas/datadog/rule-create`). Of
/// several tags with one key the last counts, as on Datadog's own pages: a page names one control,
/// and the tag of the newest version comes last.
pub fn datadog_page(
    templates: &Templates,
    payload: &Json,
    facts: &DatadogPage,
) -> Result<String, PageError> {
    let wrong = |message: String| PageError::Payload { platform: "Datadog", message };
    let rule = Payload::deserialize(payload).map_err(|error| wrong(error.to_string()))?;
    let category = CATEGORIES.iter().find(|(kind, _)| *kind == rule.kind);
    let Some((_, categories)) = category else {
        return Err(wrong(format!("rules of the type `{}` have no page", rule.kind)));
    };
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for (key, value) in rule.tags.iter().filter_map(|tag| tag.split_once(':')) {
        let (key, value) = (one_line(key), one_line(value));
        let value = if LOWER_CASE.contains(&&*key) { value.to_lowercase() } else { value };
        if !key.is_empty() && !value.is_empty() && !PAIRED.contains(&&*key) {
            tags.insert(key, value);
        }
    }
    let page = context! {
        id => facts.id.clone(),
        slug => facts.slug.clone().unwrap_or_else(|| slug(&rule.name)),
        integration => tags.get("scope").or_else(|| tags.get("source")),
        categories => categories.iter().copied().collect::<Value>(),
        tags => Value::from(Serde(&tags)),
    };
    let rule = context! { name => rule.name, message => rule.message.trim() };
    Ok(templates.render("datadog.md.jinja", context! { page, rule })?)
}

//! For governance tools: OSCAL 1.2.1 (NIST). Three documents: what the rules implement (component
//! definition), what the audit saw (assessment results) and how sets of events stand to each other
//! (mapping collection).
//!
//! Every id is a UUID of version 5, made from what it stands for, so the same audit gives the same
//! document. OSCAL wants times: they are the caller's, or the newest date of a rule.

mod component;
mod mapping;
mod results;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::compliance::Audit;
use crate::rule::ControlRef;

pub use component::component_definition;
pub use mapping::{framework_mapping, mapping_collection};
pub use results::assessment_results;

/// The version of OSCAL.
const OSCAL: &str = "1.2.1";

/// The name space of our properties and ids: a name, no address.
const NAMESPACE: &str = "https://crosswalk.invalid/ns/oscal";

/// When a document says that it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(String);

impl Stamp {
    /// The time of a document: `at` (RFC 3339, with a zone), else the newest date of a rule, else
    /// the first day of 1970.
    pub fn of(audit: &Audit, at: Option<&str>) -> Self {
        let day = audit.date.as_deref().unwrap_or("1970-01-01");
        Self(at.map_or_else(|| format!("{day}T00:00:00Z"), str::to_owned))
    }
}

/// The id of something, the same whenever it is named alike.
fn id(parts: &[&str]) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, NAMESPACE.as_bytes());
    Uuid::new_v5(&space, parts.join("\u{1f}").as_bytes()).to_string()
}

fn metadata(title: &str, stamp: &Stamp) -> Value {
    json!({
        "title": title,
        "last-modified": stamp.0,
        "version": env!("CARGO_PKG_VERSION"),
        "oscal-version": OSCAL,
        "props": [prop("generator", concat!("crosswalk ", env!("CARGO_PKG_VERSION")))],
    })
}

/// A property in our name space. OSCAL's values are one line without blanks at the ends.
fn prop(name: &str, value: &str) -> Value {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let value = if value.is_empty() { "none".to_owned() } else { value };
    json!({"name": name, "ns": NAMESPACE, "value": value})
}

/// The id of a control as an OSCAL token, which starts with a letter: `cis-aws-foundations-5.10`.
fn token(control: &ControlRef) -> String {
    let text = format!("{}-{}", control.framework, control.number);
    let kept = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let text: String = text.chars().map(kept).collect();
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if starts { text } else { format!("_{text}") }
}

/// Where the catalogue of a version would stand.
fn catalog(framework: &str, version: &str) -> String {
    format!("https://crosswalk.invalid/catalogs/{framework}-{version}.json")
}

/// The id of a rule's component.
fn component(audit: &Audit, rule: usize) -> String {
    let Some(rule) = audit.rules.get(rule) else { return id(&["component"]) };
    id(&["component", rule.id.as_deref().unwrap_or(&rule.file), &rule.title])
}

/// Text for people: never empty, which OSCAL forbids.
fn words(text: &str) -> &str {
    if text.trim().is_empty() { "(untitled)" } else { text.trim() }
}

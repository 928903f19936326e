//! Reads one of Datadog's pages of a rule back into a payload. For tests only: it accepts what the
//! English pages of the third generation over logs hold and panics at anything else.

use crosswalk::site::DatadogPage;
use crosswalk::source::{Kind, read_yaml};
use serde_json::{Value, json};

/// A page's facts.
pub(crate) struct Read {
    /// The rule in the form of Datadog's API, as far as the page shows it.
    pub(crate) payload: Value,
    /// What only the page knows.
    pub(crate) facts: DatadogPage,
}

/// What the front matter holds beside the rule's tags.
const NO_TAGS: &[&str] =
    &["aliases", "disable_edit", "integration_id", "kind", "rule_category", "title", "type"];

/// Reads a page.
pub(crate) fn read(page: &str) -> Read {
    let (front_matter, body) = page.strip_prefix("---\n").unwrap().split_once("\n---\n\n").unwrap();
    let (documents, errors) = read_yaml(front_matter);
    assert_eq!(errors, []);
    let front_matter = documents[0].as_mapping().unwrap();
    let scalar = |key: &str| front_matter.get(key).unwrap().as_scalar().unwrap().text.clone();
    let Kind::Sequence(categories) = &front_matter.get("rule_category").unwrap().kind else {
        panic!()
    };
    assert_eq!(categories[0].as_scalar().unwrap().text, "Cloud SIEM (Log Detection)");
    let Kind::Sequence(aliases) = &front_matter.get("aliases").unwrap().kind else { panic!() };
    let slug = &aliases.last().unwrap().as_scalar().unwrap().text;
    let tags: Vec<String> = front_matter
        .entries
        .iter()
        .filter(|entry| !NO_TAGS.contains(&entry.key.as_str()))
        .map(|entry| format!("{}:{}", entry.key.value, scalar(&entry.key)))
        .collect();
    Read {
        payload: json!({
            "name": scalar("title"), "message": body, "tags": tags, "type": "log_detection",
        }),
        facts: DatadogPage {
            id: (aliases.len() == 3).then(|| aliases[0].as_scalar().unwrap().text.clone()),
            slug: slug.rsplit('/').next().map(str::to_owned),
        },
    }
}

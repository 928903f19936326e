//! Real pages, byte for byte.

use std::path::{Path, PathBuf};

use crosswalk::site::{DatadogPage, Templates, datadog_page, elastic_page};
use serde_json::{Value, json};

use super::{datadog_reader, elastic_reader};

/// Differences that are allowed, each with its reason. Everything else is byte-equal.
const ALLOWED: &[(&str, &str)] = &[
    (
        "reference target",
        "the migration of Elastic's pages changed some link targets (.html became .md, own pages \
         became paths); the text of the link still is the address that the rule names",
    ),
    ("end of file", "Datadog's pages end with or without a line end, by the tool that stored them"),
];

fn allowed(name: &str) {
    assert!(ALLOWED.iter().any(|(allowed, _)| *allowed == name), "{name}");
}

/// The corpora, or a word on what is not tested without them.
fn corpora(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set ({what})");
    }
    folder
}

/// Every file of a folder that ends in `ending`, by name, as text.
fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no {ending}", folder.display());
    files
}

/// A seed page is told by its front matter.
fn seeds(corpora: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let seeds = files(&corpora.join("../seeds"), ".txt");
    seeds.into_iter().filter(|(_, page)| is_wanted(page)).collect()
}

fn is_elastic(page: &str) -> bool {
    page.contains("\nmapped_pages:\n") || page.starts_with("---\nmapped_pages:\n")
}

/// The later edition of Elastic's pages differs in one block of front matter. A team whose pages
/// must have it replaces one block of the template; so does this test.
fn later_edition() -> Templates {
    let folder = tempfile::tempdir().unwrap();
    let template = "{% extends \"builtin/elastic.md.jinja\" %}
{% block front_matter %}
---
applies_to:
  stack: all
  serverless:
    security: all
mapped_pages:
  - https://www.elastic.co/guide/en/security/current/{{ page.slug }}.html
---
{% endblock %}
";
    std::fs::write(folder.path().join("elastic.md.jinja"), template).unwrap();
    Templates::load(Some(folder.path())).unwrap()
}

#[test]
fn elastic_pages_come_out_as_they_are() {
    let Some(corpora) = corpora("Elastic's pages") else { return };
    let editions = [Templates::load(None).unwrap(), later_edition()];
    let pages = files(&corpora.join("elastic-pages/md"), ".md");
    let pages: Vec<_> = seeds(&corpora, is_elastic).into_iter().chain(pages).collect();
    assert!(pages.len() >= 3);
    for (name, page) in pages {
        let read = elastic_reader::read(&page);
        let templates = &editions[usize::from(read.applies_to)];
        let made = elastic_page(templates, &read.payload, &read.facts).unwrap();
        let mut expected = page.clone();
        for (text, target) in read.mangled {
            allowed("reference target");
            expected =
                expected.replace(&format!("[{text}]({target})"), &format!("[{text}]({text})"));
        }
        assert_eq!(made, expected, "{name}");
    }
}

#[test]
fn datadog_pages_come_out_as_they_are() {
    let Some(corpora) = corpora("Datadog's pages") else { return };
    let templates = Templates::load(None).unwrap();
    let pages = files(&corpora.join("datadog-pages"), ".md");
    let pages: Vec<_> =
        seeds(&corpora, |page| !is_elastic(page)).into_iter().chain(pages).collect();
    assert!(pages.len() >= 28);
    for (name, page) in pages {
        let read = datadog_reader::read(&page);
        let made = datadog_page(&templates, &read.payload, &read.facts).unwrap();
        allowed("end of file");
        assert_eq!(made.trim_end(), page.trim_end(), "{name}");
        assert!(made.ends_with('\n') && !made.ends_with("\n\n"), "{name}");
    }
}

/// The rules themselves, as the API gave them, instead of facts read off the page. The copy of the
/// rules lost their tags, so the tags are the page's.
#[test]
fn datadog_pages_come_out_of_the_rules_payloads() {
    let Some(corpora) = corpora("Datadog's rules and pages") else { return };
    let templates = Templates::load(None).unwrap();
    let rules: Vec<Value> = files(&corpora.join("datadog/tf-datadog-siem"), ".json")
        .iter()
        .map(|(_, text)| serde_json::from_str(text).unwrap())
        .collect();
    let mut compared = 0;
    for (name, page) in files(&corpora.join("datadog-pages"), ".md") {
        let read = datadog_reader::read(&page);
        // The cloner put a mark before every name.
        let title = format!("[TBOL] {}", read.payload["name"].as_str().unwrap());
        let Some(rule) = rules.iter().find(|rule| rule["name"] == *title) else { continue };
        let mut rule = rule.clone();
        rule["name"] = read.payload["name"].clone();
        rule["tags"] = read.payload["tags"].clone();
        let made = datadog_page(&templates, &rule, &read.facts).unwrap();
        assert_eq!(made.trim_end(), page.trim_end(), "{name}");
        compared += 1;
    }
    assert!(compared >= 19, "{compared}");
}

/// Every real payload makes a page, whatever it holds, and the page still holds its message.
#[test]
fn every_real_payload_makes_a_page() {
    let Some(corpora) = corpora("payloads without pages") else { return };
    let templates = Templates::load(None).unwrap();
    let folders = ["datadog/tf-datadog-siem", "datadog/default-rules-2026"];
    for (name, text) in folders.iter().flat_map(|folder| files(&corpora.join(folder), ".json")) {
        let rule: Value = serde_json::from_str(&text).unwrap();
        let rule = if rule["data"].is_object() { rule["data"]["attributes"].clone() } else { rule };
        let made = datadog_page(&templates, &rule, &DatadogPage::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(made.contains(rule["message"].as_str().unwrap().trim()), "{name}");
    }
}

#[test]
fn every_elastic_rule_makes_a_page() {
    let Some(corpora) = corpora("Elastic's rules") else { return };
    let templates = Templates::load(None).unwrap();
    let mut pending = vec![corpora.join("elastic")];
    let mut made = 0;
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).unwrap();
                let file: toml::Table = toml::from_str(&text).unwrap();
                let mut rule = json!(file["rule"]);
                rule["version"] = json!(1);
                let page = elastic_page(&templates, &rule, &Default::default())
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let read = read_unnumbered(&page);
                for key in ["name", "tags", "index", "severity", "risk_score", "author", "license"]
                {
                    let own = rule.get(key).cloned().unwrap_or_else(|| json!([]));
                    assert_eq!(read[key], own, "{}: {key}", path.display());
                }
                made += 1;
            }
        }
    }
    assert!(made > 1500, "{made}");
}

/// Reads a page that was made without anchors' numbers, and takes escapes out of it.
fn read_unnumbered(page: &str) -> Value {
    let numbered = ["investigation_guide", "setup", "rule_query"]
        .iter()
        .fold(page.to_owned(), |page, word| {
            page.replace(&format!(" [_{word}]\n"), &format!(" [_{word}_1]\n"))
        });
    let mut payload = elastic_reader::read(&numbered).payload;
    for value in payload.as_object_mut().unwrap().values_mut() {
        *value = match value {
            Value::String(text) => json!(text.replace('\\', "")),
            Value::Array(texts) if texts.iter().all(Value::is_string) => {
                texts.iter().map(|text| text.as_str().unwrap().replace('\\', "")).collect()
            }
            _ => continue,
        };
    }
    payload
}

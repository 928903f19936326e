//! Pages of documentation: the reader is the inverse of the writer.

use crosswalk::import::Foreign;
use crosswalk::site::{DatadogPage, Templates, datadog_page};
use serde_json::{Value, json};

use super::common::cloudtrail::{built, our_rules};
use super::common::{corpus, files};
use super::{import, only, told};

/// The page of what was read from a page.
fn rebuilt(rule: &Foreign) -> String {
    let templates = Templates::load(None).expect("good templates");
    let facts = DatadogPage { id: rule.beside.default_id.clone(), slug: rule.beside.slug.clone() };
    datadog_page(&templates, &Value::Object(rule.body.clone()), &facts).expect("a page")
}

const PAGE: &str = "\
---
aliases:
- abc-def-ghi
- /security_monitoring/default_rules/abc-def-ghi
- /security_monitoring/default_rules/trail-stopped
control: '4.10'
disable_edit: true
framework: cis-aws
integration_id: cloudtrail
kind: documentation
rule_category:
- Cloud SIEM (Log Detection)
source: cloudtrail
title: Trail stopped
type: security_rules
---

## Goal
Tell when a trail stops.
";

#[test]
fn a_page_holds_everything_but_the_query() {
    let rule = only(PAGE);
    let body = json!({
        "name": "Trail stopped", "type": "log_detection",
        "message": "## Goal\nTell when a trail stops.",
        "tags": ["control:4.10", "framework:cis-aws", "source:cloudtrail"],
    });
    assert_eq!(Value::Object(rule.body.clone()), body);
    assert!(rule.beside.without_query);
    assert_eq!(rule.beside.default_id.as_deref(), Some("abc-def-ghi"));
    assert_eq!(rule.beside.slug.as_deref(), Some("trail-stopped"));
    assert!(rule.beside.other.is_empty(), "{:?}", rule.beside.other);
    assert_eq!(rebuilt(&rule).trim_end(), PAGE.trim_end());
}

#[test]
fn a_page_without_an_id_has_one_alias() {
    let page = PAGE
        .replace("- abc-def-ghi\n", "")
        .replace("- /security_monitoring/default_rules/abc-def-ghi\n", "");
    let rule = only(&page);
    assert_eq!(rule.beside.default_id, None);
    assert_eq!(rule.beside.slug.as_deref(), Some("trail-stopped"));
    assert_eq!(rebuilt(&rule).trim_end(), page.trim_end());
}

#[test]
fn faults_of_a_page_have_places() {
    for (from, to, expected) in [
        ("title: Trail stopped\n", "", "import-syntax 2:1 a page of a rule needs a `title`"),
        (
            "disable_edit: true",
            "disable_edit: no",
            "import-field 7:15 `disable_edit` is not what pages of rules have there",
        ),
        (
            "(Log Detection)",
            "(Other)",
            "import-field 12:3 no type of rules is known by these names",
        ),
        ("control: '4.10'", "title: Again", "import-syntax 14:1 the key `title` stands here twice"),
    ] {
        let (_, findings) = import("page.md", &PAGE.replace(from, to));
        assert_eq!(told(&findings), [expected]);
    }
}

#[test]
fn another_integration_is_kept() {
    let rule = only(&PAGE.replace("integration_id: cloudtrail", "integration_id: other"));
    assert_eq!(rule.beside.other["integration_id"], json!("other"));
}

#[test]
fn the_seed_page_is_rebuilt_byte_for_byte() {
    let Some(path) = corpus("../seeds/002_ee03e3e2c2bbb04b.txt", "the seed page") else { return };
    let page = std::fs::read_to_string(path).expect("readable");
    assert_eq!(rebuilt(&only(&page)).trim_end(), page.trim_end());
}

#[test]
fn the_pages_of_the_corpus_are_rebuilt_byte_for_byte() {
    let Some(root) = corpus("datadog-pages", "Datadog's pages") else { return };
    let (mut same, mut differ) = (0, Vec::new());
    for path in files(&root, "md") {
        let page = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if rebuilt(&only(&page)).trim_end() == page.trim_end() {
            same += 1;
        } else {
            differ.push(name);
        }
    }
    println!("{same} pages byte for byte; {differ:?}");
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn our_own_pages_are_rebuilt_byte_for_byte() {
    let built = built(&our_rules());
    let pages = built.artifacts.iter().filter(|artifact| {
        artifact.path.starts_with("docs/datadog/") && artifact.path.ends_with(".md")
    });
    let mut number = 0;
    for page in pages {
        let text = std::str::from_utf8(&page.bytes).expect("UTF-8");
        assert_eq!(rebuilt(&only(text)).trim_end(), text.trim_end(), "{}", page.path);
        number += 1;
    }
    assert!(number > 0);
}

//! Pages of Elastic's rule reference: read, and made again from what was read.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crosswalk::import::Foreign;
use crosswalk::rule::ElasticPage;
use crosswalk::site::{Templates, elastic_page};
use serde_json::{Value, json};

use super::{common, read};

/// The later edition of Elastic's pages has one block more in its front matter; the template of a
/// team that writes it replaces one block.
const LATER: &str = "{% extends \"builtin/elastic.md.jinja\" %}
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

/// The templates of both editions.
static EDITIONS: LazyLock<[Templates; 2]> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("elastic.md.jinja"), LATER).unwrap();
    [None, Some(folder.path())].map(|folder| Templates::load(folder).unwrap())
});

/// The page that a rule read from a page makes.
fn page_of(rule: &Foreign) -> String {
    let is_later = rule.beside.other.contains_key("applies_to");
    let templates = &EDITIONS[usize::from(is_later)];
    elastic_page(templates, &json!(rule.body), &rule.beside.page).unwrap()
}

#[test]
fn a_page_becomes_a_body_and_facts() {
    let text = pages_of_tests().into_iter().find(|(name, _)| name.contains("group_changed"));
    let file = read(&text.unwrap().1);
    assert_eq!(file.at_query(0, 14), Some("event.provider"));
    let rule = file.only();
    let entry = |id: &str, name: &str, path: &str| {
        let reference = format!("https://attack.mitre.org/{path}/");
        json!({"id": id, "name": name, "reference": reference})
    };
    let mut technique = entry("T1686", "Disable or Modify System Firewall", "techniques/T1686");
    technique["subtechnique"] =
        json!([entry("T1686.001", "Cloud Firewall", "techniques/T1686/001")]);
    let expected = json!({
        "name": "AWS EC2 security group changed",
        "description":
            "A security group was created or deleted, or one of its rules was changed.",
        "type": "query",
        "index": ["filebeat-*", "logs-aws.cloudtrail-*", "apm-*-transaction*"],
        "severity": "low",
        "risk_score": 21,
        "interval": "10m",
        "from": "now-30m",
        "max_signals": 100,
        "references": ["https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html"],
        "tags": ["Domain: Cloud", "Data Source: AWS"],
        "version": 1,
        "author": ["Crosswalk contributors"],
        "license": "Apache-2.0",
        "note": "**Triage**\n\n1. **What changed?** Read `event.action`.\n\n**Who did it?**\n\nRead `user.name`.",
        "setup": "CloudTrail events of every region must reach Elasticsearch.",
        "query": "event.provider: \"ec2.amazonaws.com\"\nand event.outcome: \"success\"",
        "threat": [{
            "framework": "MITRE ATT&CK",
            "tactic": entry("TA0112", "Defense Impairment", "tactics/TA0112"),
            "technique": [technique],
        }],
    });
    assert_eq!(Value::Object(rule.body), expected);
    let ElasticPage { package, guide_anchor, setup_anchor, query_anchor } = rule.beside.page;
    assert_eq!(package.as_deref(), Some("9.1.0"));
    assert_eq!((guide_anchor, setup_anchor, query_anchor), (Some(7), None, Some(12)));
    assert!(rule.beside.other.is_empty());
}

/// The pages that the tests of the site expect.
pub(crate) fn pages_of_tests() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let folders = ["security_group", "hostile"].map(|case| folder.join(case).join("expected"));
    let files = folders.iter().flat_map(|folder| common::files(folder, "md"));
    let is_elastic =
        |path: &PathBuf| path.parent().is_some_and(|parent| parent.ends_with("elastic"));
    files.filter(is_elastic).map(|path| (path.display().to_string(), text_of(&path))).collect()
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn our_own_pages_come_out_as_they_are() {
    let pages = pages_of_tests();
    assert_eq!(pages.len(), 3);
    for (name, text) in pages {
        let rule = read(&text).only();
        assert_eq!(page_of(&rule), text, "{name}");
    }
}

/// A page with a guide, for tests of what may stand in one.
fn with_guide(guide: &str, query: Option<&str>) -> String {
    let mut body = json!({
        "name": "Guided", "description": "A rule.", "type": "query", "severity": "low",
        "risk_score": 21, "note": guide,
        "threat": [{"framework": "MITRE ATLAS", "tactic": {
            "id": "AML.TA0001", "name": "Start", "reference": "https://atlas.example/"}}],
    });
    if let Some(query) = query {
        body["query"] = json!(query);
    }
    elastic_page(&EDITIONS[0], &body, &ElasticPage::default()).unwrap()
}

#[test]
fn guides_and_queries_hold_whatever_they_like() {
    for guide in [
        "## Setup [_setup]\n\ntext",
        "```\n## Rule query [_rule_query_1]\n\n```js\nfake\n```",
        "~~~\n## Rule query [_rule_query]\n~~~",
        "* list\n\n  ```js\n  code\n  ```",
        "**Framework**: of our own\n\n* a list",
        "**Rule type**: none\n\n**Tags**: None",
        "",
        "trailing   ",
    ] {
        for query in [Some("a: b"), Some("```\n## Setup [_setup]\n````"), Some(""), None] {
            let page = with_guide(guide, query);
            let file = read(&page);
            // A page of this type without a query is a finding of its own.
            assert_eq!(file.findings.len(), usize::from(query.is_none()), "{:?}", file.lines());
            let rule = &file.rules[0];
            assert_eq!(rule.body.get("query").and_then(Value::as_str), query, "{page}");
            assert_eq!(rule.body["threat"][0]["tactic"]["id"], "AML.TA0001");
            assert_eq!(page_of(rule), page);
        }
    }
}

#[test]
fn what_is_not_of_the_form_is_kept_and_told() {
    let text = with_guide("text", Some("a: b"))
        .replace("**Risk score**: 21", "**Risk score**: high\n\n**Owner**: us")
        .replace("**Tags**: None", "**Tags**: one, two")
        .replace("\n```js", "\nSee below.\n\n```js")
        .replace("# Guided [guided]", "# Guided [another-address]")
        + "The end.\n";
    let file = read(&text);
    assert_eq!(
        file.lines(),
        [
            "16:17 import-field: `Risk score` is expected to be a whole number",
            "18:1 import-field: 3 lines of this page are not of its form: kept as they are",
            "28:11 import-field: `Tags` is expected to be a list",
        ]
    );
    let rule = &file.rules[0];
    assert_eq!(
        (&rule.body["risk_score"], &rule.body["tags"]),
        (&json!("high"), &json!("one, two"))
    );
    let other = json!({
        "mapped_pages": ["https://www.elastic.co/guide/en/security/current/guided.html"],
        "slug": "another-address",
        "unread": ["**Owner**: us", "See below.", "The end."],
    });
    assert_eq!(Value::Object(rule.beside.other.clone()), other);
}

#[test]
fn pages_of_other_generations_are_refused_by_name() {
    let file = read(
        "# A rule\n\nIt detects.\n\n**Rule type**: query<br>\n**Searches indices from**: `now`<br>\n",
    );
    assert!(file.rules.is_empty());
    let expected =
        "1:1 import-syntax: a page of Elastic's rule reference begins with `# name [address]`";
    assert_eq!(file.lines(), [expected]);
}

/// Real pages byte for byte, but for link targets that their migration changed: each is a finding.
#[test]
fn elastics_pages_come_out_as_they_are() {
    let Some(corpus) = common::corpus("elastic-pages/md", "Elastic's pages") else { return };
    let Some(seeds) = common::corpus("../seeds", "the first page of the project") else { return };
    let seeds = common::files(&seeds, "txt").into_iter();
    let seeds = seeds.filter(|path| text_of(path).contains("\n**Rule type**: "));
    let paths: Vec<PathBuf> = common::files(&corpus, "md").into_iter().chain(seeds).collect();
    assert!(paths.len() >= 3);
    for path in paths {
        let text = text_of(&path);
        let file = read(&text);
        let mut expected = text.clone();
        let mut told = 0;
        for (line, url) in text.lines().filter_map(changed_link) {
            expected = expected.replace(line, &format!("* [{url}]({url})"));
            told += 1;
        }
        assert_eq!(file.findings.len(), told, "{:?}", file.lines());
        assert_eq!(page_of(&file.rules[0]), expected, "{}", path.display());
    }
}

/// A reference whose target is not its label.
fn changed_link(line: &str) -> Option<(&str, &str)> {
    let (label, target) = line.strip_prefix("* [")?.strip_suffix(')')?.split_once("](")?;
    (label != target).then_some((line, label))
}

/// A page of every rule of the corpus: reading it gives the fields that it shows, and the same page
/// again.
#[test]
fn pages_of_elastics_rules_are_read_back() {
    let Some(corpus) = common::corpus("elastic", "pages of Elastic's rules") else { return };
    let (mut pages, mut places) = (0, 0);
    for path in common::files(&corpus, "toml") {
        let mut rule = read(&text_of(&path)).only();
        rule.body.insert("version".to_owned(), json!(1));
        let facts = ElasticPage { package: Some("9.1.0".to_owned()), ..ElasticPage::default() };
        let page = elastic_page(&EDITIONS[0], &json!(rule.body), &facts).unwrap();
        let file = read(&page);
        assert!(file.findings.is_empty(), "{}: {:?}", path.display(), file.lines());
        let back = &file.rules[0];
        assert_eq!(page_of(back), page, "{}", path.display());
        let fields = [
            "name",
            "type",
            "index",
            "severity",
            "risk_score",
            "interval",
            "from",
            "max_signals",
            "references",
            "tags",
            "author",
            "license",
        ];
        for field in fields.iter().filter(|field| rule.body.contains_key(**field)) {
            let wanted = &rule.body[*field];
            if wanted.as_array().is_none_or(|list| !list.is_empty()) {
                assert_eq!(back.body.get(*field), Some(wanted), "{}: {field}", path.display());
            }
        }
        assert_eq!(shown(&back.body), shown(&rule.body), "{}", path.display());
        places += usize::from(back.query_start.is_some());
        pages += 1;
    }
    eprintln!("{pages} pages, {places} queries with a place");
    assert!(pages > 1500);
}

/// Query and threats; a page shows neither line ends around a query nor empty lists.
fn shown(body: &serde_json::Map<String, Value>) -> (Option<&str>, Value) {
    let query = body.get("query").and_then(Value::as_str).map(|query| query.trim_matches('\n'));
    let mut threat = body.get("threat").cloned().unwrap_or_else(|| json!([]));
    for threat in threat.as_array_mut().unwrap() {
        let threat = threat.as_object_mut().unwrap();
        threat.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    }
    (query, threat)
}

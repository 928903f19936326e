//! The two vendor pages that Crosswalk started from: the same facts, put into a canonical rule,
//! give pages of the same structure. Every line that is not prose must be the same.

mod common;

use crosswalk::build::build;
use crosswalk::config::{Config, Target};
use crosswalk::rule::attack::{TechniqueStatus, technique};
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::site::Templates;

/// The generated page of a rule.
fn page(rule: &str, platform: &str) -> String {
    let (file, findings) = RuleFile::parse("seed.yml", rule);
    assert!(findings.is_empty(), "{}", crosswalk::diagnostic::render::human(&findings, false));
    let set = RuleSet::of(vec![file]);
    let templates = Templates::load(None).expect("good templates");
    let built = build(&set, &Config::default(), &Target::ALL, &templates);
    let path = format!("docs/{platform}/seed.md");
    let page = built.artifacts.into_iter().find(|artifact| artifact.path == path);
    String::from_utf8(page.expect("built").bytes).expect("UTF-8")
}

fn seed(name: &str) -> Option<String> {
    let path = common::corpus("../seeds", "the seed pages")?.join(name);
    Some(std::fs::read_to_string(path).expect("readable"))
}

/// The kind of line for lines whose words may differ, the line itself for all others.
fn structure(page: &str, is_prose: impl Fn(&str) -> bool) -> Vec<String> {
    let line = |line: &str| {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        let mark = text.split(' ').next().unwrap_or_default();
        let listed = mark == "*" || mark.trim_end_matches('.').parse::<u32>().is_ok();
        match (is_prose(text), listed) {
            // A list item keeps its depth and mark.
            (true, true) => format!("{:indent$}{mark} (prose)", ""),
            (true, false) => "(prose)".to_owned(),
            (false, _) => line.trim_end().to_owned(),
        }
    };
    page.trim_end_matches('\n').lines().map(line).collect()
}

fn assert_same(ours: &[String], theirs: &[String]) {
    for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "line {}", number + 1);
    }
    assert_eq!(ours.len(), theirs.len(), "{:#?}", ours.iter().rev().take(5).collect::<Vec<_>>());
}

/// The seed speaks ATT&CK v18: the same page after the moves that v19 made.
fn migrated(page: &str) -> String {
    let former = technique("T1562.007").map(|technique| technique.status);
    assert_eq!(former, Some(TechniqueStatus::Revoked("T1686.001")));
    page.replace("Defense Evasion", "Defense Impairment")
        .replace("TA0005-defense-evasion", "TA0112-defense-impairment")
        .replace("TA0005", "TA0112")
        .replace("T1562-impair-defenses", "T1686-disable-or-modify-system-firewall")
        .replace("T1562.007", "T1686.001")
        .replace("T1562/007", "T1686/001")
        .replace("T1562", "T1686")
        .replace("Impair Defenses", "Disable or Modify System Firewall")
        .replace("Disable or Modify Cloud Firewall", "Cloud Firewall")
}

#[test]
fn the_elastic_page_has_the_structure_of_the_seed() {
    let Some(seed) = seed("000_91eaf2639b46cda7.txt") else { return };
    // The migration of the original page turned `.html` in the link's target into `.md`.
    let seed = migrated(&seed).replace("ec2-security-groups.md)", "ec2-security-groups.html)");
    let ours = page(include_str!("seed_pages/elastic.yml"), "elastic");
    // The query says the same with our quotes and line breaks; its meaning is compared on events
    // in `agreement.rs`. Here its lines count as one.
    let query = |page: &str| {
        let (before, rest) = page.split_once("```js\n").expect("a query");
        let (_, after) = rest.split_once("\n```").expect("an end");
        format!("{before}```js\n(query)\n```{after}")
    };
    let prose = |line: &str| {
        line.contains("security group") && line.ends_with('.')
            || line.starts_with("Identifies a change")
    };
    assert_same(&structure(&query(&ours), prose), &structure(&query(&seed), prose));
    assert!(ours.ends_with(")\n\n\n\n"), "the page ends with three empty lines");
}

#[test]
fn the_datadog_page_has_the_structure_of_the_seed() {
    let Some(seed) = seed("002_ee03e3e2c2bbb04b.txt") else { return };
    let ours = page(include_str!("seed_pages/datadog.yml"), "datadog");
    // Prose is every sentence; what starts with a mark of Markdown or YAML is not.
    let prose = |line: &str| {
        let words = line
            .trim_start_matches(['*', ' '])
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let link = words.trim_start().starts_with('[');
        let data = line.contains(": ") && !line.contains("the API call");
        !line.is_empty() && !link && !line.starts_with(['#', '-']) && !data && line.contains(' ')
            || line.starts_with("**Note:**")
    };
    assert_same(&structure(&ours, prose), &structure(&migrated(&seed), prose));
}

//! The two rules that started the project, Elastic's and Datadog's "security group changed", and the
//! history of Elastic's: what `prove` shows of them fits into a few lines.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::Folder;

/// Most lines of a terminal that an event may take.
const LINES: usize = 5;

fn page(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seed_pages").join(name)
}

/// The report of a comparison, and the same for people.
fn proven(left: &Path, right: &Path) -> (Json, String) {
    let sides = [left, right].map(|side| side.to_str().expect("a name").to_owned());
    let folder = Folder::empty();
    let (code, text, err) = folder.run(&["prove", &sides[0], &sides[1]]);
    assert_eq!(code, 1, "{text}{err}");
    let (_, json, _) = folder.run(&["prove", "--output-format", "json", &sides[0], &sides[1]]);
    (serde_json::from_str(&json).expect("JSON"), text)
}

/// The three events of a report, each of which people can read where it is printed.
fn events(report: &Json, text: &str) -> Vec<Json> {
    ["only_left", "only_right", "both"]
        .into_iter()
        .map(|key| {
            let event = &report["comparison"][key];
            assert!(event.is_object(), "no `{key}` in {report:#}");
            let written = event.to_string();
            let line = text.lines().find(|line| line.trim() == written);
            let line = line.unwrap_or_else(|| panic!("{event} is not shown in\n{text}"));
            assert!(line.len() <= LINES * 80, "{line}");
            event.clone()
        })
        .collect()
}

#[test]
fn the_two_seeds_overlap_and_an_event_shows_each_part() {
    let (report, text) = proven(&page("elastic.yml"), &page("datadog.yml"));
    assert_eq!(report["comparison"]["relation"], "overlapping");
    let events = events(&report, &text);
    for event in &events {
        assert!(format!("{event:#}").lines().count() <= LINES, "{event:#}");
    }
    let calls: Vec<&str> = events.iter().filter_map(|event| event["eventName"].as_str()).collect();
    // Elastic's page lists calls that Datadog's lacks, asks for the service, and for success.
    assert_eq!(calls.len(), 3, "{events:#?}");
    assert_eq!(events[0]["eventSource"], "ec2.amazonaws.com");
    assert_ne!(events[0], events[1]);
    assert_ne!(events[1], events[2]);
}

fn corpora() -> Option<PathBuf> {
    let root = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if root.is_none() {
        eprintln!("skipped: the vendors' own seed rules (CROSSWALK_CORPORA is not set)");
    }
    root
}

#[test]
fn the_vendors_own_documents_overlap_too() {
    let Some(root) = corpora() else { return };
    let elastic = root.join("elastic-history/security_group_configuration_change.2024-04.toml");
    let datadog = root
        .join("datadog/tf-datadog-siem")
        .join("log_detection--aws-security-group-created-modified-or-deleted--wqw-oju-hiy.json");
    let (report, text) = proven(&elastic, &datadog);
    assert_eq!(report["comparison"]["relation"], "overlapping");
    events(&report, &text);
}

#[test]
fn the_first_form_of_elastics_seed_never_matched_an_event_of_ec2() {
    let Some(root) = corpora() else { return };
    for first in ["2021-05", "2021-09"] {
        let name = format!("elastic-history/security_group_configuration_change.{first}.toml");
        let (report, _) = proven(&root.join(name), &page("elastic.yml"));
        assert_eq!(report["comparison"]["relation"], "disjoint", "{first}");
        assert_eq!(report["comparison"]["only_left"]["eventSource"], "iam.amazonaws.com");
        assert_eq!(report["comparison"]["only_right"]["eventSource"], "ec2.amazonaws.com");
    }
}

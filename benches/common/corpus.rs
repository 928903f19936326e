//! Other people's rules, which are not part of the project: found through `CROSSWALK_CORPORA`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crosswalk::language::sigma::print;
use crosswalk::rule::{Logic, RuleSet};
use crosswalk::source::{discover, write_yaml};
use serde_json::Value as Json;

/// A text with the name of the file that it stands in.
pub type Named = (String, String);

/// The folder of the corpora, or `None` after saying what is skipped.
pub fn folder(skipped: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {skipped} (CROSSWALK_CORPORA is not set)");
    }
    folder
}

/// Every file of Sigma's public rules.
pub fn sigma_files(corpora: &Path) -> Vec<Named> {
    texts(&[corpora.join("sigma")], &["yml"])
}

/// The queries of public rules in one language; none where nobody publishes rules in it.
pub fn queries(language: &str, corpora: &Path, rules: &RuleSet) -> Vec<String> {
    match language {
        "datadog" => datadog(corpora),
        "sigma" => detections(rules),
        "kql" => elastic(corpora, "kuery"),
        other => elastic(corpora, other),
    }
}

/// The queries of Elastic's rules; `language` as those rules call it.
pub fn elastic(corpora: &Path, language: &str) -> Vec<String> {
    let folders = ["rules", "rules_building_block"].map(|top| corpora.join("elastic").join(top));
    let mut queries = Vec::new();
    for (name, text) in texts(&folders, &["toml"]) {
        let document: toml::Table = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = |key: &str| document.get("rule")?.get(key)?.as_str();
        for (query, own) in [("query", "language"), ("threat_query", "threat_language")] {
            if text(own) == Some(language) {
                queries.extend(text(query).map(str::to_owned));
            }
        }
    }
    queries
}

/// The searches of Datadog's rules, each once: many rules share one.
fn datadog(corpora: &Path) -> Vec<String> {
    let folders =
        ["tf-datadog-siem", "default-rules-2026"].map(|name| corpora.join("datadog").join(name));
    let mut queries = BTreeSet::new();
    for (name, text) in texts(&folders, &["json"]) {
        let document = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        collect(&document, &mut queries);
    }
    queries.into_iter().collect()
}

fn collect(value: &Json, queries: &mut BTreeSet<String>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| collect(item, queries)),
        Json::Object(object) => {
            queries.extend(object.get("query").and_then(Json::as_str).map(str::to_owned));
            object.values().for_each(|item| collect(item, queries));
        }
        _ => {}
    }
}

/// What stands below `detection:` in each rule.
fn detections(rules: &RuleSet) -> Vec<String> {
    let detections = rules.rules().filter_map(|rule| match &rule.logic {
        Logic::Detection { detection, .. } => Some(write_yaml(&print::detection(detection))),
        Logic::Correlation(_) | Logic::Native { .. } => None,
    });
    detections.collect()
}

fn texts(folders: &[PathBuf], extensions: &[&str]) -> Vec<Named> {
    let (found, errors) = discover(folders, extensions);
    assert!(errors.is_empty(), "{errors:?}");
    let read = |path: &Path| std::fs::read_to_string(path).expect("a readable corpus file");
    found.into_iter().map(|found| (found.name, read(&found.path))).collect()
}

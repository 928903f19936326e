//! Public rules and events, which are not part of the project.

use std::fs;
use std::path::{Path, PathBuf};

/// The directory of the corpora; `None`, and a word on what is skipped, if there is none.
pub(crate) fn directory(skipped: &str) -> Option<PathBuf> {
    let directory = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if directory.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set: {skipped}");
    }
    directory
}

/// Every ES|QL query of Elastic's rules with the file it stands in.
pub(crate) fn elastic_queries(corpora: &Path) -> Vec<(PathBuf, String)> {
    let mut queries = Vec::new();
    for file in files(&corpora.join("elastic"), "toml") {
        let text = fs::read_to_string(&file).expect("readable rule");
        let document: toml::Table = text.parse().expect("TOML");
        let rule = document["rule"].as_table().expect("a [rule] table");
        if rule.get("language").is_some_and(|language| language.as_str() == Some("esql")) {
            let query = rule["query"].as_str().expect("a string").to_owned();
            queries.push((file, query));
        }
    }
    queries
}

/// The files with an extension below a directory, sorted.
pub(crate) fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|own| own == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

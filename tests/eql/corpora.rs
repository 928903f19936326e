//! Public rules and events, which are not part of the project.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The directory of the corpora; `None`, and a word on what is skipped, if there is none.
pub(crate) fn directory(skipped: &str) -> Option<PathBuf> {
    let directory = std::env::var_os("CROSSWALK_CORPORA").map(PathBuf::from);
    if directory.is_none() {
        eprintln!("skipped: CROSSWALK_CORPORA is not set: {skipped}");
    }
    directory
}

/// The values of a file with one JSON value a line.
pub(crate) fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).expect("readable corpus file");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON value a line")).collect()
}

/// Every EQL query of Elastic's rules with the file it stands in.
pub(crate) fn elastic_queries(corpora: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for top in ["rules", "rules_building_block"] {
        toml_files(&corpora.join("elastic").join(top), &mut files);
    }
    let mut queries = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("readable rule");
        let document: toml::Table = text.parse().expect("TOML");
        let rule = document["rule"].as_table().expect("a [rule] table");
        let is_eql = rule.get("language").is_some_and(|language| language.as_str() == Some("eql"));
        if let (true, Some(query)) = (is_eql, rule.get("query")) {
            queries.push((file.clone(), query.as_str().expect("a string").to_owned()));
        }
    }
    queries
}

fn toml_files(directory: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            toml_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}

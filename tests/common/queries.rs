//! Every public query of a language, with the file that it stands in.

use std::path::Path;

use crosswalk::diagnostic::Findings;
use crosswalk::import::{Foreign, Kind, Platform, bodies};
use crosswalk::rule::{Document, Logic, RuleFile};
use crosswalk::source::{SourceFile, discover};
use serde_json::Value;

/// Queries of the registry's language `name` in the corpora; none if they hold none of it.
pub fn public(corpora: &Path, name: &str) -> Vec<(String, String)> {
    match name {
        "kql" => elastic(corpora, "kuery"),
        "eql" | "esql" | "lucene" => elastic(corpora, name),
        "datadog" => datadog(corpora),
        "sigma" => sigma(corpora),
        _ => Vec::new(),
    }
}

fn rules(folder: &Path, extension: &str, kind: Kind) -> Vec<(String, Foreign)> {
    let (files, errors) = discover(&[folder.to_owned()], &[extension]);
    assert!(errors.is_empty(), "{errors:?}");
    let mut rules = Vec::new();
    for file in files {
        let source = SourceFile::read(&file.path, &file.name).expect("readable");
        let mut findings = Findings::new(&source);
        let read = bodies(&source, kind, &mut findings).unwrap_or_default();
        rules.extend(read.into_iter().map(|rule| (file.name.clone(), rule)));
    }
    rules
}

fn elastic(corpora: &Path, language: &str) -> Vec<(String, String)> {
    let mut queries = Vec::new();
    for (file, rule) in rules(&corpora.join("elastic"), "toml", Kind::ElasticToml) {
        assert_eq!(rule.platform, Platform::Elastic);
        for (query, own) in [("query", "language"), ("threat_query", "threat_language")] {
            if rule.body.get(own).and_then(Value::as_str) == Some(language)
                && let Some(text) = rule.body.get(query).and_then(Value::as_str)
            {
                queries.push((file.clone(), text.to_owned()));
            }
        }
    }
    queries
}

/// Rules over logs; workload rules are written in another language.
fn datadog(corpora: &Path) -> Vec<(String, String)> {
    let mut queries = Vec::new();
    for (file, rule) in rules(&corpora.join("datadog"), "json", Kind::Datadog) {
        if rule.body.get("type").and_then(Value::as_str) != Some("log_detection") {
            continue;
        }
        for query in rule.body.get("queries").and_then(Value::as_array).into_iter().flatten() {
            if let Some(text) = query["query"].as_str() {
                queries.push((file.clone(), text.to_owned()));
            }
        }
    }
    queries
}

/// The `detection:` of every rule that reads without an error.
fn sigma(corpora: &Path) -> Vec<(String, String)> {
    let (files, errors) = discover(&[corpora.join("sigma")], &["yml"]);
    assert!(errors.is_empty(), "{errors:?}");
    let mut queries = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file.path).expect("readable");
        let (rules, _) = RuleFile::parse(&file.name, &text);
        for document in rules.documents {
            let Document::Rule(rule) = document else { continue };
            let Logic::Detection { detection, .. } = &rule.logic else { continue };
            if crosswalk::language::sigma::lower(detection).is_ok() {
                use crosswalk::language::registry::Language;
                queries
                    .push((file.name.clone(), crosswalk::language::sigma::Sigma::print(detection)));
            }
        }
    }
    queries
}

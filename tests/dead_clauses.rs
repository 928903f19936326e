//! Clauses of shipped Elastic rules that can never hold, found by the checks on the imported rules.

mod common;

use std::collections::BTreeMap;

use common::{corpus, files};
use crosswalk::check::check_imported;
use crosswalk::import::import;
use crosswalk::rule::RuleSet;
use crosswalk::source::SourceFile;

#[test]
fn dead_clauses_of_shipped_rules_are_found_and_nothing_else() {
    let Some(root) = corpus("elastic", "dead clauses of Elastic's rules") else { return };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in files(&root, "toml") {
        let text = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        for rule in import(&SourceFile::new(name.as_str(), text), None).rules {
            let source = SourceFile::new(name.as_str(), rule.text);
            let set = RuleSet::parse(&[source.clone()]).0;
            for finding in check_imported(&set) {
                let span = finding.place.as_ref().expect("a place").span;
                let value = source.text().get(span.start..span.end).unwrap_or_default();
                let said = if value.is_empty() { &finding.message } else { value };
                found.entry(name.clone()).or_default().push(format!("{}: {said}", finding.code));
            }
        }
    }
    for (name, values) in &found {
        println!("{name}\n  {}", values.join("\n  "));
    }
}

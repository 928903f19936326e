//! Sigma rules: what is written as Sigma is imported as it was.

use crosswalk::config::ElasticDefaults;
use crosswalk::import::{Kind, import};
use crosswalk::rule::{RuleFile, RuleSet};
use crosswalk::source::SourceFile;
use crosswalk::target::{Request, Unknown, sigma};
use rayon::prelude::*;

use super::common::{corpus, files};

/// The rule's file as the target writes it.
fn written(text: &str) -> String {
    let set = RuleSet::of(vec![RuleFile::parse("rule.yml", text).0]);
    let rule = set.rules().last().expect("a rule");
    let defaults = ElasticDefaults::default();
    let request =
        Request { rule, set: &set, name: "rule", elastic: &defaults, unknown: Unknown::Refuse };
    let output = sigma::emit(&request).output.expect("Sigma says every rule of Sigma");
    String::from_utf8(output.artifacts[0].bytes.clone()).expect("UTF-8")
}

/// The one rule of a text; `None` if it has errors.
fn imported(name: &str, text: &str) -> Option<String> {
    let imported = import(&SourceFile::new(name, text), None);
    assert_eq!(imported.kind, Some(Kind::Sigma), "{name}");
    imported.rules.into_iter().next().map(|rule| rule.text)
}

/// Lines without comments and quotes: the target writes values, not their spelling.
fn plain(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let lines = lines.map(|line| line.split(" #").next().unwrap_or_default());
    // How a block of text ends is spelling, too.
    let words = lines.flat_map(str::split_whitespace).filter(|word| !["|", "|-"].contains(word));
    words.map(|word| word.replace(['"', '\''], "")).collect()
}

#[test]
fn rules_of_sigma_are_imported_as_they_are() {
    let Some(root) = corpus("sigma", "rules of SigmaHQ") else { return };
    let files = files(&root, "yml");
    let results: Vec<Result<bool, String>> = files
        .par_iter()
        .map(|path| {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path).expect("readable");
            let Some(first) = imported(&name, &text) else { return Ok(false) };
            assert_eq!(imported(&name, &first).as_ref(), Some(&first), "{name}");
            let second = imported(&name, &written(&first)).expect("what was written reads");
            // What was built once is built and imported again letter by letter.
            assert_eq!(imported(&name, &written(&second)).as_ref(), Some(&second), "{name}");
            match plain(&first) == plain(&second) {
                true => Ok(true),
                false => Err(format!("{name}\n{first}\n{second}")),
            }
        })
        .collect();
    let same = results.iter().filter(|result| **result == Ok(true)).count();
    let refused = results.iter().filter(|result| **result == Ok(false)).count();
    let other: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    println!(
        "{same} of {} the same, {refused} with errors, {} otherwise",
        files.len(),
        other.len()
    );
    for one in other.iter().take(3) {
        println!("{one}");
    }
    assert!(same + other.len() > 2800, "only {same}");
}

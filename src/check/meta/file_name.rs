//! A file whose name is not in snake case.

use crate::check::{Check, Run};
use crate::diagnostic::{Finding, code};
use crate::rule::{Document, RuleSet};
use crate::source::Place;

code! {
    /// the name of a file is not in snake case
    ///
    /// SigmaHQ names files `proc_creation_win_reg_add.yml`, and artifacts and pages get their names from
    /// them. Capitals, blanks and other signs break on some file systems, in URLs and in scripts.
    ///
    /// Bad:
    /// ```yaml
    /// # Root-User signed in.yml
    /// title: Root user signed in
    /// ```
    /// Good:
    /// ```yaml
    /// # root_user_signed_in.yml
    /// title: Root user signed in
    /// ```
    FILE_NAME = "file-name", Note;
}

pub(super) const CHECK: Check = Check { code: &FILE_NAME, run: Run::Set(run) };

fn run(set: &RuleSet, findings: &mut Vec<Finding>) {
    for file in set.files() {
        let Some(Document::Rule(rule)) = file.documents.first() else { continue };
        let name = file.source.name().rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if stem.chars().all(is_snake) {
            continue;
        }
        let message = format!("the file name `{name}` is not in snake case");
        let place = Place::new(&file.source, rule.header.title_span);
        let mut finding = Finding::new(&FILE_NAME, place, message);
        finding.help(format!("call it `{}.yml`", snake(stem.trim_end_matches(".yml"))));
        findings.push(finding);
    }
}

/// Words of lower-case letters and digits, joined by `_`.
fn snake(stem: &str) -> String {
    let lower = stem.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

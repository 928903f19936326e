//! `crosswalk check`: everything that is wrong with rules.

use std::path::PathBuf;

use super::output::{in_words, outcome, plural, print, read_rules};
use super::{Context, Failure, Outcome};
use crate::diagnostic::Counts;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Files and folders; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (set, findings) = read_rules(context, &self.paths)?;
        print(context, &set, &findings)?;
        let counts = Counts::of(&findings);
        let rules = set.rules().count();
        let verdict = match in_words(counts) {
            words if words.is_empty() => "nothing to report".to_owned(),
            words => words,
        };
        anstream::eprintln!(
            "checked {} in {}: {verdict}",
            plural(rules, "rule"),
            plural(set.files().len(), "file"),
        );
        Ok(outcome(counts, context.strict))
    }
}

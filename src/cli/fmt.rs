//! `crosswalk fmt`: one way of writing rules.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use super::output::{EXTENSIONS, outcome, plural, talk, write};
use super::{Context, Failure, Outcome};
use crate::diagnostic::{Counts, Finding};
use crate::format::{diff, format, is_formatted};
use crate::rule::{RuleSet, unreadable};
use crate::source::{Found, SourceFile, discover, replace_file};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Fmt {
    /// Files and folders; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
    /// Write nothing; name the files that would change and fail if there are any.
    #[arg(long)]
    check: bool,
    /// Write nothing; print the changes and fail if there are any.
    #[arg(long)]
    diff: bool,
}

/// A file with its formatted text.
struct Formatted {
    found: Found,
    source: Arc<SourceFile>,
    text: String,
}

impl Fmt {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (found, errors) = discover(&context.paths(&self.paths), EXTENSIONS);
        if !errors.is_empty() {
            return Err(Failure(format!("error: {}", errors.join("\nerror: "))));
        }
        let files: Vec<_> = found.into_par_iter().map(read).collect();
        let (mut changed, mut unchanged, mut left) = (0, 0, 0);
        let mut findings: Vec<Finding> = Vec::new();
        for file in files {
            match file {
                Err(reasons) => {
                    left += 1;
                    findings.extend(reasons);
                }
                Ok(file) if is_formatted(&file.source, &file.text) => unchanged += 1,
                Ok(file) => {
                    changed += 1;
                    self.change(&file)?;
                }
            }
        }
        talk(context, &RuleSet::default(), &findings)?;
        anstream::eprintln!("{}", self.summary(changed, unchanged, left));
        match outcome(Counts::of(&findings), context.strict) {
            Outcome::Fine if changed > 0 && self.writes_nothing() => Ok(Outcome::Findings),
            outcome => Ok(outcome),
        }
    }

    fn writes_nothing(&self) -> bool {
        self.check || self.diff
    }

    /// Writes a file, or shows what would be written.
    fn change(&self, file: &Formatted) -> Result<(), Failure> {
        if self.diff {
            write(&diff(&file.source, &file.text))?;
        } else if self.check {
            write(&format!("{}\n", file.found.name))?;
        } else {
            replace_file(&file.found.path, file.text.as_bytes()).map_err(|error| {
                Failure(format!("error: cannot write `{}`: {error}", file.found.name))
            })?;
        }
        Ok(())
    }

    fn summary(&self, changed: usize, unchanged: usize, left: usize) -> String {
        let done = if self.writes_nothing() { "would change" } else { "formatted" };
        let mut parts = vec![format!("{done} {}", plural(changed, "file"))];
        for (count, words) in [(unchanged, "already formatted"), (left, "left as they are")] {
            if count > 0 {
                parts.push(format!("{count} {words}"));
            }
        }
        parts.join(", ")
    }
}

fn read(found: Found) -> Result<Formatted, Vec<Finding>> {
    let source =
        SourceFile::read(&found.path, &found.name).map_err(|error| vec![unreadable(&error)])?;
    let text = format(&source)?;
    Ok(Formatted { found, source, text })
}

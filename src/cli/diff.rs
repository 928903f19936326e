//! `crosswalk diff`: what a change does to detection.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::json;

use super::import::DOCUMENTS;
use super::output::{Format, for_people, plain, plural, write};
use super::{Context, Failure, Outcome};
use crate::change::{
    Detection, RuleChange, changes, changes_of_file, markdown, read_revision, text,
};
use crate::diagnostic::{Finding, Severity};
use crate::import::{Versions, versions};
use crate::proof::Limits;
use crate::rule::{RuleSet, load};
use crate::source::{SourceFile, closed, discover};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A version is a file, a folder, or a Git revision such as `main`, of which \
    the rules of crosswalk.toml are read; the rules may be of any kind that `import` reads. Exit code 0 if no rule detects anything else, 1 if one does."
)]
pub(super) struct Diff {
    /// The version before.
    old: String,
    /// The version after; the rules of crosswalk.toml as they are now if this is left out.
    new: Option<String>,
    /// Text for a terminal, or Markdown for a comment.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// How changes are shown.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Form {
    /// Lines for a terminal.
    #[default]
    Text,
    /// Markdown, for a comment of a pull request.
    Md,
    /// One JSON document.
    Json,
}

impl Diff {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (old, unreadable_old) = version(context, &self.old)?;
        let (new, unreadable_new) = match &self.new {
            Some(new) => version(context, new)?,
            None => on_disk(&context.paths(&[]))?,
        };
        let Versions { old, new, unchanged } = versions(&old, &new);
        let old = checked(old, unreadable_old)?;
        let new = checked(new, unreadable_new)?;
        let is_file = |name: &String| Path::new(name).is_file();
        let compare = match is_file(&self.old) && self.new.as_ref().is_some_and(is_file) {
            true => changes_of_file,
            false => changes,
        };
        let found = compare(&old, &new, &Limits::default());
        match (self.format, context.format) {
            (Form::Json, _) | (_, Format::Json) => {
                write(&format!("{:#}\n", json!({"changes": found})))?;
            }
            (Form::Md, _) => write(&plain(&markdown(&found)))?,
            (Form::Text, _) => write(&plain(&text(&found)))?,
        }
        let alerting = new.rules().filter(|rule| new.raises_alerts(rule)).count();
        anstream::eprintln!("{}", summary(&found, alerting + unchanged));
        Ok(if found.iter().any(RuleChange::is_other) { Outcome::Findings } else { Outcome::Fine })
    }
}

/// Documents, and what cannot be read of them.
type Version = (Vec<Arc<SourceFile>>, Vec<Finding>);

/// The documents of a file or folder, or of a Git revision.
fn version(context: &Context, name: &str) -> Result<Version, Failure> {
    if Path::new(name).exists() {
        return on_disk(&[PathBuf::from(name)]);
    }
    let sources = read_revision(name, &context.paths(&[]), DOCUMENTS)
        .map_err(|error| Failure(format!("error: {error}")))?;
    Ok((sources, Vec::new()))
}

fn on_disk(paths: &[PathBuf]) -> Result<Version, Failure> {
    let (found, mut errors) = discover(paths, DOCUMENTS);
    errors.extend(closed(&found));
    if !errors.is_empty() {
        return Err(Failure(format!("error: {}", errors.join("\nerror: "))));
    }
    Ok(load(&found))
}

/// A rule that cannot be read would look like one that is gone.
fn checked(
    (set, findings): (RuleSet, Vec<Finding>),
    unreadable: Vec<Finding>,
) -> Result<RuleSet, Failure> {
    let all = unreadable.into_iter().chain(findings);
    let errors: Vec<Finding> = all.filter(|one| one.severity == Severity::Error).collect();
    if errors.is_empty() { Ok(set) } else { Err(Failure(for_people(&errors))) }
}

fn summary(changes: &[RuleChange], all: usize) -> String {
    let count = |wanted: fn(&Detection) -> bool| {
        changes.iter().filter(|change| wanted(&change.detection)).count()
    };
    let (added, removed) = (
        count(|detection| matches!(detection, Detection::Added)),
        count(|detection| matches!(detection, Detection::Removed)),
    );
    let other = changes.iter().filter(|change| change.is_other()).count();
    format!(
        "{}: {added} new, {removed} gone, {} with other detection, {} with other metadata only",
        plural(all, "rule"),
        other - added - removed,
        changes.len() - other,
    )
}

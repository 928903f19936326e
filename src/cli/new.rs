//! `crosswalk new`: a rule from a template, with an id of its own. What is not said on the command
//! line is asked for where somebody can answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::ask::{Ask, ask};
use super::create::{create, fill, scalar};
use super::log_source::Source;
use super::{Failure, Outcome};
use crate::diagnostic::any_of;
use crate::rule::{Document, Level, RuleFile, RuleSet};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The file to write, such as rules/aws/iam/access_key_created.yml.
    path: PathBuf,
    /// The title; made from the name of the file if nobody can be asked.
    #[arg(long)]
    title: Option<String>,
    /// Where the events come from: aws/cloudtrail, or product=windows,category=process_creation.
    #[arg(long)]
    logsource: Option<Source>,
    /// How urgent a match is: informational, low, medium, high or critical.
    #[arg(long)]
    level: Option<Urgency>,
    /// Who writes the rule.
    #[arg(long)]
    author: Option<String>,
}

/// A level as the command line takes it.
#[derive(Clone, Copy, Debug)]
struct Urgency(Level);

impl FromStr for Urgency {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let level = Level::from_word(word).map(Self);
        level.ok_or_else(|| {
            format!("`{word}` is no level; there are {}", any_of(Level::WORDS.iter().copied()))
        })
    }
}

impl New {
    pub(super) fn run(&self) -> Result<Outcome, Failure> {
        let path = file(&self.path)?;
        // Before anything is asked; `create` looks again.
        if path.symlink_metadata().is_ok() {
            return Err(there(&path));
        }
        let (text, source) = self.text(&path)?;
        verify(&path, &text)?;
        if !create(&path, &text)? {
            return Err(there(&path));
        }
        let word = super::output::shell_word(&path);
        anstream::eprintln!(
            "made {}\n\nnext: edit it, then crosswalk check {word}",
            path.display()
        );
        if let Some(note) = source.unlisted() {
            anstream::eprintln!("\n{note}");
        }
        Ok(Outcome::Fine)
    }

    /// The text of the rule, and where its events come from.
    fn text(&self, path: &Path) -> Result<(String, Source), Failure> {
        let parsed = |text: &str| Ok::<_, String>(text.to_owned());
        let title = Ask { what: "title", flag: "--title", default: Some(title_of(path)) };
        let title = ask(self.title.clone(), &title, parsed)?;
        let question = Ask { what: "log source", flag: "--logsource", default: None };
        let source = ask(self.logsource.clone(), &question, Source::from_str)?;
        let level = Ask { what: "level", flag: "--level", default: Some("medium".to_owned()) };
        let level = ask(self.level, &level, Urgency::from_str)?;
        let template = if source.is_cloudtrail() {
            include_str!("../../templates/new/cloudtrail.yml")
        } else {
            include_str!("../../templates/new/any.yml")
        };
        let id = uuid::Uuid::new_v4().to_string();
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let values = BTreeMap::from([
            ("TITLE", scalar(&title)),
            ("ID", id),
            ("AUTHOR", scalar(self.author.as_deref().unwrap_or_default())),
            ("DATE", date),
            ("LOGSOURCE", source.yaml()),
            ("LEVEL", level.0.word().to_owned()),
        ]);
        let values = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // Without an author the key goes: an empty one would say that there is none.
        let kept = template
            .split_inclusive('\n')
            .filter(|line| self.author.is_some() || !line.contains("@AUTHOR@"));
        Ok((fill(&kept.collect::<String>(), &values), source))
    }
}

fn there(path: &Path) -> Failure {
    Failure(format!("error: `{}` is there already; nothing was written", path.display()))
}

/// The file to write: a rule ends in `.yml` or `.yaml`.
fn file(path: &Path) -> Result<PathBuf, Failure> {
    let wrong = |why: &str| Err(Failure(format!("error: `{}` {why}", path.display())));
    if path.file_stem().is_none() || path.is_dir() || path.to_string_lossy().ends_with('/') {
        return wrong("is a folder; name the file of the rule");
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yml" | "yaml") => Ok(path.to_owned()),
        None => Ok(path.with_extension("yml")),
        Some(_) => wrong("is no rule file: it should end in `.yml`"),
    }
}

/// `access_key_created.yml` is about "Access key created".
fn title_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let words = stem.replace(['_', '-'], " ");
    let mut chars = words.trim().chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Reads the rule as `check` will: a title can be too long, and no template should be broken.
fn verify(path: &Path, text: &str) -> Result<(), Failure> {
    let (file, mut findings) = RuleFile::parse(&path.to_string_lossy(), text);
    let read = file.documents.iter().any(|document| matches!(document, Document::Rule(_)));
    findings.extend(crate::check::check(&RuleSet::of(vec![file])));
    findings.retain(|finding| finding.severity != crate::diagnostic::Severity::Note);
    if read && findings.is_empty() {
        return Ok(());
    }
    let words = super::output::for_people(&findings);
    Err(Failure(format!("{words}error: nothing was written: the rule would have findings")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_made_from_the_name_of_the_file() {
        assert_eq!(title_of(Path::new("rules/access_key-created.yml")), "Access key created");
    }
}

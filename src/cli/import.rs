//! `crosswalk import`: rules of other platforms as canonical rules.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use rayon::prelude::*;

use super::create::create;
use super::output::{outcome, plural, talk, write};
use super::{Context, Failure, Outcome};
use crate::check::check_imported;
use crate::convert::STANDARD_INPUT;
use crate::diagnostic::{Counts, Finding};
use crate::import::{Canonical, Expressed, Imported, Kind, import};
use crate::rule::{RuleSet, unreadable};
use crate::source::{Found, SourceFile, discover};

/// The extensions of documents that rules come in.
pub(super) const DOCUMENTS: &[&str] =
    &["json", "ndjson", "toml", "tf", "md", "txt", "yml", "yaml", "asciidoc", "adoc"];

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Files and folders; `-` is standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// What the documents are, where their content does not tell.
    #[arg(long, value_name = "KIND")]
    from: Option<Kind>,
    /// Write one file a rule into this folder instead of printing the rules.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

impl ValueEnum for Kind {
    fn value_variants<'a>() -> &'a [Self] {
        Kind::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl Import {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (sources, mut findings) = sources(&self.paths, DOCUMENTS)?;
        let imported: Vec<Imported> =
            sources.par_iter().map(|source| import(source, self.from)).collect();
        findings.extend(imported.iter().flat_map(|one| one.findings.iter().cloned()));
        let rules: Vec<&Canonical> = imported.iter().flat_map(|one| &one.rules).collect();
        findings.extend(dead(&rules));
        match &self.output {
            Some(folder) => store(folder, &rules)?,
            None => {
                let texts: Vec<&str> = rules.iter().map(|rule| rule.text.as_str()).collect();
                write(&texts.join("---\n"))?;
            }
        }
        talk(context, &RuleSet::default(), &findings)?;
        anstream::eprintln!("{}", summary(&rules));
        Ok(outcome(Counts::of(&findings), context.strict))
    }
}

/// The documents of a run, below folders those with one of the extensions, with findings for those
/// that are no text. `-` is standard input.
pub(super) fn sources(
    paths: &[PathBuf],
    extensions: &[&str],
) -> Result<(Vec<Arc<SourceFile>>, Vec<Finding>), Failure> {
    let (stdin, files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| path == Path::new("-"));
    let (found, errors) = discover(&files, extensions);
    if !errors.is_empty() {
        return Err(Failure(format!("error: {}", errors.join("\nerror: "))));
    }
    let read = |found: &Found| SourceFile::read(&found.path, &found.name);
    let mut all: Vec<_> = found.par_iter().map(read).collect();
    if !stdin.is_empty() {
        let mut bytes = Vec::new();
        // One byte more than a file may have is enough to refuse it.
        let most = crate::source::MAX_FILE_BYTES as u64 + 1;
        let input = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
        input.map_err(|error| Failure(format!("error: cannot read standard input: {error}")))?;
        all.push(SourceFile::from_bytes(STANDARD_INPUT, bytes));
    }
    let (mut sources, mut findings) = (Vec::new(), Vec::new());
    for result in all {
        match result {
            Ok(source) => sources.push(source),
            Err(error) => findings.push(unreadable(&error)),
        }
    }
    Ok((sources, findings))
}

/// What can never match in the rules, at its place in what they became.
fn dead(rules: &[&Canonical]) -> Vec<Finding> {
    let source = |rule: &&Canonical| {
        SourceFile::new(format!("{}.yml", rule.file_stem()), rule.text.as_str())
    };
    let sources: Vec<_> = rules.iter().map(source).collect();
    check_imported(&RuleSet::parse(&sources).0)
}

/// Writes each rule into a file named after its title; never over a file that is there.
fn store(folder: &Path, rules: &[&Canonical]) -> Result<(), Failure> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    for rule in rules {
        let stem = rule.file_stem();
        loop {
            let nth = taken.entry(stem.clone()).or_default();
            *nth += 1;
            let name = if *nth == 1 { format!("{stem}.yml") } else { format!("{stem}_{nth}.yml") };
            let path = folder.join(name);
            if *nth == 1 || !path.exists() {
                if !create(&path, &rule.text)? {
                    let path = path.display();
                    return Err(Failure(format!(
                        "error: `{path}` is there already\nhelp: choose an empty folder"
                    )));
                }
                break;
            }
        }
    }
    Ok(())
}

/// `12 rules: 10 as detections, 1 in the platform's language, 1 without a query`.
fn summary(rules: &[&Canonical]) -> String {
    let count = |is: fn(&Expressed) -> bool| rules.iter().filter(|r| is(&r.expressed)).count();
    let kinds = [
        (count(|e| *e == Expressed::Detection), "as detections"),
        (count(|e| matches!(e, Expressed::Native(_))), "in the platform's language"),
        (count(|e| *e == Expressed::Envelope), "without a query"),
    ];
    let parts = kinds.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, words)| format!("{count} {words}")).collect();
    let all = format!("imported {}", plural(rules.len(), "rule"));
    if parts.is_empty() { all } else { format!("{all}: {}", parts.join(", ")) }
}

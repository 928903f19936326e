//! Findings on their way out.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::ValueEnum;

use super::{Context, Failure, Outcome};
use crate::check::{Choice, Report};
use crate::diagnostic::{Counts, Finding, Severity, render};
use crate::rule::{RuleSet, load};
use crate::source::{Found, closed, discover};

/// The extensions of rule files.
pub(super) const EXTENSIONS: &[&str] = &["yml", "yaml"];

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: the line, a caret, what to do.
    #[default]
    Human,
    /// One line a finding.
    Concise,
    /// One JSON array.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// A JUnit report: one test case a file.
    Junit,
}

/// Findings in colour if standard error is a terminal that wants it.
pub(super) fn for_people(findings: &[Finding]) -> String {
    let choice = anstream::AutoStream::choice(&std::io::stderr());
    render::human(findings, choice != anstream::ColorChoice::Never)
}

/// Prints findings about the rules of a run as data.
pub(super) fn print(context: &Context, set: &RuleSet, findings: &[Finding]) -> Result<(), Failure> {
    let text = match context.format {
        Format::Human => {
            let stdout = anstream::stdout();
            let colour = stdout.current_choice() != anstream::ColorChoice::Never;
            return put(stdout, &render::human(findings, colour));
        }
        Format::Concise => render::concise(findings),
        Format::Json => format!("{:#}\n", render::json(findings)),
        Format::Github => render::github(findings),
        Format::Gitlab => format!("{:#}\n", render::gitlab(findings)),
        Format::Sarif => format!("{:#}\n", render::sarif(findings)),
        Format::Junit => {
            let files: Vec<&str> = set.files().iter().map(|file| file.source.name()).collect();
            render::junit(&files, findings, context.strict)
                .map_err(|error| Failure(format!("error: {error}")))?
        }
    };
    write(&text)
}

/// Findings of a verb whose data is something else are talk. Formats for programs stay data. Notes
/// about a rule belong to `check`.
pub(super) fn talk(context: &Context, set: &RuleSet, findings: &[Finding]) -> Result<(), Failure> {
    let shown: Vec<Finding> =
        findings.iter().filter(|finding| finding.severity != Severity::Note).cloned().collect();
    match context.format {
        Format::Human => {
            anstream::eprint!("{}", for_people(&shown));
            Ok(())
        }
        _ => print(context, set, &shown),
    }
}

/// Text of rules for people: what would steer a terminal or break a line of Markdown is taken out.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Writes data to standard output as it is.
pub(super) fn write(text: &str) -> Result<(), Failure> {
    put(std::io::stdout().lock(), text)
}

/// A reader that has seen enough (`| head`) is no failure.
fn put(mut stream: impl Write, text: &str) -> Result<(), Failure> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure(format!("error: cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Whether findings fail the run.
pub(super) fn outcome(counts: Counts, strict: bool) -> Outcome {
    let failed = counts.errors > 0 || (strict && counts.warnings > 0);
    if failed { Outcome::Findings } else { Outcome::Fine }
}

/// `3 errors, 1 warning`; empty if there is nothing to count.
pub(super) fn in_words(counts: Counts) -> String {
    let Counts { errors, warnings, notes } = counts;
    let word = |count, word: &str| (count > 0).then(|| plural(count, word));
    let words = [word(errors, "error"), word(warnings, "warning"), word(notes, "note")];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `1 rule`, `2 rules`.
pub(super) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A path as a word of a shell, for commands that people are told to run.
pub(super) fn shell_word(path: &std::path::Path) -> String {
    let path = path.to_string_lossy();
    if path.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c)) {
        path.into_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// The rule files of a run: those that are named, or those of the configuration.
pub(super) fn find_rules(context: &Context, named: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let paths = context.paths(named);
    let (found, mut errors) = discover(&paths, EXTENSIONS);
    // Who may not read a rule has a mistake in the run, and not in the rule.
    errors.extend(closed(&found));
    if !errors.is_empty() {
        return Err(Failure(format!("error: {}", errors.join("\nerror: "))));
    }
    if found.is_empty() {
        let places: Vec<String> =
            paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let places = if places.is_empty() { "nothing".to_owned() } else { places.join(", ") };
        return Err(Failure(format!("error: there is no rule file (.yml, .yaml) in {places}")));
    }
    Ok(found)
}

/// Everything that reader and checks say about the rules of a run.
pub(super) fn report(
    context: &Context,
    named: &[PathBuf],
    choice: &Choice,
) -> Result<Report, Failure> {
    let (sources, unreadable) = load(&find_rules(context, named)?);
    let mut report = Report::of(&sources, choice);
    report.findings.splice(..0, unreadable);
    Ok(report)
}

/// The rules of a run with what the configuration wants to see of their findings, sorted by place.
pub(super) fn read_rules(
    context: &Context,
    named: &[PathBuf],
) -> Result<(RuleSet, Vec<Finding>), Failure> {
    let config = &context.config.check;
    let choice = Choice::new(&config.select, &config.ignore)
        .map_err(|error| Failure(format!("error: {error}")))?;
    let Report { set, findings, .. } = report(context, named, &choice)?;
    Ok((set, findings))
}

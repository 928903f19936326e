//! `crosswalk build`: every artifact of every rule.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::output::{Format, outcome, plural, read_rules, talk, write};
use super::{Context, Failure, Outcome};
use crate::build::{Built, Difference, FolderError, build, compare, replace};
use crate::config::Target;
use crate::diagnostic::{Counts, Finding};
use crate::rule::{Accept, RuleSet};
use crate::target::codes;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Build {
    /// Files and folders; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
    /// What to make: elastic, datadog, sigma, docs. The folder will hold exactly this.
    #[arg(short, long, value_delimiter = ',', env = "CROSSWALK_TARGETS", value_name = "TARGETS")]
    targets: Vec<Target>,
    /// The folder to write; it is replaced as a whole.
    #[arg(short, long, env = "CROSSWALK_OUTPUT", value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Write nothing; fail if the folder is not what a build would make.
    #[arg(long)]
    check: bool,
}

impl Build {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (set, mut findings) = read_rules(context, &self.paths)?;
        let targets = self.targets(context)?;
        let output = self.output.clone();
        let output = output.unwrap_or_else(|| context.config.resolve(&context.config.output));
        self.refuse_inside_rules(context, &output)?;
        // A rule that could not be read rightly would come out as something else.
        if Counts::of(&findings).errors > 0 {
            return refuse(context, &set, &findings, "the rules have errors");
        }
        let built = build(&set, &context.config, &targets, &context.templates()?);
        findings.extend(built.findings.iter().cloned());
        if matches!(outcome(Counts::of(&findings), context.strict), Outcome::Findings) {
            return refuse(context, &set, &findings, "see above");
        }
        let folder = output.display().to_string();
        let failure = |error: FolderError| Failure(format!("error: {error}"));
        if self.check {
            let differences = compare(&output, &built.artifacts).map_err(failure)?;
            return up_to_date(context, &set, &folder, &findings, &differences);
        }
        talk(context, &set, &findings)?;
        replace(&output, &built.artifacts).map_err(failure)?;
        anstream::eprint!("{}", summary(&built, &targets, &folder));
        Ok(Outcome::Fine)
    }

    /// What a build writes would be read as rules by the next one.
    fn refuse_inside_rules(&self, context: &Context, output: &Path) -> Result<(), Failure> {
        let place = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let inside = |rules: &PathBuf| place(output).starts_with(place(rules));
        match context.paths(&self.paths).iter().find(|rules| rules.is_dir() && inside(rules)) {
            Some(rules) => Err(Failure(format!(
                "error: the output folder `{}` lies among the rules in `{}`; choose another with --output",
                output.display(),
                rules.display()
            ))),
            None => Ok(()),
        }
    }

    fn targets(&self, context: &Context) -> Result<Vec<Target>, Failure> {
        let mut targets = if self.targets.is_empty() {
            context.config.targets.clone()
        } else {
            self.targets.clone()
        };
        targets.sort();
        targets.dedup();
        if targets.is_empty() {
            return Err(Failure(
                "error: no target is chosen; see `targets` in crosswalk.toml".to_owned(),
            ));
        }
        Ok(targets)
    }
}

fn refuse(
    context: &Context,
    set: &RuleSet,
    findings: &[Finding],
    why: &str,
) -> Result<Outcome, Failure> {
    talk(context, set, findings)?;
    let counts = super::output::in_words(Counts::of(findings));
    anstream::eprintln!("nothing was written: {why} ({counts})");
    Ok(Outcome::Findings)
}

/// Differences are the data of a check; for programs they are findings among the others.
fn up_to_date(
    context: &Context,
    set: &RuleSet,
    folder: &str,
    findings: &[Finding],
    differences: &[Difference],
) -> Result<Outcome, Failure> {
    let words = |difference: &Difference| match difference {
        Difference::Missing(path) => format!("missing {path}"),
        Difference::Changed(path) => format!("changed {path}"),
        Difference::Extra(path) => format!("extra   {path}"),
    };
    if context.format == Format::Human {
        talk(context, set, findings)?;
        let lines: String = differences.iter().map(|one| words(one) + "\n").collect();
        write(&lines)?;
    } else {
        let stale = differences.iter().map(|one| Finding::general(&codes::STALE, words(one)));
        let all: Vec<Finding> = findings.iter().cloned().chain(stale).collect();
        talk(context, set, &all)?;
    }
    if differences.is_empty() {
        anstream::eprintln!("`{folder}` is up to date");
        return Ok(Outcome::Fine);
    }
    let count = plural(differences.len(), "file");
    anstream::eprintln!("`{folder}` is not what a build makes: {count}; run `crosswalk build`");
    Ok(Outcome::Findings)
}

/// What a person wants to know at the end: what was made, and where it differs from the rules.
fn summary(built: &Built, targets: &[Target], folder: &str) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "built {} into {folder}\n", plural(built.rules.len(), "rule"));
    for target in targets {
        let prefix = format!("{}/", target.name());
        let files = built.artifacts.iter().filter(|file| file.path.starts_with(&prefix)).count();
        let place = format!("{folder}/{}", target.name());
        let _ = writeln!(text, "  {:<8} {:>5} files   {place}", target.name(), files);
    }
    let accepted = accepted(built, targets);
    if !accepted.is_empty() {
        let _ = writeln!(text, "\naccepted differences:\n{}", accepted.join("\n"));
    }
    text
}

/// One line for each difference that a rule accepts and that is there.
fn accepted(built: &Built, targets: &[Target]) -> Vec<String> {
    let mut lines = Vec::new();
    for rule in &built.rules {
        let asked = rule.emissions.iter().filter(|(target, _)| targets.contains(target));
        for (target, emission) in asked {
            let (rule, target) = (&rule.name, target.name());
            for Accept { loss, reason } in emission.accepted() {
                let what = match loss.as_str() {
                    "refused" => "is left out",
                    "narrower" => "is narrower",
                    "wider" => "is wider",
                    "overlapping" => "overlaps",
                    code => &format!("differs by `{code}`"),
                };
                lines.push(format!("  {rule} on {target} {what}: {}", reason.trim()));
            }
        }
    }
    lines
}

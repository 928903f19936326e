//! `crosswalk build`: every artifact of every rule.

use std::fmt::Write;
use std::path::PathBuf;

use super::output::{for_people, outcome, plural, print, read_rules};
use super::{Context, Failure, Outcome};
use crate::build::{Built, Difference, build, compare, replace};
use crate::config::Target;
use crate::diagnostic::{Counts, Finding, Severity};
use crate::rule::RuleSet;

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
        let targets = self.targets(context);
        let output = self.output.clone();
        let output = output.unwrap_or_else(|| context.config.resolve(&context.config.output));
        // A rule that could not be read rightly would come out as something else.
        if Counts::of(&findings).errors > 0 {
            return refuse(context, &set, &findings, "the rules have errors");
        }
        let built = build(&set, &context.config, &targets, &context.templates()?);
        findings.extend(built.findings.iter().cloned());
        if built.has_errors() {
            return refuse(context, &set, &findings, "see the errors above");
        }
        report(context, &set, &shown(&findings))?;
        let folder = output.display().to_string();
        if self.check {
            let differences =
                compare(&output, &built.artifacts).map_err(|e| Failure(format!("error: {e}")))?;
            return Ok(up_to_date(&folder, &differences));
        }
        replace(&output, &built.artifacts).map_err(|error| Failure(format!("error: {error}")))?;
        anstream::eprint!("{}", summary(&built, &targets, &folder));
        Ok(outcome(Counts::of(&findings), context.strict))
    }

    fn targets(&self, context: &Context) -> Vec<Target> {
        let mut targets = if self.targets.is_empty() {
            context.config.targets.clone()
        } else {
            self.targets.clone()
        };
        targets.sort();
        targets.dedup();
        targets
    }
}

/// Notes about a rule that was built belong to `check`.
fn shown(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.severity != Severity::Note).cloned().collect()
}

/// Findings of a build are talk: its data is in the folder. A format for programs stays data.
fn report(context: &Context, set: &RuleSet, findings: &[Finding]) -> Result<(), Failure> {
    match context.format {
        super::Format::Human => anstream::eprint!("{}", for_people(findings)),
        _ => print(context, set, findings)?,
    }
    Ok(())
}

fn refuse(
    context: &Context,
    set: &RuleSet,
    findings: &[Finding],
    why: &str,
) -> Result<Outcome, Failure> {
    report(context, set, findings)?;
    let counts = super::output::in_words(Counts::of(findings));
    anstream::eprintln!("nothing was written: {why} ({counts})");
    Ok(Outcome::Findings)
}

fn up_to_date(folder: &str, differences: &[Difference]) -> Outcome {
    if differences.is_empty() {
        anstream::eprintln!("`{folder}` is up to date");
        return Outcome::Fine;
    }
    for difference in differences {
        match difference {
            Difference::Missing(path) => println!("missing {path}"),
            Difference::Changed(path) => println!("changed {path}"),
            Difference::Extra(path) => println!("extra   {path}"),
        }
    }
    let count = plural(differences.len(), "file");
    anstream::eprintln!("`{folder}` is not what a build makes: {count}; run `crosswalk build`");
    Outcome::Findings
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
    let losses = losses(built, targets);
    if !losses.is_empty() {
        let _ = writeln!(text, "\naccepted differences:");
        for (rule, target, relation, reason) in losses {
            let _ = writeln!(text, "  {rule} on {target} is {relation}: {reason}");
        }
    }
    text
}

fn losses<'b>(
    built: &'b Built,
    targets: &[Target],
) -> Vec<(&'b str, &'static str, &'b str, &'b str)> {
    let mut losses = Vec::new();
    for rule in &built.rules {
        for target in targets {
            let accepted = rule.output(*target).into_iter().flat_map(|output| &output.accepted);
            for accept in accepted {
                losses.push((
                    rule.name.as_str(),
                    target.name(),
                    accept.loss.as_str(),
                    accept.reason.trim(),
                ));
            }
        }
    }
    losses
}

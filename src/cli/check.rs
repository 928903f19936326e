//! `crosswalk check`: everything that is wrong with rules.

use std::path::PathBuf;
use std::sync::Arc;

use super::output::{find_rules, in_words, outcome, plural, print, report};
use super::{Context, Failure, Outcome};
use crate::check::{Choice, Fixed, Report};
use crate::diagnostic::Counts;
use crate::rule::load;
use crate::source::{Found, SourceFile, replace_text};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Files and folders; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
    /// Apply the fixes of what is found to the files, and report what is left.
    #[arg(long)]
    fix: bool,
    /// Report only these codes, and errors that keep a rule from being read.
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    select: Vec<String>,
    /// Do not report these codes.
    #[arg(long, value_delimiter = ',', value_name = "CODES")]
    ignore: Vec<String>,
}

impl Check {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let choice = self.choice(context)?;
        let report = if self.fix {
            self.fixed(context, &choice)?
        } else {
            report(context, &self.paths, &choice)?
        };
        print(context, &report.set, &report.findings)?;
        let counts = Counts::of(&report.findings);
        anstream::eprintln!(
            "checked {} in {}: {}",
            plural(report.set.rules().count(), "rule"),
            plural(report.set.files().len(), "file"),
            verdict(counts, report.allowed),
        );
        // The process ends here, and takes the rules with it faster than they go one by one.
        std::mem::forget(report);
        Ok(outcome(counts, context.strict))
    }

    /// What the command line says, or else the configuration, list by list.
    fn choice(&self, context: &Context) -> Result<Choice, Failure> {
        let config = &context.config.check;
        let said = |here: &[String], there: &[String]| {
            if here.is_empty() { there.to_vec() } else { here.to_vec() }
        };
        let (select, ignore) =
            (said(&self.select, &config.select), said(&self.ignore, &config.ignore));
        Choice::new(&select, &ignore).map_err(|error| Failure(format!("error: {error}")))
    }

    fn fixed(&self, context: &Context, choice: &Choice) -> Result<Report, Failure> {
        let found = find_rules(context, &self.paths)?;
        let (sources, unreadable) = load(&found);
        let mut fixed = Report::fixed(sources, choice);
        write(&found, &fixed)?;
        fixed.report.findings.splice(..0, unreadable);
        Ok(fixed.report)
    }
}

/// Writes the files that have changed, and says what was done to them.
fn write(found: &[Found], fixed: &Fixed) -> Result<(), Failure> {
    for (name, codes) in &fixed.applied {
        let file = found.iter().find(|found| found.name == *name);
        let is_it = |source: &&Arc<SourceFile>| source.name() == name;
        let Some((file, source)) = file.zip(fixed.sources.iter().find(is_it)) else { continue };
        replace_text(&file.path, source.text())
            .map_err(|error| Failure(format!("error: cannot write `{name}`: {error}")))?;
        let codes: Vec<String> =
            codes.iter().map(|(code, count)| format!("{count} {code}")).collect();
        anstream::eprintln!("fixed {name}: {}", codes.join(", "));
    }
    Ok(())
}

fn verdict(counts: Counts, allowed: usize) -> String {
    let said = match in_words(counts) {
        words if words.is_empty() => "nothing to report".to_owned(),
        words => words,
    };
    if allowed > 0 { format!("{said}, {allowed} allowed by comments") } else { said }
}

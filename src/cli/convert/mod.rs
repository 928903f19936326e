//! `crosswalk convert`: from one language to another in one step.

mod out;

use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::import::{DOCUMENTS, sources};
use super::output::{Format, for_people, outcome, plural, talk, write};
use super::{Context, Failure, Outcome};
use crate::convert::{Batch, Input, Report, To};
use crate::diagnostic::{Counts, Finding, Severity, render};
use crate::rule::RuleSet;
use out::Out;

/// What the options leave unsaid.
const NOTES: &str = "\
Queries and documents:
  A language takes and gives the text of a query, a document whole rules. `datadog` and `sigma` are
  queries as targets and documents as inputs; `datadog-query` and `sigma-detection` are queries on
  both sides. A file whose extension is the name of a language (`.kql`) holds one query.

Output:
  Standard output has what was made and nothing else. If a run makes several texts, a line in front
  of each says which rule (and which query of it) it is: a comment where the target has comments,
  else a line on standard error. `--output-format json` prints one JSON object a rule, with texts,
  losses, assumptions and refusals, and one with the key `finding` for each finding.

Exit codes: 0 all rules converted; 1 some refused, not readable, or lossy with `--strict`; 2 usage,
configuration, input or output.";

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
#[command(after_long_help = NOTES)]
pub(super) struct Convert {
    /// Files and folders; `-` is standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// What to make: a query in one of the languages, or a document.
    #[arg(long, value_name = "TARGET", value_parser = target())]
    to: To,
    /// What the input is, where its content does not tell: a document, or a query in a language.
    #[arg(long, value_name = "KIND", value_parser = input())]
    from: Option<Input>,
    /// Write one file a text into this folder instead of printing; never over a file that is there.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Print how the conversion went: what is exact, lossy, refused, and why. Takes the place of
    /// the queries unless these go into a folder.
    #[arg(long, value_name = "FORMAT")]
    report: Option<ReportFormat>,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ReportFormat {
    /// One JSON object with every rule that is lossy, refused, or leans on something.
    Json,
    /// Markdown: tables, and three rules for each reason.
    Md,
}

/// Reads the name of a target; help and completions list them.
fn target() -> impl TypedValueParser<Value = To> {
    let names = To::all().into_iter().map(|to| PossibleValue::new(to.name()).aliases(to.alias()));
    PossibleValuesParser::new(names).try_map(|name| To::from_name(&name).ok_or("unknown target"))
}

/// Reads the name of an input.
fn input() -> impl TypedValueParser<Value = Input> {
    let names = Input::all().into_iter().map(|input| PossibleValue::new(input.name()));
    PossibleValuesParser::new(names).try_map(|name| Input::from_name(&name).ok_or("unknown kind"))
}

impl Convert {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let extensions = [DOCUMENTS, &Input::extensions()].concat();
        let (sources, mut findings) = sources(&self.paths, &extensions)?;
        let batch = Batch::read(sources, self.from).with_elastic(context.config.elastic.clone());
        findings.extend(batch.findings().iter().cloned());
        let mut report = Report::new(self.to.name());
        let mut out = Out::new(self, context);
        batch.convert(self.to, |units, more| {
            findings.extend(more);
            units.into_iter().try_for_each(|unit| {
                report.add(&unit);
                out.add(unit)
            })
        })?;
        report.add_unreadable(&findings);
        out.finish()?;
        // The process ends soon, and takes the rules with it faster than they go one by one.
        std::mem::forget(batch);
        self.say(context, &findings)?;
        match self.report {
            Some(ReportFormat::Json) => write(&format!("{:#}\n", json!(report)))?,
            Some(ReportFormat::Md) => write(&report.markdown())?,
            None => {}
        }
        anstream::eprintln!("{}", self.summary(&report));
        match outcome(Counts::of(&findings), context.strict) {
            Outcome::Fine if report.refused > 0 => Ok(Outcome::Findings),
            Outcome::Fine if report.lossy > 0 && context.strict => Ok(Outcome::Findings),
            outcome => Ok(outcome),
        }
    }

    /// Prints what was found. A report has standard output for itself; objects on lines of their
    /// own stay that.
    fn say(&self, context: &Context, findings: &[Finding]) -> Result<(), Failure> {
        let mut said = findings.iter().filter(|finding| finding.severity != Severity::Note);
        match (self.report, context.format) {
            (Some(_), _) => {
                let shown: Vec<Finding> = said.cloned().collect();
                anstream::eprint!("{}", for_people(&shown));
            }
            (None, Format::Json) => {
                said.try_for_each(|finding| {
                    let finding = &render::json(std::slice::from_ref(finding))[0];
                    write(&format!("{}\n", json!({"finding": finding})))
                })?;
            }
            (None, _) => talk(context, &RuleSet::default(), findings)?,
        }
        Ok(())
    }

    /// `converted 3 rules: 1 exact, 1 lossy, 1 refused; 2 lean on assumptions (--report md ...)`.
    fn summary(&self, report: &Report) -> String {
        let Report { exact, lossy, refused, leaning, .. } = report;
        let rules = plural(report.total(), "rule");
        let mut text =
            format!("converted {rules}: {exact} exact, {lossy} lossy, {refused} refused");
        if !report.unreadable.is_empty() {
            text.push_str(&format!("; {} not readable", plural(report.unreadable.len(), "file")));
        }
        if *leaning > 0 {
            let lean = if *leaning == 1 { "leans" } else { "lean" };
            text.push_str(&format!("; {leaning} {lean} on assumptions"));
            if self.report.is_none() && report.total() > 1 {
                text.push_str(" (`--report md` names them)");
            }
        }
        text
    }
}

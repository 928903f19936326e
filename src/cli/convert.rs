//! `crosswalk convert`: from one language to another in one step.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde_json::json;

use super::create::create;
use super::import::sources;
use super::output::{Format, outcome, plural, talk, write};
use super::{Context, Failure, Outcome};
use crate::convert::{Batch, Converted, Report, To, Unit};
use crate::diagnostic::Counts;
use crate::import::{Kind, stem};
use crate::rule::RuleSet;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Convert {
    /// Files and folders; `-` is standard input.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// What to make: a query in one of the languages, or a document.
    #[arg(long, value_name = "TARGET", value_parser = target())]
    to: To,
    /// What the documents are, where their content does not tell.
    #[arg(long, value_name = "KIND")]
    from: Option<Kind>,
    /// Write one file a rule into this folder instead of printing.
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
    /// One JSON object.
    Json,
    /// Markdown tables.
    Md,
}

/// Reads the name of a target; help and completions list them.
fn target() -> impl clap::builder::TypedValueParser<Value = To> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    let names = To::all().into_iter().map(|to| PossibleValue::new(to.name()));
    PossibleValuesParser::new(names).try_map(|name| To::from_name(&name).ok_or("unknown target"))
}

impl Convert {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (sources, mut findings) = sources(&self.paths)?;
        let batch = Batch::read(sources, self.from);
        findings.extend(batch.findings().iter().cloned());
        let mut report = Report::new(self.to.name());
        let mut out = Out { convert: self, context, names: HashMap::new(), printed: 0 };
        batch.convert(self.to, |units, more| {
            findings.extend(more);
            units.iter().try_for_each(|unit| {
                report.add(unit);
                out.unit(unit)
            })
        })?;
        talk(context, &RuleSet::default(), &findings)?;
        match self.report {
            Some(ReportFormat::Json) => write(&format!("{:#}\n", json!(report)))?,
            Some(ReportFormat::Md) => write(&report.markdown())?,
            None => {}
        }
        let Report { exact, lossy, refused, .. } = report;
        let rules = plural(report.total(), "rule");
        anstream::eprintln!("converted {rules}: {exact} exact, {lossy} lossy, {refused} refused");
        match outcome(Counts::of(&findings), context.strict) {
            Outcome::Fine if refused > 0 => Ok(Outcome::Findings),
            outcome => Ok(outcome),
        }
    }
}

/// Where results go.
struct Out<'c> {
    convert: &'c Convert,
    context: &'c Context,
    /// File names in use, with how often.
    names: HashMap<String, usize>,
    /// Rules printed so far.
    printed: usize,
}

impl Out<'_> {
    fn unit(&mut self, unit: &Unit) -> Result<(), Failure> {
        if self.convert.report.is_none() {
            self.costs(unit);
        }
        match (&unit.result, &self.convert.output) {
            (Ok(done), Some(folder)) => self.store(folder, unit, done),
            (_, None) if self.convert.report.is_some() => Ok(()),
            (_, None) if self.context.format == Format::Json => {
                write(&format!("{}\n", json!(unit)))
            }
            (Ok(done), None) => self.print(done),
            (Err(_), _) => Ok(()),
        }
    }

    /// Says what a conversion costs, or why there is none.
    fn costs(&self, unit: &Unit) {
        if self.context.format != Format::Human {
            return;
        }
        let Unit { source, title, result } = unit;
        match result {
            Ok(done) => {
                for loss in &done.losses {
                    anstream::eprintln!("loss ({}): {source}: {title}: {}", loss.code, loss.reason);
                }
            }
            Err(refused) => {
                for refusal in &refused.refused {
                    let (code, reason) = (refusal.code, &refusal.reason);
                    anstream::eprintln!("refused ({code}): {source}: {title}: {reason}");
                }
            }
        }
    }

    /// Queries one below the other; from the second rule on, a blank line between.
    fn print(&mut self, done: &Converted) -> Result<(), Failure> {
        let mut out = String::new();
        if self.printed > 0 {
            out.push_str(if matches!(self.convert.to, To::SigmaRule) { "---\n" } else { "\n" });
        }
        self.printed += 1;
        for text in &done.texts {
            out.push_str(text.text.trim_end());
            out.push('\n');
        }
        write(&out)
    }

    /// One file a text; a name that is taken gets a number.
    fn store(&mut self, folder: &Path, unit: &Unit, done: &Converted) -> Result<(), Failure> {
        for text in &done.texts {
            let name = text.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
            let stem = stem(&format!("{}{name}", unit.title));
            let nth = self.names.entry(stem.clone()).or_default();
            *nth += 1;
            let number = if *nth == 1 { String::new() } else { format!("_{nth}") };
            let path = folder.join(format!("{stem}{number}.{}", self.convert.to.extension()));
            let content = format!("{}\n", text.text.trim_end());
            if !create(&path, &content)? {
                let path = path.display();
                return Err(Failure(format!(
                    "error: `{path}` is there already\nhelp: choose an empty folder"
                )));
            }
        }
        Ok(())
    }
}

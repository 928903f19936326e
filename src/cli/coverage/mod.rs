//! `crosswalk coverage`: which demands of control frameworks rules really meet.

mod chosen;
mod form;
mod gate;
mod rules;
mod techniques;

use std::path::PathBuf;

use clap::ValueEnum;

use super::output::{plural, write};
use super::{Context, Failure, Outcome};
use crate::compliance::report::Baseline;
use crate::compliance::{Audit, NarrowingKind, Reading, Scope, sighted};
use crate::event::inputs;
use form::Form;
use rules::Rules;

/// Most things of a kind that are told one by one.
const TOLD: usize = 10;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code 1 if less is covered than `--fail-under` or `--baseline` want, or \
    if rules of the repository or whole documents could not be read."
)]
pub(super) struct Coverage {
    /// Files and folders with canonical rules; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
    /// Rules of any kind instead: canonical rules, Sigma, Elastic (TOML, JSON, NDJSON exports),
    /// Datadog (JSON, Terraform), files or folders.
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with = "paths")]
    rules: Vec<PathBuf>,
    /// The framework, by its id.
    #[arg(long, value_name = "ID")]
    framework: Option<String>,
    /// Versions of the framework: numbers, `newest`, or `all` for its history.
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    version: Vec<String>,
    /// Only these controls, by their number in a version that is audited, or by their subject.
    #[arg(long, value_name = "CONTROLS", value_delimiter = ',')]
    control: Vec<String>,
    /// Files and folders with frameworks of your own, beside those of crosswalk.toml.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    controls: Vec<PathBuf>,
    /// What is audited: the rules as written, or the query that each platform gets of them.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TARGETS")]
    target: Vec<Audited>,
    /// What the controls evidently ask for, or the letter of the published filters.
    #[arg(long, value_enum, default_value_t)]
    reading: Read,
    /// Kinds of narrowing that count as coverage, such as `outcome` (successful calls only).
    #[arg(long, value_delimiter = ',', value_name = "KINDS")]
    accept: Vec<NarrowingKind>,
    /// Logs to look for demanded events in, as `replay` takes them.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    logs: Vec<PathBuf>,
    /// Show the techniques of ATT&CK that rules are tagged with, instead of controls.
    #[arg(long)]
    attack: bool,
    /// Only these techniques, with their sub-techniques; implies `--attack`.
    #[arg(long, value_delimiter = ',', value_name = "IDS")]
    technique: Vec<String>,
    /// Fail if a smaller share of the demanded parts is covered on some target.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
    fail_under: Option<u8>,
    /// Fail if a part is not covered that was when this file was written.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is covered now, for `--baseline`; into the file of crosswalk.toml if none is named.
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    write_baseline: Option<Option<PathBuf>>,
    /// How the report is written.
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Write the report into this file instead of printing it.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The time that OSCAL documents bear, such as `2026-11-22T10:00:00Z`; the date of the newest
    /// rule if left out.
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<String>,
}

/// A point in time, as OSCAL writes it.
fn time(text: &str) -> Result<String, String> {
    let read: Result<jiff::Timestamp, _> = text.parse();
    read.map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// What can be audited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Audited {
    /// The rules as written, or as their platform runs them.
    Canonical,
    /// The queries that are generated for Elastic.
    Elastic,
    /// The queries that are generated for Datadog.
    Datadog,
    /// The Sigma rules that are generated.
    Sigma,
    /// All of these.
    All,
}

/// Which reading of a demand counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Read {
    /// What the control evidently asks for: the service pinned, the operators repaired.
    #[default]
    Intent,
    /// What its published filter says.
    Literal,
}

impl std::str::FromStr for NarrowingKind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        let names = Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| format!("`{name}` is no kind of narrowing; there are {names}"))
    }
}

impl Coverage {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        context.extend_controls(&self.controls)?;
        let rules = Rules::read(context, self)?;
        rules.tell();
        if rules.gathered.detectors.is_empty() {
            return Err(Failure("error: there are no rules to audit".to_owned()));
        }
        if self.attack || !self.technique.is_empty() || self.format == Some(Form::Navigator) {
            self.asks_for_no_gate()?;
            let text = techniques::report(&rules, &self.technique, self.form(context))?;
            self.put(&text)?;
            return Ok(rules.outcome());
        }
        let framework = self.framework(context)?;
        let versions = self.versions(context, framework)?;
        let reading = match self.reading {
            Read::Intent => Reading::Intent,
            Read::Literal => Reading::Literal,
        };
        let baseline = self.kept(context)?;
        let accept = match self.accept.is_empty() {
            true => context.config.coverage.accept.iter().map(|name| name.parse()).collect(),
            false => Ok(self.accept.clone()),
        };
        let accept = accept.map_err(|error: String| {
            Failure(format!("error: {error}\nhelp: `coverage.accept` in crosswalk.toml says so"))
        })?;
        let subjects = self.subjects(framework, &versions)?;
        let mut scope = Scope { versions, subjects, reading, accept, ..Scope::newest(framework) };
        let seen = self.seen(&scope)?;
        scope.logs = &seen.events;
        let audit = Audit::of(&rules.gathered.detectors, &scope);
        self.put(&form::render(self.form(context), &audit, &rules, self.at.as_deref())?)?;
        anstream::eprintln!("{}", form::summary(&audit));
        let held = self.held(context, &audit, baseline)?;
        let share = self.fail_under.or(context.config.coverage.fail_under);
        let enough = share.is_none_or(|share| gate::is_enough(&audit, share));
        let complete = seen.totals.faults == 0;
        Ok(match (held && enough, rules.outcome()) {
            (true, Outcome::Fine) if complete => Outcome::Fine,
            (true, Outcome::Fine) => Outcome::Partial,
            (true, other) => other,
            (false, _) => Outcome::Findings,
        })
    }

    /// Techniques are tags; nothing of them is demanded.
    fn asks_for_no_gate(&self) -> Result<(), Failure> {
        let gates = [
            ("--baseline", self.baseline.is_some()),
            ("--write-baseline", self.write_baseline.is_some()),
            ("--fail-under", self.fail_under.is_some()),
            ("--logs", !self.logs.is_empty()),
            ("--control", !self.control.is_empty()),
        ];
        match gates.into_iter().find(|(_, is_asked)| *is_asked) {
            None => Ok(()),
            Some((name, _)) => {
                Err(Failure(format!("error: `{name}` is about controls, not about techniques")))
            }
        }
    }

    /// The baseline that a run is held against, if there is one. Whoever writes one does not want to be
    /// held against the one before.
    fn kept(&self, context: &Context) -> Result<Option<(Baseline, PathBuf)>, Failure> {
        let usual = context.config.coverage.baseline.as_ref();
        let usual = usual.map(|path| context.config.resolve(path)).filter(|path| path.exists());
        match self.baseline.clone().or(usual) {
            Some(path) if self.write_baseline.is_none() => Ok(Some((gate::read(&path)?, path))),
            _ => Ok(None),
        }
    }

    /// Whether nothing is lost since the baseline.
    fn held(
        &self,
        context: &Context,
        audit: &Audit,
        baseline: Option<(Baseline, PathBuf)>,
    ) -> Result<bool, Failure> {
        let usual = context.config.coverage.baseline.as_ref();
        let usual = usual.map(|path| context.config.resolve(path));
        if let Some(named) = &self.write_baseline {
            let path = named.clone().or(usual).ok_or_else(|| {
                Failure(
                    "error: name the file, or set `coverage.baseline` in crosswalk.toml".to_owned(),
                )
            })?;
            return gate::store(audit, &path).map(|()| true);
        }
        let in_part =
            !(self.control.is_empty() && self.target.is_empty() && self.version.is_empty());
        match (baseline, usual) {
            (Some((baseline, path)), _) => Ok(gate::against(audit, &baseline, &path, in_part)),
            (None, Some(path)) => {
                let path = path.display();
                anstream::eprintln!(
                    "note: there is no baseline yet; `crosswalk coverage --write-baseline` writes `{path}`"
                );
                Ok(true)
            }
            (None, None) => Ok(true),
        }
    }

    /// Demanded events in the logs.
    fn seen(&self, scope: &Scope<'_>) -> Result<crate::compliance::Sighted, Failure> {
        if self.logs.is_empty() {
            return Ok(crate::compliance::Sighted::default());
        }
        let (inputs, unreadable) = inputs(&self.logs);
        for (name, fault) in &unreadable {
            anstream::eprintln!("error: {name}: {fault}");
        }
        let mut told = 0;
        let mut seen = sighted(
            scope.framework,
            &scope.versions,
            scope.reading,
            &inputs,
            &mut |input, fault| {
                told += 1;
                if told <= TOLD {
                    anstream::eprintln!("error: {}: {fault}", input.name());
                }
            },
        );
        seen.totals.faults += unreadable.len() as u64;
        anstream::eprintln!(
            "replayed {}: {} of {} happened",
            plural(usize::try_from(seen.totals.events).unwrap_or(usize::MAX), "event"),
            seen.parts.0,
            plural(seen.parts.1, "demanded part"),
        );
        Ok(seen)
    }

    /// The form of the report: the one that is asked for, or the one that fits the format of findings.
    fn form(&self, context: &Context) -> Form {
        self.format.unwrap_or(match context.format {
            super::output::Format::Json => Form::Json,
            super::output::Format::Sarif => Form::Sarif,
            super::output::Format::Junit => Form::Junit,
            _ => Form::Table,
        })
    }

    fn put(&self, text: &str) -> Result<(), Failure> {
        let Some(path) = &self.output else { return write(text) };
        std::fs::write(path, text).map_err(|error| {
            Failure(format!("error: cannot write `{}`: {error}", path.display()))
        })?;
        anstream::eprintln!("wrote {}", path.display());
        Ok(())
    }
}

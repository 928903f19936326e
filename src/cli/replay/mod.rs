//! `crosswalk replay`: what rules would have found in logs.

mod print;
mod rules;
mod tally;

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use super::log_source::Source;
use super::output::{for_people, in_words, plural};
use super::{Context, Failure, Outcome};
use crate::diagnostic::{Counts, Severity};
use crate::event::{Fault, Input, inputs};
use crate::replay::{
    Form, Happening, LeftOut, MAX_GROUPS, MAX_WAITING, Options, Program, Run, Totals,
};
use print::Printer;
use tally::{By, Tally};

/// Most faults of one input, and rules that are not run, that are told one by one.
const TOLD_FAULTS: usize = 10;

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Replay {
    /// A rule, or a folder of rules, of any kind that `import` reads.
    rules: PathBuf,
    /// Logs: JSON, a record a line, or CloudTrail's files, gzip or not; what `aws cloudtrail
    /// lookup-events`, EventBridge and CloudWatch Logs wrap its records in, opened unless a rule is
    /// for the wrapper; folders; `-` for standard input.
    #[arg(required = true)]
    logs: Vec<PathBuf>,
    /// How matches are printed; a table on a terminal, NDJSON elsewhere.
    #[arg(long, value_enum)]
    format: Option<Shown>,
    /// Count matches by this length of time, too; prints a summary unless told otherwise.
    #[arg(long, value_enum)]
    by: Option<By>,
    /// The log source of records that are not CloudTrail's, such as `okta/okta` or
    /// `product=windows,category=process_creation`. Its rules get what wraps CloudTrail's records as
    /// it is; rules for CloudTrail get the records inside.
    #[arg(long, value_name = "SOURCE")]
    logsource: Option<Source>,
    /// Run every rule on every record, whatever its log source.
    #[arg(long)]
    all_rules: bool,
    /// Run rules as the rules that a platform gets of them; `datadog` with its cases, windows and
    /// signals. Without it, only what stands in Datadog's own words alone runs so.
    #[arg(long = "as", value_enum, value_name = "PLATFORM")]
    form: Option<As>,
    /// The field that holds the time of records that are not CloudTrail's.
    #[arg(long, value_name = "FIELD", default_value = "@timestamp")]
    time_field: String,
    /// Print the record with each match.
    #[arg(long)]
    records: bool,
}

/// As the rules of which platform rules are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// Datadog's.
    Datadog,
}

/// How matches are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// One JSON object a line.
    Ndjson,
    /// One line a match, for people.
    Table,
    /// Counts by rule and severity, and by time with `--by`.
    Summary,
}

impl Replay {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (inputs, unreadable) = inputs(&self.logs);
        let (set, findings) = rules::read(context, &self.rules, &inputs)?;
        // Standard output is for matches, whatever the format of findings.
        let worse = findings.iter().filter(|finding| finding.severity != Severity::Note);
        anstream::eprint!("{}", for_people(&worse.cloned().collect::<Vec<_>>()));
        let program = Program::new(&set, self.options());
        // The texts and trees of thousands of rules are of no use any more.
        drop(set);
        for (name, fault) in &unreadable {
            anstream::eprintln!("error: {name}: {fault}");
        }
        let (totals, tally) = self.replay(context, &program, &inputs)?;
        let totals = Totals { faults: totals.faults + unreadable.len() as u64, ..totals };
        tell(&program, inputs.len(), &totals, &tally);
        if totals.faults > 0 {
            return Ok(Outcome::Partial);
        }
        let counts = Counts::of(&findings);
        if counts.errors > 0 {
            anstream::eprintln!("not all rules were run: {}", in_words(counts));
            return Ok(Outcome::Findings);
        }
        Ok(Outcome::Fine)
    }

    fn options(&self) -> Options {
        Options {
            logsource: self.logsource.as_ref().map(Source::logsource),
            all_rules: self.all_rules,
            time_field: Some(self.time_field.clone()),
            form: self.form.map_or(Form::Canonical, |As::Datadog| Form::Datadog),
            ..Options::default()
        }
    }

    fn shown(&self) -> Shown {
        let usual = match (self.by, std::io::stdout().is_terminal()) {
            (Some(_), _) => Shown::Summary,
            (None, true) => Shown::Table,
            (None, false) => Shown::Ndjson,
        };
        self.format.unwrap_or(usual)
    }

    fn replay(
        &self,
        context: &Context,
        program: &Program,
        inputs: &[Input],
    ) -> Result<(Totals, Tally), Failure> {
        let run = Run { records: self.records, ..Run::default() };
        let shown = self.shown();
        let bar = progress(inputs, shown);
        let mut printer = Printer::new(shown, program, inputs);
        let mut tally = Tally::new(self.by);
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        let mut failure = None;
        let totals = run.over(program, inputs, &mut |happening| {
            let done = match happening {
                Happening::Found(found) => {
                    tally.add(program, found);
                    printer.found(found)
                }
                Happening::Fault(input, fault) => {
                    bar.suspend(|| say(&mut told, input, fault));
                    Ok(())
                }
                Happening::Progress => {
                    bar.set_position(run.read.load(Ordering::Relaxed));
                    printer.flush()
                }
            };
            match done {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        bar.finish_and_clear();
        for (name, number) in told.into_iter().filter(|(_, number)| *number > TOLD_FAULTS) {
            anstream::eprintln!("error: {name}: {} more", number - TOLD_FAULTS);
        }
        match failure.or_else(|| printer.flush().err()) {
            // Whoever reads the matches has seen enough (`| head`).
            Some(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
            Some(error) => {
                return Err(Failure(format!("error: cannot write to standard output: {error}")));
            }
            None if shown == Shown::Summary => tally.print(context, program, &totals)?,
            None => {}
        }
        Ok((totals, tally))
    }
}

/// Says what could not be read; of many faults of one input the first few.
fn say(told: &mut BTreeMap<String, usize>, input: &Input, fault: &Fault) {
    let number = told.entry(input.name().to_owned()).or_default();
    *number += 1;
    if *number <= TOLD_FAULTS {
        let name = if *input == Input::Standard { "standard input" } else { input.name() };
        anstream::eprintln!("error: {name}: {fault}");
    }
}

/// A bar where somebody sees it and no table is printed around it.
fn progress(inputs: &[Input], shown: Shown) -> ProgressBar {
    let in_the_way = shown != Shown::Summary && std::io::stdout().is_terminal();
    if in_the_way || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let sizes: Option<Vec<u64>> = inputs.iter().map(Input::size).collect();
    let (bar, form) = match sizes {
        Some(sizes) => (ProgressBar::new(sizes.iter().sum()), "{bar:30} {bytes} of {total_bytes}"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}"),
    };
    match ProgressStyle::with_template(&format!("{form}, {{elapsed}}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What a person wants to know at the end.
fn tell(program: &Program, inputs: usize, totals: &Totals, tally: &Tally) {
    let count =
        |number: u64, word: &str| plural(usize::try_from(number).unwrap_or(usize::MAX), word);
    anstream::eprintln!(
        "replayed {} of {} through {}: {} of {}",
        count(totals.events, "event"),
        plural(inputs, "input"),
        plural(program.rules.len(), "rule"),
        if tally.matches == 1 {
            "1 match".to_owned()
        } else {
            format!("{} matches", tally.matches)
        },
        plural(tally.rules(), "rule"),
    );
    let foreign = program.left_out.iter().filter(|(_, why)| *why == LeftOut::LogSource).count();
    if foreign > 0 {
        anstream::eprintln!(
            "not run: {} for other log sources (--logsource names that of your records, --all-rules runs all)",
            plural(foreign, "rule"),
        );
    }
    let refused = program.left_out.iter().filter_map(|(rule, why)| match why {
        LeftOut::Refused(reason) => Some((rule, reason)),
        LeftOut::LogSource => None,
    });
    for (rule, reason) in refused.clone().take(TOLD_FAULTS) {
        anstream::eprintln!("not run: `{}` ({}): {reason}", rule.title, rule.file);
    }
    let more = refused.count().saturating_sub(TOLD_FAULTS);
    if more > 0 {
        anstream::eprintln!("not run: {} more", plural(more, "rule"));
    }
    let notes = [
        (
            totals.unknown,
            "event",
            "is of no log source that is known here; name it with --logsource",
        ),
        (totals.timeless, "event", "counts for a rule over time but has no time; see --time-field"),
        (totals.limits.late, "event", "happened before others that had to be looked at already"),
        (totals.limits.turned_away, "event", "is of one group too many to be remembered"),
    ];
    for (number, word, what) in notes.into_iter().filter(|(number, ..)| *number > 0) {
        anstream::eprintln!("note: {}: each {what}", count(number, word));
    }
    if totals.limits != crate::replay::Limits::default() {
        anstream::eprintln!(
            "note: rules over time hold {MAX_WAITING} events that wait to be put in order and {MAX_GROUPS} groups"
        );
    }
    if totals.faults > 0 {
        anstream::eprintln!(
            "partial: {} of the logs could not be read, see above",
            plural(usize::try_from(totals.faults).unwrap_or(usize::MAX), "part"),
        );
    }
}

//! `crosswalk synth`: test events for a rule, one that matches and one that just does not for each of
//! its clauses.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::log_source::Source;
use super::operand::read;
use super::output::{Format, plural, write};
use super::{Context, Failure, Outcome};
use crate::format::format;
use crate::proof::{Example, Examples, Limits, Satisfiable, synth};
use crate::relate::{Reading, possible};
use crate::source::{SourceFile, write_yaml};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The rule is a file with one rule, the id or name of a rule, or a query such as \
    `kql:...`. What comes out is a `tests:` section to paste into the rule; the events have nothing \
    but what the condition asks for. Exit code 1 if no event can match."
)]
pub(super) struct Synth {
    /// What the events are for.
    rule: String,
    /// Whose events a query looks at, such as `aws/cloudtrail`.
    #[arg(long, value_name = "SOURCE")]
    logsource: Option<Source>,
    /// Most clauses for which events are made.
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    most: usize,
}

/// What one event may cost; there are several questions for each clause.
const LIMITS: Limits = Limits { rounds: 500, states: 5_000, steps: 500_000 };

impl Synth {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let catalog = match &self.logsource {
            Some(source) => Some(source.known_catalog()?),
            None => None,
        };
        let reading = read(context, &self.rule, catalog)?;
        // Where a table says which documents records make, others are no examples.
        let examples = match possible(&reading, catalog, &LIMITS) {
            Satisfiable::Never(_) => Examples::default(),
            _ => synth(&reading.expr, &*reading.schema(), &LIMITS, self.most),
        };
        let tests = tests(&examples.events);
        match context.format {
            Format::Json => {
                let report = json!({"tests": tests, "idle": examples.idle, "notes": reading.notes});
                write(&format!("{report:#}\n"))?;
            }
            _ => write(&in_one_way(&write_yaml(&json!({"tests": tests}))))?,
        }
        self.say(&reading, &examples);
        let matches = examples.events.iter().any(|example| example.matches);
        Ok(if matches { Outcome::Fine } else { Outcome::Findings })
    }

    fn say(&self, reading: &Reading, examples: &Examples) {
        for note in &reading.notes {
            anstream::eprintln!("note: {note}");
        }
        let matches = examples.events.iter().any(|example| example.matches);
        if !matches && examples.open.is_empty() && self.most > 0 {
            anstream::eprintln!("note: no event can match");
        }
        for test in examples.idle.iter().filter(|_| matches) {
            anstream::eprintln!("note: nothing depends on `{test}`");
        }
        for (test, limit) in &examples.open {
            anstream::eprintln!("note: no event for `{test}`: the search ended at `{limit}`");
        }
        let matching = examples.events.iter().filter(|example| example.matches).count();
        anstream::eprintln!(
            "{} of `{}`: {matching} match, {} do not",
            plural(examples.events.len(), "test"),
            reading.title,
            examples.events.len() - matching
        );
    }
}

/// The section as `crosswalk fmt` writes it.
fn in_one_way(section: &str) -> String {
    let source: Arc<SourceFile> = SourceFile::new("tests", section);
    format(&source).unwrap_or_else(|_| section.to_owned())
}

/// The entries of a `tests:` section, each under a name of its own.
fn tests(examples: &[Example]) -> Vec<Json> {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    let entry = |example: &Example| {
        let mut name = name(example);
        let count = used.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name = format!("{name} ({count})");
        }
        json!({"name": name, "match": example.matches, "event": example.event})
    };
    examples.iter().map(entry).collect()
}

/// What the event shows: what the verdict depends on, and which way.
fn name(example: &Example) -> String {
    let test = example.decisive.to_string().replace('`', "").replace(" in any case", "");
    match (example.holds, example.matches) {
        (true, true) => format!("matches as {test}"),
        (false, true) => format!("matches unless {test}"),
        (true, false) => format!("shut out as {test}"),
        (false, false) => format!("missed unless {test}"),
    }
}

//! `crosswalk test`: the tests of rules, on the rules and on what platforms get.

use std::path::PathBuf;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::json;

use super::output::{Format, find_rules, for_people, in_words, outcome, plural, print, write};
use super::{Context, Failure, Outcome};
use crate::config::Target;
use crate::diagnostic::{Counts, Finding, render};
use crate::rule::RuleSet;
use crate::target::Names;
use crate::testing::{Column, Coverage, RuleRun, findings, junit, run};

/// Arguments of the verb.
#[derive(Debug, clap::Args)]
pub(super) struct Test {
    /// Files and folders; those of crosswalk.toml if none is given.
    paths: Vec<PathBuf>,
    /// Run the tests on these targets beside the rule itself: elastic, datadog, sigma.
    #[arg(short, long, value_delimiter = ',', env = "CROSSWALK_TARGETS", value_name = "TARGETS")]
    targets: Vec<Target>,
    /// Also list the tests of each condition that no test event shows both true and false.
    #[arg(long)]
    coverage: bool,
    /// Also write a JUnit report with one case for each test on each side.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

impl Test {
    pub(super) fn run(&self, context: &Context) -> Result<Outcome, Failure> {
        let (set, mut all) = RuleSet::read(&find_rules(context, &self.paths)?);
        let names = Names::of(&set);
        let runs = run(&set, &names, &context.config, &self.targets(context));
        all.extend(runs.iter().flat_map(findings));
        if let Some(path) = &self.junit {
            let failure = |error: String| {
                Failure(format!("error: cannot write `{}`: {error}", path.display()))
            };
            let report = junit(&runs).map_err(|error| failure(error.to_string()))?;
            std::fs::write(path, report).map_err(|error| failure(error.to_string()))?;
        }
        match context.format {
            Format::Human => {
                anstream::eprint!("{}", for_people(&all));
                write(&self.text(&runs))?;
            }
            Format::Json => {
                let report = json!({"rules": runs, "findings": render::json(&all)});
                write(&format!("{report:#}\n"))?;
            }
            Format::Junit => {
                write(&junit(&runs).map_err(|error| Failure(format!("error: {error}")))?)?;
            }
            _ => print(context, &set, &all)?,
        }
        anstream::eprintln!("{}", summary(&runs, &all));
        Ok(outcome(Counts::of(&all), context.strict))
    }

    /// The targets of the command line, or those of the configuration that have queries.
    fn targets(&self, context: &Context) -> Vec<Target> {
        let named = if self.targets.is_empty() { &context.config.targets } else { &self.targets };
        let is_wanted = |target: &Target| *target != Target::Docs && named.contains(target);
        Target::ALL.into_iter().filter(is_wanted).collect()
    }

    fn text(&self, runs: &[RuleRun<'_>]) -> String {
        let tested: Vec<_> = runs.iter().filter(|r| !r.rule.sections.tests.is_empty()).collect();
        if tested.is_empty() {
            return String::new();
        }
        let mut out = table(&tested);
        if self.coverage {
            out.push_str(&idle(&tested));
        }
        out
    }
}

/// Rules by sides: how many tests went as they should, and how many differ by consent.
fn table(runs: &[&RuleRun<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    let sides = runs.iter().map(|run| &run.columns).max_by_key(|columns| columns.len());
    let sides = sides.into_iter().flatten().map(|column| column.side.name());
    table.set_header(std::iter::once("rule").chain(sides).chain(["exercised"]));
    for run in runs {
        let cells = run.columns.iter().map(cell);
        let exercised = run.coverage.as_ref().map_or("-".to_owned(), share);
        table.add_row(std::iter::once(run.name.to_owned()).chain(cells).chain([exercised]));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines: Vec<_> = table.lines().map(|line| line.trim().to_owned() + "\n").collect();
    lines.concat()
}

fn cell(column: &Column) -> String {
    let Some([passed, accepted, failed]) = column.counts() else { return "not run".to_owned() };
    let all = passed + accepted + failed;
    match accepted {
        0 => format!("{passed}/{all}"),
        _ => format!("{passed}+{accepted}/{all}"),
    }
}

fn share(coverage: &Coverage) -> String {
    format!("{}/{}", coverage.exercised(), coverage.total)
}

/// What no test event exercises, rule by rule.
fn idle(runs: &[&RuleRun<'_>]) -> String {
    let mut out = String::new();
    for run in runs {
        let Some(coverage) = run.coverage.as_ref().filter(|c| !c.idle.is_empty()) else { continue };
        out.push_str(&format!("\n{}: {} of its condition\n", run.name, share(coverage)));
        for idle in &coverage.idle {
            let always = if idle.always { "always true" } else { "never true" };
            out.push_str(&format!("  {always:11}  {}\n", idle.test));
        }
    }
    out
}

fn summary(runs: &[RuleRun<'_>], all: &[Finding]) -> String {
    let tested = runs.iter().filter(|run| !run.rule.sections.tests.is_empty()).count();
    let verdicts = runs.iter().flat_map(|run| &run.columns).filter_map(Column::counts);
    let [passed, accepted, failed] = verdicts
        .fold([0; 3], |sum, counts| [sum[0] + counts[0], sum[1] + counts[1], sum[2] + counts[2]]);
    let total = passed + accepted + failed;
    let mut words = format!(
        "{} of {} tested by {}: {passed} as they should, {failed} not",
        tested,
        plural(runs.len(), "rule"),
        plural(total, "verdict"),
    );
    if accepted > 0 {
        words.push_str(&format!(", {accepted} differ as the rules accept"));
    }
    let found = in_words(Counts::of(all));
    if !found.is_empty() {
        words.push_str(&format!(" ({found})"));
    }
    words
}

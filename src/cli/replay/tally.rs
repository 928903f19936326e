//! How often rules matched.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::super::output::{Format, write};
use super::super::{Context, Failure};
use crate::replay::{Found, Program, RuleFacts, Totals};
use crate::rule::Level;

/// Lengths of time to count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// Hours, in UTC.
    Hour,
    /// Days, in UTC.
    Day,
}

/// Counts of matches.
#[derive(Debug, Default)]
pub(super) struct Tally {
    by: Option<By>,
    pub(super) matches: u64,
    /// A rule in Datadog's form raises signals of several levels.
    by_rule: BTreeMap<(u32, Option<Level>), u64>,
    by_level: BTreeMap<Option<Level>, u64>,
    by_time: BTreeMap<String, u64>,
}

impl Tally {
    pub(super) fn new(by: Option<By>) -> Self {
        Self { by, ..Self::default() }
    }

    pub(super) fn add(&mut self, program: &Program, found: &Found) {
        self.matches += 1;
        let rule = program.rules.get(found.rule as usize);
        let level = rule.and_then(|rule| found.level(rule));
        *self.by_level.entry(level).or_default() += 1;
        *self.by_rule.entry((found.rule, level)).or_default() += 1;
        let Some(by) = self.by else { return };
        let bucket = found.event.time.map_or_else(
            || "without time".to_owned(),
            |time| if by == By::Day { time.day() } else { time.hour() },
        );
        *self.by_time.entry(bucket).or_default() += 1;
    }

    /// How many rules matched at all.
    pub(super) fn rules(&self) -> usize {
        self.by_rule.keys().map(|(rule, _)| rule).collect::<BTreeSet<_>>().len()
    }

    /// Prints the counts as a table, or as one JSON object.
    pub(super) fn print(
        &self,
        context: &Context,
        program: &Program,
        totals: &Totals,
    ) -> Result<(), Failure> {
        match context.format {
            Format::Json => write(&format!("{:#}\n", self.json(program, totals))),
            _ => write(&self.table(program)),
        }
    }

    /// Rules with the most matches first, those of each level for themselves, the most urgent first.
    fn sorted<'p>(&self, program: &'p Program) -> Vec<(&'p RuleFacts, Option<Level>, u64)> {
        let mut rows: Vec<_> = self.by_rule.iter().collect();
        rows.sort_by_key(|((rule, level), count)| (Reverse(**count), *rule, Reverse(*level)));
        let rows = rows.into_iter().filter_map(|(&(rule, level), &count)| {
            Some((program.rules.get(rule as usize)?, level, count))
        });
        rows.collect()
    }

    /// The most urgent level first.
    fn levels(&self) -> impl Iterator<Item = (Option<Level>, u64)> {
        self.by_level.iter().rev().map(|(level, count)| (*level, *count))
    }

    fn table(&self, program: &Program) -> String {
        let mut text = String::new();
        let word = |level: Option<Level>| level.map_or("-", Level::word);
        let _ = writeln!(text, "{:>9}  {:<13}  rule", "matches", "level");
        for (rule, level, count) in self.sorted(program) {
            let _ = writeln!(text, "{count:>9}  {:<13}  {}", word(level), rule.title);
        }
        let _ = writeln!(text, "\n{:>9}  level", "matches");
        for (level, count) in self.levels() {
            let _ = writeln!(text, "{count:>9}  {}", word(level));
        }
        if self.by.is_some() {
            let _ = writeln!(text, "\n{:>9}  time", "matches");
            for (time, count) in &self.by_time {
                let _ = writeln!(text, "{count:>9}  {time}");
            }
        }
        text
    }

    fn json(&self, program: &Program, totals: &Totals) -> Value {
        let rules: Vec<Value> = self
            .sorted(program)
            .into_iter()
            .map(|(rule, level, count)| {
                json!({
                    "rule": rule.id, "title": rule.title, "level": level, "matches": count,
                })
            })
            .collect();
        let levels: serde_json::Map<String, Value> = self
            .levels()
            .map(|(level, count)| (level.map_or("none", Level::word).to_owned(), json!(count)))
            .collect();
        let mut object = json!({
            "events": totals.events, "partial": totals.faults > 0, "matches": self.matches,
            "by_rule": rules, "by_level": levels,
        });
        if self.by.is_some()
            && let Some(object) = object.as_object_mut()
        {
            object.insert("by_time".to_owned(), json!(self.by_time));
        }
        object
    }
}

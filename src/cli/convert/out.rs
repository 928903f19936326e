//! Where the results of a conversion go.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Write as _};
use std::path::Path;

use serde_json::json;

use super::super::create::create;
use super::super::output::{Format, write};
use super::super::{Context, Failure};
use super::Convert;
use crate::convert::{Converted, Text, To, Unit};
use crate::import::stem;
use crate::query::Loss;

/// Prints or stores the rules of a run as they come.
pub(super) struct Out<'c> {
    convert: &'c Convert,
    context: &'c Context,
    /// File names that this run has used.
    names: HashSet<String>,
    /// The first rule, kept until it is known whether it is the only one.
    first: Option<Unit>,
    /// How many rules there were.
    rules: usize,
    /// Whether a text stands on standard output already.
    printed: bool,
    /// What standard error is to get before the next text, so that it gets it at once.
    said: String,
}

impl<'c> Out<'c> {
    pub(super) fn new(convert: &'c Convert, context: &'c Context) -> Self {
        let names = HashSet::new();
        let said = String::new();
        Self { convert, context, names, first: None, rules: 0, printed: false, said }
    }

    /// Takes the next rule.
    pub(super) fn add(&mut self, unit: Unit) -> Result<(), Failure> {
        self.rules += 1;
        if self.rules == 1 {
            self.first = Some(unit);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            self.unit(&first)?;
        }
        self.unit(&unit)
    }

    /// Writes what was kept back.
    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        match self.first.take() {
            Some(only) => self.unit(&only),
            None => Ok(()),
        }
    }

    fn unit(&mut self, unit: &Unit) -> Result<(), Failure> {
        if let (Ok(done), Some(folder)) = (&unit.result, &self.convert.output) {
            self.store(folder, unit, done)?;
        }
        if self.convert.report.is_some() {
            return Ok(());
        }
        if self.context.format == Format::Json {
            return write(&format!("{}\n", json!(unit)));
        }
        self.costs(unit);
        if let (Ok(done), None) = (&unit.result, &self.convert.output) {
            self.print(unit, done)?;
        }
        self.flush();
        Ok(())
    }

    /// Adds a line to what standard error gets.
    fn say(&mut self, line: fmt::Arguments<'_>) {
        // INVARIANT: writing to a String does not fail.
        let _ = writeln!(self.said, "{line}");
    }

    /// Hands on what was said so far: all of its lines in one piece, which are thousands in a run.
    fn flush(&mut self) {
        if !self.said.is_empty() {
            // It is `flat`, so there is nothing to strip where standard error is no terminal.
            eprint!("{}", self.said);
            self.said.clear();
        }
    }

    /// Says what a conversion costs, or why there is none. What the rules of a folder lean on is
    /// for a report.
    fn costs(&mut self, unit: &Unit) {
        let one = self.rules == 1;
        let mut say = |kind: &str, code: &str, reason: &str| {
            self.say(format_args!("{kind} ({code}): {}: {}", whose(unit), flat(reason)));
        };
        match &unit.result {
            Ok(done) => {
                losses(done).into_iter().for_each(|(code, reason)| say("loss", code, &reason));
                if one {
                    for (code, reason) in assumptions(done) {
                        say("assumption", code, &reason);
                    }
                }
            }
            // The findings say it, with the place.
            Err(refused) if refused.found => {}
            Err(refused) => {
                refused.refused.iter().for_each(|why| say("refused", why.code, &why.reason));
            }
        }
    }

    /// Texts one below the other; where there are several, each with a line that says what it is.
    fn print(&mut self, unit: &Unit, done: &Converted) -> Result<(), Failure> {
        let several = self.rules > 1 || done.texts.len() > 1;
        for text in &done.texts {
            let mut out = String::new();
            if self.printed {
                out.push_str(if matches!(self.convert.to, To::SigmaRule) { "---\n" } else { "\n" });
            }
            self.printed = true;
            if several {
                let heading = heading(unit, text);
                match self.convert.to.comment() {
                    Some(mark) => out.push_str(&format!("{mark} {heading}\n")),
                    None => self.say(format_args!("# {heading}")),
                }
            }
            out.push_str(text.text.trim_end());
            out.push('\n');
            self.flush();
            write(&out)?;
        }
        Ok(())
    }

    /// One file a text, named after its rule; a name that this run has used gets a number.
    fn store(&mut self, folder: &Path, unit: &Unit, done: &Converted) -> Result<(), Failure> {
        for text in &done.texts {
            let name = text.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
            let stem = stem(&format!("{}{name}", unit.title));
            let mut free = stem.clone();
            let mut nth = 1;
            while !self.names.insert(free.clone()) {
                nth += 1;
                free = format!("{stem}_{nth}");
            }
            let path = folder.join(format!("{free}.{}", self.convert.to.extension()));
            if !create(&path, &format!("{}\n", text.text.trim_end()))? {
                let path = path.display();
                return Err(Failure(format!(
                    "error: `{path}` is there already\nhelp: choose an empty folder"
                )));
            }
        }
        Ok(())
    }
}

/// What a rule loses, one line for each name and field, with how many values more.
fn losses(done: &Converted) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&Loss, usize)> = Vec::new();
    for loss in &done.losses {
        let is_same = |other: &Loss| {
            loss.field.is_some() && (other.code, &other.field) == (loss.code, &loss.field)
        };
        match lines.iter_mut().find(|(other, _)| is_same(other)) {
            Some((_, more)) => *more += 1,
            None => lines.push((loss, 0)),
        }
    }
    let line = |(loss, more): (&Loss, usize)| {
        let more = match more {
            0 => String::new(),
            1 => " (and 1 more value)".to_owned(),
            n => format!(" (and {n} more values)"),
        };
        (loss.code, format!("{}{more}", loss.reason))
    };
    lines.into_iter().map(line).collect()
}

/// What a rule leans on, one line for each name, with how often more.
fn assumptions(done: &Converted) -> Vec<(&'static str, String)> {
    let mut by_code: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for assumption in &done.assumptions {
        by_code.entry(assumption.code).or_default().push(&assumption.reason);
    }
    let line = |(code, reasons): (&'static str, Vec<&str>)| {
        let first = reasons.first().copied().unwrap_or_default();
        let more = match reasons.len() {
            0 | 1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        (code, format!("{first}{more}"))
    };
    by_code.into_iter().map(line).collect()
}

/// `Title (file)`; `Title: query (file)` for one query of several.
fn heading(unit: &Unit, text: &Text) -> String {
    let name = text.name.as_deref().map(|name| format!(": {name}")).unwrap_or_default();
    flat(&format!("{}{name} ({})", unit.title, unit.source)).into_owned()
}

fn whose(unit: &Unit) -> String {
    flat(&format!("{}: {}", unit.source, unit.title)).into_owned()
}

/// Text that stays on its line: what rules say must not end a comment or speak to a terminal.
fn flat(text: &str) -> Cow<'_, str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if text.contains(breaks) { text.replace(breaks, " ").into() } else { text.into() }
}

//! A whole set of rules against its translations.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde_json::json;

use super::super::import::{DOCUMENTS, sources};
use super::super::output::{Format, for_people, plain, plural, write};
use super::super::{Context, Failure, Outcome};
use super::{Form, Prove, Targets, witnesses};
use crate::convert::{Batch, Input, To};
use crate::diagnostic::{Finding, Severity};
use crate::proof::Limits;
use crate::relate::{Column, Compared, Translation, translations};

/// Most differences that are printed with their events.
const SHOWN: usize = 20;

/// One row of the table, and what must be said of it.
#[derive(Default)]
struct Row {
    counts: BTreeMap<Column, usize>,
    /// Differences of which the conversion says nothing.
    untold: Vec<Translation>,
    /// Rules that no event can match, and their translations neither.
    empty: usize,
}

impl Prove {
    /// The targets, each once, in the order of the command line.
    fn targets(&self) -> Vec<To> {
        let mut all: Vec<To> = Vec::new();
        let languages = || To::all().into_iter().filter(|to| matches!(to, To::Query(_))).collect();
        for targets in &self.to {
            let some: Vec<To> = match targets {
                Targets::Languages => languages(),
                Targets::One(to) => vec![*to],
            };
            for to in some {
                if all.iter().all(|own| own.name() != to.name()) {
                    all.push(to);
                }
            }
        }
        all
    }

    pub(super) fn corpus(&self, context: &Context) -> Result<Outcome, Failure> {
        let extensions = [DOCUMENTS, &Input::extensions()].concat();
        let (sources, mut findings) = sources(&self.corpus, &extensions)?;
        let batch = Batch::read(sources, None).with_elastic(context.config.elastic.clone());
        findings.extend(batch.findings().iter().cloned());
        let json = self.format == Form::Json || context.format == Format::Json;
        let mut rows = Vec::new();
        for (turn, to) in self.targets().into_iter().enumerate() {
            let mut row = Row::default();
            translations(&batch, to, &Limits::default(), |some, more| {
                if turn == 0 {
                    findings.extend(more);
                }
                some.into_iter().try_for_each(|one| {
                    if json {
                        let line = json!({"to": to.name(), "translation": one});
                        write(&format!("{line}\n"))?;
                    }
                    row.add(one);
                    Ok::<(), Failure>(())
                })
            })?;
            rows.push((to, row));
        }
        anstream::eprint!("{}", for_people(&errors(&findings)));
        match (json, self.format) {
            (true, _) => {}
            (false, Form::Md) => write(&markdown(&rows))?,
            (false, _) => write(&plain(&text(&rows)))?,
        }
        for (to, row) in &rows {
            anstream::eprintln!("{}", row.summary(*to));
        }
        let equal = rows.iter().all(|(_, row)| row.is_equal() && row.compared() > 0);
        Ok(match equal {
            _ if !errors(&findings).is_empty() => Outcome::Partial,
            true => Outcome::Fine,
            false => Outcome::Findings,
        })
    }
}

/// What could not be read at all.
fn errors(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
}

impl Row {
    fn add(&mut self, one: Translation) {
        *self.counts.entry(one.outcome.column()).or_default() += 1;
        if let crate::relate::Outcome::Compared(compared) = &one.outcome {
            self.empty += usize::from(compared.comparison.is_empty());
        }
        if differs(&one).is_some_and(|compared| !compared.is_told) {
            self.untold.push(one);
        }
    }

    fn count(&self, column: Column) -> usize {
        self.counts.get(&column).copied().unwrap_or_default()
    }

    /// Whether everything that was translated detects the same.
    fn is_equal(&self) -> bool {
        let fine = [Column::Equal, Column::EqualAssuming, Column::NotCompared, Column::Refused];
        self.counts.keys().all(|column| fine.contains(column))
    }

    /// The rules of which there is an answer.
    fn compared(&self) -> usize {
        let total: usize = self.counts.values().sum();
        total - self.count(Column::NotCompared) - self.count(Column::Refused)
    }

    fn summary(&self, to: To) -> String {
        let same = self.count(Column::Equal) + self.count(Column::EqualAssuming);
        let compared = self.compared();
        let empty = match self.empty {
            0 => String::new(),
            count => format!(" ({count} as they can match nothing)"),
        };
        format!(
            "{}: {same} of {} detect the same{empty}, {} differ unannounced, {} undecided",
            to.name(),
            plural(compared, "compared rule"),
            self.untold.len(),
            self.count(Column::Undecided),
        )
    }
}

/// A translation that is proven to detect something else.
fn differs(one: &Translation) -> Option<&Compared> {
    let crate::relate::Outcome::Compared(compared) = &one.outcome else { return None };
    let fine = [Column::Equal, Column::EqualAssuming, Column::Undecided];
    (!fine.contains(&one.outcome.column())).then_some(&**compared)
}

fn table(rows: &[(To, Row)], preset: comfy_table::TableStyle) -> String {
    let mut table = Table::new();
    table.load_style(preset).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(std::iter::once("to").chain(Column::ALL.map(Column::name)));
    for (to, row) in rows {
        let counts = Column::ALL.map(|column| row.count(column).to_string());
        table.add_row(std::iter::once(to.name().to_owned()).chain(counts));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

fn markdown(rows: &[(To, Row)]) -> String {
    table(rows, presets::ASCII_MARKDOWN)
}

/// The table, then what nobody was told: differences that the conversion does not name.
fn text(rows: &[(To, Row)]) -> String {
    let mut out = table(rows, presets::NOTHING);
    for (to, row) in rows.iter().filter(|(_, row)| !row.untold.is_empty()) {
        out.push_str(&format!(
            "\n{}: {} that the conversion does not announce\n",
            to.name(),
            plural(row.untold.len(), "difference")
        ));
        for one in row.untold.iter().take(SHOWN) {
            let Some(compared) = differs(one) else { continue };
            let relation = compared.comparison.relation.name();
            out.push_str(&format!("\n{}: {} ({relation})", one.source, one.title));
            out.push_str(&witnesses("the rule", "the translation", &compared.comparison));
        }
        if let Some(more) = row.untold.len().checked_sub(SHOWN + 1) {
            out.push_str(&format!("\n... and {} more (`--format json` has all)\n", more + 1));
        }
    }
    out
}

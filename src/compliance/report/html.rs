//! For auditors: one HTML page that needs nothing else, light or dark as the reader's system is.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use serde::Serialize;

use super::gap::{Gap, claims, gaps, leanings};
use super::history::steps;
use super::terminal::{history, places};
use crate::compliance::{Audit, Reading, RuleRow, VersionAudit};

/// The shipped template.
const TEMPLATE: &str = include_str!("../../../templates/coverage.html.jinja");

/// One version as the template sees it.
#[derive(Clone, Debug, Serialize)]
struct Page<'a> {
    version: &'a str,
    head: Vec<String>,
    rows: Vec<Row>,
    held: Vec<Held<'a>>,
    gaps: Vec<Shown<'a>>,
    claims: Vec<(String, &'a str, String)>,
    notes: Vec<Notes<'a>>,
}

/// One row of the table with the class of each cell.
#[derive(Clone, Debug, Serialize)]
struct Row {
    first: Vec<String>,
    cells: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug, Serialize)]
struct Shown<'a> {
    number: &'a str,
    title: &'a str,
    #[serde(flatten)]
    gap: Gap<'a>,
    names: String,
    what: &'static str,
    event: Option<String>,
}

/// Which rules a control rests on in one place.
#[derive(Clone, Debug, Serialize)]
struct Held<'a> {
    number: &'a str,
    place: &'static str,
    rules: Vec<&'a str>,
    /// What is lost without one of them.
    alone: Vec<(&'a str, String)>,
}

#[derive(Clone, Debug, Serialize)]
struct Notes<'a> {
    number: &'a str,
    shared: &'a [String],
    disagreements: Vec<(&'a str, &'a str)>,
}

/// The audit as a page; every text is escaped, and nothing is loaded from anywhere.
pub fn html(audit: &Audit) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax?);
    environment.add_template("coverage.html", TEMPLATE)?;
    let versions: Vec<Page<'_>> =
        audit.versions.iter().rev().map(|version| page(audit, version)).collect();
    let history: Vec<(&str, Vec<Vec<String>>)> = match audit.versions.len() {
        0 | 1 => Vec::new(),
        _ => audit.places.iter().map(|place| (place.name(), history(audit, *place))).collect(),
    };
    let told = |rule: &&RuleRow| rule.is_concerned || !rule.refused.is_empty();
    let rules: Vec<&RuleRow> = audit.rules.iter().filter(told).collect();
    environment.get_template("coverage.html")?.render(context! {
        title => audit.title.as_str(),
        note => audit.note.as_str(),
        literal => audit.reading == Reading::Literal,
        accepted => audit.accepted.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        sources => Value::from(Serde(&audit.sources)),
        date => audit.date.as_deref(),
        crosswalk => env!("CARGO_PKG_VERSION"),
        versions => Value::from(Serde(versions)),
        history,
        rules => Value::from(Serde(rules)),
        all_rules => audit.rules.len(),
        steps => Value::from(Serde(steps(audit))),
        leanings => Value::from(Serde(leanings(audit))),
    })
}

/// The fewest rules that do what all do, control by control, and those without which parts are lost.
fn held<'a>(audit: &'a Audit, version: &'a VersionAudit) -> Vec<Held<'a>> {
    let title = |rule: &usize| audit.rules.get(*rule).map(|rule| rule.title.as_str());
    let mut all = Vec::new();
    for control in &version.controls {
        for place in control.places.iter().filter(|place| !place.minimal.is_empty()) {
            let points = place.single_points.iter();
            all.push(Held {
                number: &control.control.number,
                place: place.place.name(),
                rules: place.minimal.iter().filter_map(title).collect(),
                alone: points
                    .filter_map(|(rule, parts)| Some((title(rule)?, counted(parts.len()))))
                    .collect(),
            });
        }
    }
    all
}

fn counted(parts: usize) -> String {
    if parts == 1 { "1 part".to_owned() } else { format!("{parts} parts") }
}

fn page<'a>(audit: &'a Audit, version: &'a VersionAudit) -> Page<'a> {
    let mut table = places(audit, version).into_iter();
    let head = table.next().unwrap_or_default();
    let rows = table.enumerate().map(|(at, row)| {
        let control = version.controls.get(at);
        let mut cells = row.into_iter();
        let first = cells.by_ref().take(2).collect();
        let class = |place| {
            let place = control.and_then(|control| control.place(place));
            place.map_or("", |place| match (place.covered(), place.reached()) {
                (covered, _) if covered == place.parts.len() => "full",
                (0, 0) => "none",
                _ => "part",
            })
        };
        let cells = audit.places.iter().zip(cells).map(|(place, cell)| (class(*place), cell));
        Row { first, cells: cells.collect() }
    });
    let shown = |gap: Gap<'a>| Shown {
        number: &gap.control.control.number,
        title: &gap.control.title,
        names: gap.names(),
        what: gap.what(),
        event: gap.witness.map(|event| format!("{event:#}")),
        gap,
    };
    let notes = version.controls.iter().map(|control| Notes {
        number: &control.control.number,
        shared: &control.shared,
        disagreements: control
            .disagreements
            .iter()
            .map(|one| (one.kind.as_str(), one.note.as_str()))
            .collect(),
    });
    let notes = notes.filter(|note| !note.shared.is_empty() || !note.disagreements.is_empty());
    let claims = claims(audit, version).into_iter();
    Page {
        version: &version.version,
        head,
        rows: rows.collect(),
        held: held(audit, version),
        gaps: gaps(audit, version).into_iter().map(shown).collect(),
        claims: claims.map(|(c, _, rule, words)| (c.control.number.clone(), rule, words)).collect(),
        notes: notes.collect(),
    }
}

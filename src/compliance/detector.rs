//! What the audit looks at: one rule with its meaning in every place where it runs.

use indexmap::IndexSet;
use serde::Serialize;
use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind};
use super::envelope;
use crate::config::Target;
use crate::fields::{Catalog, View, Vocabulary};
use crate::query::{Effect, Expr};
use crate::relate::{Beyond, Reading, of_output, of_record};
use crate::rule::{Accept, ControlRef, Count, Logsource, Rule, RuleSet, Shape, ShapeError};
use crate::source::Place as SourcePlace;
use crate::target::Output;

/// Where a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// The rule as written, or as imported.
    Rule,
    /// The query that was generated for Elastic, read again.
    Elastic,
    /// The queries that were generated for Datadog, read again.
    Datadog,
    /// The Sigma rule that was generated, read again.
    Sigma,
}

impl Place {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Place::Rule => "rule",
            Place::Elastic => "elastic",
            Place::Datadog => "datadog",
            Place::Sigma => "sigma",
        }
    }

    fn of(target: Target) -> Option<Self> {
        match target {
            Target::Elastic => Some(Place::Elastic),
            Target::Datadog => Some(Place::Datadog),
            Target::Sigma => Some(Place::Sigma),
            Target::Docs => None,
        }
    }
}

/// What a rule means in one place.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Whose names the expression uses.
    pub view: View,
    /// The events that it matches.
    pub expr: Expr,
    /// Why one matching event may raise no alert.
    pub gates: Vec<Narrowing>,
    /// The query, where there is a text.
    pub query: Option<String>,
    /// What the expression leans on or leaves out, in words.
    pub notes: Vec<String>,
}

/// One rule for the audit.
#[derive(Clone, Debug)]
pub struct Detector {
    /// Its title.
    pub title: String,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// The file that it stands in.
    pub file: String,
    /// Where its title stands.
    pub at: SourcePlace,
    /// The date of its last change, or of its first version.
    pub date: Option<String>,
    /// How the log is called that it reads: `aws/cloudtrail`. `None` if its names say so.
    pub log: Option<String>,
    /// The controls that it claims.
    pub claims: Vec<ControlRef>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its test events that must match, in its own words, with their names.
    pub tests: Vec<(String, Json)>,
    /// Why it wants less of some places than it says itself: its accepted losses.
    pub accepts: Vec<(Place, Vec<String>)>,
    /// Places that are looked at and not shown.
    pub hidden: Vec<Place>,
    /// Its meaning by place, or the reason why it has none there.
    pub meanings: Vec<(Place, Result<Meant, String>)>,
}

impl Detector {
    /// A rule as written.
    pub fn of(rule: &Rule, set: &RuleSet) -> Self {
        let header = &rule.header;
        let shaped = set.shape(rule, None).ok().map(|(_, logsource)| logsource);
        let logsource = shaped.or_else(|| rule.logic.logsource());
        let view = view_of(header.taxonomy.as_deref());
        let catalog = logsource.and_then(described);
        let meaning = meant(rule, set, catalog);
        // In the names of a platform the log source says less than the query.
        let asked = |(_, catalog): &(Meant, Option<&'static Catalog>)| catalog.map(log_of);
        let log = match view {
            View::Raw => catalog.map(log_of).or_else(|| logsource.map(ToString::to_string)),
            _ => meaning.as_ref().ok().and_then(asked),
        };
        let tests = rule.sections.tests.iter().filter(|test| test.matches);
        let date = header.modified.as_ref().or(header.date.as_ref());
        Self {
            title: header.title.clone(),
            id: header.id.as_ref().map(|id| id.value.to_string()),
            file: rule.source.name().to_owned(),
            at: SourcePlace::new(&rule.source, header.title_span),
            date: date.map(|date| date.value.to_string()),
            log,
            claims: rule.sections.controls.iter().map(|claim| claim.value.clone()).collect(),
            tags: header.tags.iter().map(|tag| tag.value.clone()).collect(),
            tests: tests.map(|test| (test.name.value.clone(), test.event.clone())).collect(),
            accepts: accepted(rule),
            hidden: Vec::new(),
            meanings: vec![(Place::Rule, meaning.map(|(meant, _)| meant))],
        }
    }

    /// A rule of which only this is known.
    pub(super) fn bare(title: String, file: String, at: SourcePlace) -> Self {
        Self {
            title,
            id: None,
            file,
            at,
            date: None,
            log: None,
            claims: Vec::new(),
            tags: Vec::new(),
            tests: Vec::new(),
            accepts: Vec::new(),
            hidden: Vec::new(),
            meanings: Vec::new(),
        }
    }

    /// Every rule of a set that raises alerts.
    pub fn all(set: &RuleSet) -> Vec<Self> {
        let alerting = set.rules().filter(|rule| set.raises_alerts(rule));
        alerting.map(|rule| Self::of(rule, set)).collect()
    }

    /// Adds what was generated from the rule for a platform: its queries are read again and carried
    /// back to the record, so that a fault of the translation cannot hide.
    pub fn add_output(&mut self, set: &RuleSet, rule: &Rule, output: &Output) {
        let Some(place) = Place::of(output.target) else { return };
        let gates = self.meaning(Place::Rule).map(|meant| meant.gates.clone()).unwrap_or_default();
        let gates = envelope::of_document(&output.payload).into_iter().chain(gates).collect();
        let read = of_output(set, rule, output).map(|reading| {
            let texts: Vec<&str> = output.queries.iter().map(|query| query.text.as_str()).collect();
            let query = (!texts.is_empty()).then(|| texts.join("\n"));
            Meant { gates, query, ..Meant::of(reading).0 }
        });
        self.meanings.push((place, read.map_err(|unrelated| unrelated.0.join("; "))));
    }

    /// Says why there is nothing for a platform.
    pub fn add_refusal(&mut self, target: Target, reason: &str) {
        if let Some(place) = Place::of(target) {
            self.meanings.push((place, Err(reason.to_owned())));
        }
    }

    /// What the rule means in a place.
    pub fn meaning(&self, place: Place) -> Option<&Meant> {
        let (_, meant) = self.meanings.iter().find(|(own, _)| *own == place)?;
        meant.as_ref().ok()
    }

    /// Whether the rule may find events of a log: its own, or one that its field names leave open.
    pub fn reads(&self, log: &str) -> bool {
        self.log.as_deref().is_none_or(|own| own == log)
    }
}

impl Meant {
    /// What was read, over the record where a catalogue knows all of it, and that catalogue.
    pub(super) fn of(reading: Reading) -> (Self, Option<&'static Catalog>) {
        let Reading { ref expr, vocabulary, ref logsource, ref notes, .. } = reading;
        let meant = |view, expr: Expr, notes: Vec<String>| {
            let notes = notes.into_iter().collect::<IndexSet<_>>().into_iter().collect();
            Self { view, expr, gates: Vec::new(), query: None, notes }
        };
        let view = match vocabulary {
            Vocabulary::Catalogue(catalog) => {
                return (meant(View::Raw, expr.clone(), notes.clone()), Some(catalog));
            }
            Vocabulary::View(view) => view,
            Vocabulary::Foreign(..) | Vocabulary::Unknown => View::Raw,
        };
        let catalog = Catalog::asked_for(&[expr], view)
            .or_else(|| logsource.as_ref().and_then(Logsource::catalog));
        let record = catalog.and_then(|catalog| of_record(&reading, catalog).ok());
        match record {
            Some((raw, more)) => {
                (meant(View::Raw, raw, notes.iter().cloned().chain(more).collect()), catalog)
            }
            None => (meant(view, expr.clone(), notes.clone()), catalog),
        }
    }
}

/// The catalogue of a log source: its own, or that of the only log in it that is described. A rule for
/// all of `aws` sees CloudTrail's events, too.
fn described(logsource: &Logsource) -> Option<&'static Catalog> {
    let is_within = |catalog: &&Catalog| {
        let table = &catalog.table().logsource;
        let own = Logsource {
            category: table.category.clone(),
            product: table.product.clone(),
            service: table.service.clone(),
            ..Logsource::default()
        };
        own.is_within(logsource)
    };
    let mut within = Catalog::all().filter(is_within);
    logsource.catalog().or_else(|| within.next().filter(|_| within.next().is_none()))
}

/// Whose names a rule uses.
pub(super) fn view_of(taxonomy: Option<&str>) -> View {
    match taxonomy.and_then(Vocabulary::of_taxonomy) {
        Some(Vocabulary::View(view)) => view,
        _ => View::Raw,
    }
}

/// What a rule gives as the reason for finding less on a platform.
fn accepted(rule: &Rule) -> Vec<(Place, Vec<String>)> {
    let sections = &rule.sections;
    let reasons = |entries: &[Accept]| {
        let narrower =
            |entry: &&Accept| Effect::from_name(&entry.loss.value) != Some(Effect::Wider);
        entries.iter().filter(narrower).map(|entry| entry.reason.clone()).collect::<Vec<_>>()
    };
    let entries =
        [(Place::Elastic, &sections.elastic.accept), (Place::Datadog, &sections.datadog.accept)];
    entries
        .into_iter()
        .map(|(place, entries)| (place, reasons(entries)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .collect()
}

/// How a log is called that a catalogue describes.
pub(super) fn log_of(catalog: &Catalog) -> String {
    let logsource = &catalog.table().logsource;
    let parts = [&logsource.product, &logsource.category, &logsource.service];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
}

/// The rule's own meaning, what stands between a matching event and an alert, and the catalogue of
/// its events.
fn meant(
    rule: &Rule,
    set: &RuleSet,
    catalog: Option<&'static Catalog>,
) -> Result<(Meant, Option<&'static Catalog>), String> {
    let (shape, _) = set.shape(rule, None).map_err(|error| match error {
        ShapeError::Native => "its query stands in a platform's own language".to_owned(),
        ShapeError::Detection(errors) => {
            errors.into_iter().next().map_or_else(String::new, |error| error.message)
        }
        ShapeError::UnknownRule(name) => format!("the correlation needs the rule `{name}`"),
        ShapeError::Nested(name) => format!("`{name}` is a correlation over correlations"),
        ShapeError::MixedLogsources => "its rules read different log sources".to_owned(),
    })?;
    let status = rule.header.status.as_ref().map(|status| status.value);
    let gates = gate(&shape).into_iter().chain(envelope::of_status(status)).collect();
    let expr = match shape {
        Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => expr,
        Shape::Correlation(kind) => {
            return Err(format!("a `{kind}` correlation says nothing about single events"));
        }
    };
    let view = view_of(rule.header.taxonomy.as_deref());
    let (vocabulary, expr) = match (view, catalog) {
        (View::Raw, Some(catalog)) => (Vocabulary::Catalogue(catalog), expr),
        (View::Raw, None) => (Vocabulary::Unknown, expr),
        (view, _) => (Vocabulary::View(view), expr.renamed(&|field| view.path(field.as_str()))),
    };
    let title = rule.header.title.clone();
    let logsource = rule.logic.logsource().cloned();
    let (notes, beyond) = (Vec::new(), Beyond::default());
    let reading = Reading { title, expr, vocabulary, logsource, notes, beyond };
    let (meant, catalog) = Meant::of(reading);
    Ok((Meant { gates, ..meant }, catalog))
}

/// A count or a first occurrence stands between an event and an alert.
fn gate(shape: &Shape) -> Option<Narrowing> {
    let (kind, condition) = match shape {
        Shape::NewValue { fields, history, .. } => {
            let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            let condition = format!("{} not seen together for {history}", fields.join(", "));
            (NarrowingKind::FirstOnly, condition)
        }
        Shape::Threshold { count, at_least, window, .. } if *at_least > 1 => {
            let what = match count {
                Count::Events => "events".to_owned(),
                Count::Distinct(field) => format!("values of {field}"),
            };
            (NarrowingKind::Count, format!("at least {at_least} {what} within {window}"))
        }
        _ => return None,
    };
    Some(Narrowing { kind, condition, witness: None })
}

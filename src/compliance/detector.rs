//! What the audit looks at: one rule with its meaning in every place where it runs.

use serde::Serialize;
use serde_json::Value as Json;

use super::envelope;
use super::meant::{Meant, meant, view_of};
use crate::config::Target;
use crate::fields::{Catalog, View};
use crate::query::{Effect, Expr};
use crate::relate::of_output;
use crate::rule::{Accept, ControlRef, Logsource, Rule, RuleSet};
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
        let gates = envelope::of_output(output).into_iter().chain(gates).collect();
        let read = of_output(set, rule, output).map(|reading| {
            let texts: Vec<&str> = output.queries.iter().map(|query| query.text.as_str()).collect();
            let query = (!texts.is_empty()).then(|| texts.join("\n"));
            let meant = Meant { gates, query, ..Meant::of(reading).0 };
            match envelope::other_log(&output.payload, self.log.as_deref()) {
                // Indices without such events are asked in vain.
                Some(other) => {
                    let note = format!("it reads `{other}`, which holds no such events");
                    Meant { expr: Expr::False, notes: vec![note], ..meant }
                }
                None => meant,
            }
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

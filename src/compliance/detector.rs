//! What the audit looks at: one rule with its meaning in every place where it runs.

use serde::Serialize;
use serde_json::Value as Json;

use super::decide::{Narrowing, NarrowingKind};
use super::ground::spelt;
use crate::config::Target;
use crate::fields::{Catalog, View, Vocabulary};
use crate::language::registry;
use crate::query::{Expr, Meaning};
use crate::rule::{ControlRef, Count, ElasticLanguage, Logic, Rule, RuleSet, Shape, ShapeError};
use crate::source::Place as SourcePlace;
use crate::target::{Output, QueryText, elastic};

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

    fn view(self) -> View {
        match self {
            Place::Rule | Place::Sigma => View::Raw,
            Place::Elastic => View::Ecs,
            Place::Datadog => View::Datadog,
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
    pub gate: Option<Narrowing>,
    /// The query, where there is a text.
    pub query: Option<String>,
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
    /// Its meaning by place, or the reason why it has none there.
    pub meanings: Vec<(Place, Result<Meant, String>)>,
}

impl Detector {
    /// A rule as written.
    pub fn of(rule: &Rule, set: &RuleSet) -> Self {
        let header = &rule.header;
        let view = match header.taxonomy.as_deref().and_then(Vocabulary::of_taxonomy) {
            Some(Vocabulary::View(view)) => view,
            _ => View::Raw,
        };
        let log = (view == View::Raw)
            .then(|| set.shape(rule, None).ok())
            .flatten()
            .map(|(_, logsource)| logsource)
            .or(rule.logic.logsource().filter(|_| view == View::Raw))
            .map(ToString::to_string);
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
            meanings: vec![(Place::Rule, meant(rule, set, view))],
        }
    }

    /// Every rule of a set that raises alerts.
    pub fn all(set: &RuleSet) -> Vec<Self> {
        let alerting = set.rules().filter(|rule| set.raises_alerts(rule));
        alerting.map(|rule| Self::of(rule, set)).collect()
    }

    /// Adds what was generated from the rule for a platform: its queries are read again, so that a
    /// fault of the translation cannot hide.
    pub fn add_output(&mut self, output: &Output) {
        let Some(place) = Place::of(output.target) else { return };
        let gate = self.meaning(Place::Rule).and_then(|meant| meant.gate.clone());
        let read = self.read(place, &output.queries).map(|(view, expr)| {
            let texts: Vec<&str> = output.queries.iter().map(|query| query.text.as_str()).collect();
            Meant { view, expr, gate, query: Some(texts.join("\n")) }
        });
        self.meanings.push((place, read));
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

    fn read(&self, place: Place, queries: &[QueryText]) -> Result<(View, Expr), String> {
        if queries.is_empty() {
            return Err("there is no query".to_owned());
        }
        let view = place.view();
        let log = self.log.as_deref().unwrap_or_default();
        let catalog = Catalog::all().find(|catalog| log_of(catalog) == log);
        let schema = Vocabulary::schema(
            &catalog.map_or(Vocabulary::View(view), Vocabulary::Catalogue),
            view,
            &[],
        );
        let mut exprs = Vec::new();
        for query in queries {
            let dialect = match ElasticLanguage::from_word(query.language) {
                Some(language) => Some(elastic::dialect(language)),
                None => registry::by_name(query.language),
            };
            let dialect = dialect.ok_or_else(|| format!("no language `{}`", query.language))?;
            let failed = |errors: Vec<crate::language::kit::QueryError>| {
                errors.into_iter().next().map_or_else(String::new, |error| error.message)
            };
            let lowered = dialect.read(&query.text).and_then(|read| read.lower(&*schema));
            match lowered.map_err(failed)?.value {
                Meaning::Match(expr) => exprs.push(expr),
                other => return Err(format!("the query is a {}", other.kind())),
            }
        }
        let raw: Option<Vec<Expr>> = catalog
            .filter(|_| view != View::Raw)
            .and_then(|catalog| exprs.iter().map(|expr| pulled(catalog, expr, view)).collect());
        Ok(match raw {
            Some(raw) => (View::Raw, Expr::any_of(raw)),
            None => (view, Expr::any_of(exprs)),
        })
    }
}

/// How a log is called that a catalogue describes.
pub(super) fn log_of(catalog: &Catalog) -> String {
    let logsource = &catalog.table().logsource;
    let parts = [&logsource.product, &logsource.category, &logsource.service];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
}

/// An expression of a view over the record, where that says exactly the same.
fn pulled(catalog: &Catalog, viewed: &Expr, view: View) -> Option<Expr> {
    let pulled = catalog.pull(viewed, view)?;
    let again = catalog.push(&pulled.raw, view).ok()?;
    let spelt = |expr| spelt(expr, &catalog.schema(view));
    let same =
        again.losses.is_empty() && spelt(again.value).same_alternatives(&spelt(pulled.viewed));
    same.then_some(pulled.raw)
}

/// The rule's own meaning, and what stands between a matching event and an alert.
fn meant(rule: &Rule, set: &RuleSet, view: View) -> Result<Meant, String> {
    let (shape, _) = set.shape(rule, None).map_err(|error| match error {
        ShapeError::Native => "its query stands in a platform's own language".to_owned(),
        ShapeError::Detection(errors) => {
            errors.into_iter().next().map_or_else(String::new, |error| error.message)
        }
        ShapeError::UnknownRule(name) => format!("the correlation needs the rule `{name}`"),
        ShapeError::Nested(name) => format!("`{name}` is a correlation over correlations"),
        ShapeError::MixedLogsources => "its rules read different log sources".to_owned(),
    })?;
    let gate = gate(&shape);
    let expr = match shape {
        Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => expr,
        Shape::Correlation(kind) => {
            return Err(format!("a `{kind}` correlation says nothing about single events"));
        }
    };
    let expr = match view {
        View::Raw => expr,
        view => expr.renamed(&|field| view.path(field.as_str())),
    };
    let native = matches!(rule.logic, Logic::Native { .. });
    if native {
        Err("it has no detection".to_owned())
    } else {
        Ok(Meant { view, expr, gate, query: None })
    }
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

//! What one side makes of an event: the rule itself, or the query that a platform gets.

use serde_json::Value as Json;

use crate::config::Target;
use crate::fields::{View, Vocabulary};
use crate::language::datadog::Datadog;
use crate::language::registry::Dialect;
use crate::query::{Expr, Meaning};
use crate::rule::{ElasticLanguage, Logsource, Rule, RuleFile, RuleSet, Shape, ShapeError};
use crate::target::{Emission, Output, QueryText, Request, elastic};

/// Who judges an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The rule as its author wrote it.
    Canonical,
    /// What a platform gets.
    Target(Target),
}

impl Side {
    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Side::Canonical => "canonical",
            Side::Target(target) => target.name(),
        }
    }

    /// How the side sees an event.
    pub(super) fn view(self) -> View {
        match self {
            Side::Canonical | Side::Target(Target::Sigma | Target::Docs) => View::Raw,
            Side::Target(Target::Elastic) => View::Ecs,
            Side::Target(Target::Datadog) => View::Datadog,
        }
    }
}

/// An expression over events as one side holds them.
#[derive(Debug)]
pub(super) struct Judge {
    side: Side,
    vocabulary: Vocabulary,
    /// What matches.
    pub(super) expr: Expr,
}

impl Judge {
    /// The rule itself.
    pub(super) fn canonical(set: &RuleSet, rule: &Rule) -> Result<Self, String> {
        let (expr, logsource) = matched(set, rule)?;
        Ok(Self { side: Side::Canonical, vocabulary: vocabulary(rule, logsource), expr })
    }

    /// What a platform gets, read again from its text.
    pub(super) fn of_emission(
        request: &Request<'_>,
        target: Target,
        emission: &Emission,
    ) -> Result<Self, String> {
        let output = emission.output.as_ref().ok_or_else(|| {
            let reasons = emission.refused.iter().map(|refusal| refusal.reason.as_str());
            match reasons.collect::<Vec<_>>().join("; ") {
                reasons if reasons.is_empty() => "the rule is not written".to_owned(),
                reasons => reasons,
            }
        })?;
        let Request { rule, set, .. } = *request;
        let shaped = set.shape(rule, None).ok().map(|(_, logsource)| logsource);
        let none = Logsource::default();
        let logsource = shaped.or_else(|| rule.logic.logsource()).unwrap_or(&none);
        let vocabulary = vocabulary(rule, logsource);
        let side = Side::Target(target);
        let expr = match target {
            Target::Sigma => of_sigma(output)?,
            _ => of_queries(&output.queries, side, &vocabulary)?,
        };
        Ok(Self { side, vocabulary, expr })
    }

    /// Whether an event of the rule's tests matches.
    pub(super) fn matches(&self, event: &Json) -> bool {
        self.expr.eval(&self.seen(event))
    }

    /// The event as this side holds it.
    pub(super) fn seen(&self, event: &Json) -> Json {
        self.vocabulary.project(event, self.side.view())
    }

    /// What decides the verdict on an event, in words, under the side's own field names.
    pub(super) fn why(&self, event: &Json) -> Vec<String> {
        let seen = self.seen(event);
        let reasons = self.expr.why(&seen);
        reasons.iter().map(|reason| reason.line(&|path| self.side.view().display(path))).collect()
    }
}

/// The single events that a rule asks for, and where they come from.
pub(super) fn matched<'r>(
    set: &'r RuleSet,
    rule: &'r Rule,
) -> Result<(Expr, &'r Logsource), String> {
    let (shape, logsource) = set.shape(rule, None).map_err(|error| match error {
        ShapeError::Native => "the rule stands only in the language of a platform".to_owned(),
        ShapeError::Detection(errors) => errors
            .first()
            .map_or_else(|| "it has no meaning".to_owned(), |error| error.message.clone()),
        ShapeError::UnknownRule(name) => format!("the rule `{name}` is not there"),
        ShapeError::Nested(_) => "it is a correlation over correlations".to_owned(),
        ShapeError::MixedLogsources => "its rules read different log sources".to_owned(),
    })?;
    match shape {
        Shape::Match(expr) | Shape::NewValue { expr, .. } | Shape::Threshold { expr, .. } => {
            Ok((expr, logsource))
        }
        Shape::Correlation(kind) => Err(format!("a `{kind}` correlation relates several events")),
    }
}

fn vocabulary(rule: &Rule, logsource: &Logsource) -> Vocabulary {
    let Logsource { product, service, category, .. } = logsource;
    let parts = [product, service, category].map(|part| part.as_deref());
    Vocabulary::of_rule(rule.header.taxonomy.as_deref(), parts)
}

/// The Sigma file that is written, read as any Sigma tool would.
fn of_sigma(output: &Output) -> Result<Expr, String> {
    let artifact = output.artifacts.first().ok_or("no file is written")?;
    let text = String::from_utf8_lossy(&artifact.bytes);
    let (file, _) = RuleFile::parse(&artifact.path, &text);
    let set = RuleSet::of(vec![file]);
    let rule = set.rules().filter(|rule| set.raises_alerts(rule)).last();
    let rule = rule.ok_or("the file that is written holds no rule")?;
    matched(&set, rule).map(|(expr, _)| expr)
}

/// The queries of a document, any of which finds an event.
fn of_queries(queries: &[QueryText], side: Side, vocabulary: &Vocabulary) -> Result<Expr, String> {
    if queries.is_empty() {
        return Err("the document has no query".to_owned());
    }
    let exprs: Result<Vec<Expr>, String> =
        queries.iter().map(|query| of_query(query, side, vocabulary)).collect();
    Ok(Expr::any_of(exprs?))
}

fn of_query(query: &QueryText, side: Side, vocabulary: &Vocabulary) -> Result<Expr, String> {
    let first = |errors: Vec<crate::language::kit::QueryError>| {
        let message = errors.first().map_or("it has no meaning", |error| error.message.as_str());
        format!("its query does not read back: {message}")
    };
    let dialect: &dyn Dialect = match ElasticLanguage::from_word(query.language) {
        Some(language) if side.view() == View::Ecs => elastic::dialect(language),
        _ => &Datadog,
    };
    let read = dialect.read(&query.text).map_err(first)?;
    let schema = vocabulary.schema(side.view(), &[]);
    match read.lower(&*schema).map_err(first)?.value {
        Meaning::Match(expr) => Ok(expr),
        Meaning::Threshold(threshold) => Ok(threshold.expr),
        Meaning::Sequence(_) => Err("its query relates several events".to_owned()),
    }
}

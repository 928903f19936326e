//! Rules of the platforms.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::logsource::LOG_SOURCE;
use super::meaning::converted;
use super::one::one;
use super::{Converted, Refused, Text, To, Unit, beyond, document, logsource, sigma};
use crate::config::ElasticDefaults;
use crate::diagnostic::Findings;
use crate::fields::View;
use crate::import::{self, Foreign, Platform, canonical_text, codes};
use crate::language::datadog::Datadog;
use crate::language::registry::Dialect;
use crate::query::{Assumption, Expr, Refusal};
use crate::rule::{ElasticLanguage, Logic, Logsource, Rule, RuleFile, RuleSet};
use crate::source::SourceFile;
use crate::target::elastic;

/// Converts one rule of a document.
pub(super) fn unit(
    source: &Arc<SourceFile>,
    foreign: &Foreign,
    to: To,
    elastic: &ElasticDefaults,
) -> Unit {
    let title = foreign.body.get("name").and_then(Json::as_str).unwrap_or("a rule without a name");
    let result = match to {
        To::Query(language) => queries(foreign, language),
        document => whole(source, foreign, document, elastic),
    };
    Unit { source: source.name().to_owned(), title: title.to_owned(), result }
}

/// A document by way of the canonical rule.
fn whole(
    source: &Arc<SourceFile>,
    foreign: &Foreign,
    to: To,
    elastic: &ElasticDefaults,
) -> Result<Converted, Refused> {
    let mut findings = Findings::new(source);
    let text = canonical_text(foreign, &mut findings);
    let (file, _) = RuleFile::parse(source.name(), &text);
    let set = RuleSet::of(vec![file]);
    let rules = sigma::alerting(&set);
    let rule =
        rules.last().ok_or_else(|| Refused::because("detection", "it does not read back"))?;
    let made = document::of_rule(&set, rule, to, elastic);
    let mut made = made.map_err(|refused| explained(refused, findings))?;
    if is_at_home(foreign, to) {
        made.assumptions.retain(|assumption| assumption.code != LOG_SOURCE);
    } else {
        let counts = matches!(rule.logic, Logic::Correlation(_));
        made.losses.extend(beyond::of_document(foreign, counts));
        told_by_indices(&mut made.assumptions, &set, rule, to);
    }
    Ok(converted(made.texts, made.losses, made.assumptions))
}

/// Names the indices of a rule, which say more than the log source that was made of them.
fn told_by_indices(assumptions: &mut Vec<Assumption>, set: &RuleSet, rule: &Rule, to: To) {
    let index = &rule.sections.elastic.index;
    let Ok((shape, logsource)) = set.shape(rule, None) else { return };
    let vocabulary = sigma::vocabulary(&rule.header, logsource);
    let exprs: Vec<&Expr> = shape.expr().into_iter().collect();
    let is_same = |read: Logsource| read.is_within(logsource) && logsource.is_within(&read);
    if matches!(to, To::SigmaRule) && import::index_logsource(index).is_some_and(is_same) {
        return;
    }
    if let Some(unsaid) = logsource::of_index(index, &vocabulary, &exprs) {
        assumptions.retain(|assumption| assumption.code != LOG_SOURCE);
        assumptions.push(unsaid);
    }
}

/// Whether a document stays with its platform, which keeps everything that it says.
fn is_at_home(foreign: &Foreign, to: To) -> bool {
    match foreign.platform {
        Platform::Elastic => matches!(to, To::Elastic | To::ElasticToml),
        Platform::Datadog => matches!(to, To::DatadogRule | To::Terraform),
    }
}

/// Says why a rule stands in its platform's language only, where that is why it is refused.
fn explained(mut refused: Refused, findings: Findings) -> Refused {
    let native = |refusal: &Refusal| refusal.code == "native";
    let findings = findings.into_sorted();
    if let Some(why) = findings.iter().find(|finding| finding.code == &codes::ENVELOPE_ONLY) {
        return Refused::because("no-query", why.message.clone());
    }
    let mut findings = findings.into_iter();
    if let Some(why) = findings.find(|finding| finding.code == &codes::NATIVE_QUERY) {
        for refusal in refused.refused.iter_mut().filter(|refusal| native(refusal)) {
            refusal.reason = why.message.clone();
        }
    }
    refused
}

/// The queries of a rule with their names.
fn queries(foreign: &Foreign, to: &dyn Dialect) -> Result<Converted, Refused> {
    let mut done = match foreign.platform {
        Platform::Elastic => of_elastic(&foreign.body, to)?,
        Platform::Datadog => of_datadog(foreign, to)?,
    };
    done.losses.extend(beyond::of_query(foreign));
    Ok(converted(done.texts, done.losses, done.assumptions))
}

fn of_elastic(body: &Map<String, Json>, to: &dyn Dialect) -> Result<Converted, Refused> {
    let text = |key: &str| body.get(key).and_then(Json::as_str);
    let kind = text("type").unwrap_or("query");
    let query = text("query").ok_or_else(|| {
        Refused::because("no-query", format!("a rule of type `{kind}` has no query"))
    })?;
    let word = text("language").unwrap_or(match kind {
        "eql" | "esql" => kind,
        _ => "kuery",
    });
    let language = ElasticLanguage::from_word(word)
        .ok_or_else(|| Refused::because("native", format!("`{word}` is no known language")))?;
    let index = body.get("index").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let index: Vec<String> = index.iter().filter_map(Json::as_str).map(str::to_owned).collect();
    let mut done = one(query, elastic::dialect(language), View::Ecs, to, &index)?;
    done.assumptions.extend(text("data_view_id").map(logsource::of_data_view));
    Ok(done)
}

fn of_datadog(foreign: &Foreign, to: &dyn Dialect) -> Result<Converted, Refused> {
    let body = &foreign.body;
    if foreign.beside.without_query {
        return Err(Refused::because("no-query", "this page shows no query"));
    }
    let kind = body.get("type").and_then(Json::as_str).unwrap_or("log_detection");
    let queries = body.get("queries").and_then(Json::as_array).map(Vec::as_slice);
    let queries = queries.unwrap_or_default();
    if kind != "log_detection" {
        let reason = format!("a rule of type `{kind}` has no search over logs");
        return Err(Refused::because("no-query", reason));
    }
    if queries.is_empty() {
        return Err(Refused::because("no-query", "the rule has no queries"));
    }
    let (mut texts, mut losses, mut assumptions) = (Vec::new(), Vec::new(), Vec::new());
    for query in queries {
        let text = query["query"].as_str().unwrap_or_default();
        let done = one(text, &Datadog, View::Datadog, to, &[])?;
        let name = query["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
        texts.extend(done.texts.into_iter().map(|text| Text { name: name.clone(), ..text }));
        losses.extend(done.losses);
        assumptions.extend(done.assumptions);
    }
    Ok(converted(texts, losses, assumptions))
}

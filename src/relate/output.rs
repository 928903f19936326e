//! What platforms get, read again from its text.

use super::{Reading, Unrelated, of_query, of_rule};
use crate::config::Target;
use crate::fields::Vocabulary;
use crate::language::datadog::Datadog;
use crate::language::registry::Dialect;
use crate::query::Expr;
use crate::rule::{ElasticLanguage, Logsource, Rule, RuleFile, RuleSet};
use crate::target::{Output, QueryText, elastic};

/// Reads the queries of a generated document; of several, what any of them matches.
pub fn of_output(set: &RuleSet, rule: &Rule, output: &Output) -> Result<Reading, Unrelated> {
    let title = format!("the rule for {}", output.target.name());
    let mut reading = match output.target {
        Target::Sigma => of_sigma(output)?,
        _ => of_queries(set, rule, output)?,
    };
    reading.title = title;
    Ok(reading)
}

/// The Sigma file, read as any Sigma tool would.
fn of_sigma(output: &Output) -> Result<Reading, Unrelated> {
    let artifact =
        output.artifacts.first().ok_or_else(|| Unrelated::because("no file is written"))?;
    let text = String::from_utf8_lossy(&artifact.bytes);
    let (file, _) = RuleFile::parse(&artifact.path, &text);
    let set = RuleSet::of(vec![file]);
    let rule = set.rules().filter(|rule| set.raises_alerts(rule)).last();
    of_rule(&set, rule.ok_or_else(|| Unrelated::because("the file that is written holds no rule"))?)
}

fn of_queries(set: &RuleSet, rule: &Rule, output: &Output) -> Result<Reading, Unrelated> {
    let shaped = set.shape(rule, None).ok().map(|(_, logsource)| logsource);
    let logsource = shaped.or_else(|| rule.logic.logsource());
    let catalog = logsource.and_then(Logsource::catalog);
    let readings: Result<Vec<Reading>, Unrelated> = output
        .queries
        .iter()
        .map(|query| of_query(dialect(output.target, query), &query.text, catalog))
        .collect();
    let readings = readings?;
    let notes = readings.iter().flat_map(|reading| reading.notes.clone()).collect();
    let expr = Expr::any_of(readings.iter().map(|reading| reading.expr.clone()));
    let first = readings.into_iter().next();
    let first = first.ok_or_else(|| Unrelated::because("the document has no query"))?;
    // Names that no table knows were kept, so both sides have the same.
    let kept = catalog.is_none() && rule.header.taxonomy.is_none();
    let vocabulary = if kept { Vocabulary::Unknown } else { first.vocabulary };
    Ok(Reading { expr, notes, vocabulary, logsource: logsource.cloned(), ..first })
}

fn dialect(target: Target, query: &QueryText) -> &'static dyn Dialect {
    match ElasticLanguage::from_word(query.language) {
        Some(language) if target == Target::Elastic => elastic::dialect(language),
        _ => &Datadog,
    }
}

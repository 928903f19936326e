//! What platforms get, read again from its text.

use serde_json::Value as Json;

use super::query::of_made;
use super::{Reading, Unrelated, of_query, of_rule};
use crate::config::Target;
use crate::language::datadog::Datadog;
use crate::language::registry::Dialect;
use crate::rule::{ElasticLanguage, Logsource, Rule, RuleFile, RuleSet, Shape};
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
    let own = of_rule(set, rule).ok();
    let logsource = own.as_ref().and_then(|own| own.logsource.clone());
    let logsource = logsource.or_else(|| rule.logic.logsource().cloned());
    let counts = matches!(set.shape(rule, None), Ok((Shape::Threshold { .. }, _)));
    let read = |(at, query): (usize, &QueryText)| {
        let language = dialect(output.target, query);
        let reading = match &own {
            Some(own) => of_made(language, &query.text, own),
            None => {
                of_query(language, &query.text, logsource.as_ref().and_then(Logsource::catalog))
            }
        };
        reading.map(|reading| grouped(reading, at, counts, output))
    };
    let any = Reading::any(output.queries.iter().enumerate().map(read).collect::<Result<_, _>>()?)?;
    Ok(Reading { logsource, ..any })
}

/// The reading of a document's query with what its group asks for. Of a rule that counts, be it to
/// one, the group is a part of the counting.
fn grouped(reading: Reading, at: usize, counts: bool, output: &Output) -> Reading {
    match &output.payload {
        Json::Object(payload) if output.target == Target::Datadog => {
            let counts = counts || crate::convert::counts(payload);
            reading.grouped(&output.payload["queries"][at], counts)
        }
        _ => reading,
    }
}

fn dialect(target: Target, query: &QueryText) -> &'static dyn Dialect {
    match ElasticLanguage::from_word(query.language) {
        Some(language) if target == Target::Elastic => elastic::dialect(language),
        _ => &Datadog,
    }
}

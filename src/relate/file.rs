//! Documents with rules, of any kind that can be imported.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Reading, Unrelated, of_query, of_rule};
use crate::diagnostic::{Findings, Severity};
use crate::fields::Catalog;
use crate::import::{self, Foreign, Kind, Platform};
use crate::language::datadog::Datadog;
use crate::rule::{ElasticLanguage, RuleFile, RuleSet};
use crate::source::SourceFile;
use crate::target::elastic;

/// Every rule of a document, in its order.
pub fn of_source(
    source: &Arc<SourceFile>,
    catalog: Option<&'static Catalog>,
) -> Result<Vec<Result<Reading, Unrelated>>, Unrelated> {
    let name = source.name();
    if source.text().trim().is_empty() {
        return Err(Unrelated::because(format!("{name}: the file is empty")));
    }
    let kind = Kind::of(source)
        .ok_or_else(|| Unrelated::because(format!("{name}: this is no rule of a known kind")))?;
    let mut findings = Findings::new(source);
    match import::bodies(source, kind, &mut findings) {
        Some(bodies) => Ok(bodies.iter().map(|body| of_foreign(body, catalog)).collect()),
        None => {
            let (file, findings) = RuleFile::parse(name, source.text());
            if let Some(error) = findings.iter().find(|f| f.severity == Severity::Error) {
                return Err(Unrelated::because(format!("{name}: {}", error.message)));
            }
            let set = RuleSet::of(vec![file]);
            let rules = set.rules().filter(|rule| set.raises_alerts(rule));
            Ok(rules.map(|rule| of_rule(&set, rule)).collect())
        }
    }
}

/// The only rule of a document.
pub fn sole(
    source: &Arc<SourceFile>,
    catalog: Option<&'static Catalog>,
) -> Result<Reading, Unrelated> {
    let mut readings = of_source(source, catalog)?;
    match readings.len() {
        1 => readings.remove(0),
        0 => Err(Unrelated::because(format!("{}: it holds no rule", source.name()))),
        count => Err(Unrelated::because(format!(
            "{}: it holds {count} rules; name a file with one",
            source.name()
        ))),
    }
}

/// A rule as its platform runs it: its own query, not what an import makes of it.
pub fn of_foreign(
    foreign: &Foreign,
    catalog: Option<&'static Catalog>,
) -> Result<Reading, Unrelated> {
    let text = |key: &str| foreign.body.get(key).and_then(Json::as_str);
    let title = text("name").unwrap_or("a rule without a name").to_owned();
    let named = |unrelated: Unrelated| {
        Unrelated(unrelated.0.into_iter().map(|reason| format!("{title}: {reason}")).collect())
    };
    let no_query = || Unrelated::because(format!("{title}: it has no query"));
    let mut reading = match foreign.platform {
        Platform::Elastic => {
            let query = text("query").ok_or_else(no_query)?;
            let word = text("language").or(match text("type") {
                Some(kind @ ("eql" | "esql")) => Some(kind),
                _ => None,
            });
            let language = ElasticLanguage::from_word(word.unwrap_or("kuery"));
            let language = language.ok_or_else(no_query)?;
            of_query(elastic::dialect(language), query, catalog).map_err(named)?
        }
        Platform::Datadog => {
            let queries = foreign.body.get("queries").and_then(Json::as_array);
            let queries = queries.map(Vec::as_slice).unwrap_or_default();
            let counts = crate::convert::counts(&foreign.body);
            let texts = queries.iter().filter_map(|query| Some((query, query["query"].as_str()?)));
            let read = |(query, text): (&Json, &str)| {
                Ok(of_query(&Datadog, text, catalog)?.grouped(query, counts))
            };
            let readings: Result<Vec<Reading>, Unrelated> = texts.map(read).collect();
            Reading::any(readings.map_err(named)?).map_err(|_| no_query())?
        }
    };
    reading.notes.extend(crate::convert::left_by_reading(foreign));
    reading.title = title;
    Ok(reading)
}

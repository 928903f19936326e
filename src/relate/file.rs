//! Documents with rules, of any kind that can be imported.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::counting::{Asks, Whose};
use super::{Beyond, Reading, Reads, Unrelated, cases, of_query, of_rule};
use crate::diagnostic::{Findings, Severity};
use crate::fields::Catalog;
use crate::import::{self, Foreign, Kind, Platform};
use crate::language::datadog::Datadog;
use crate::query::Expr;
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
            let texts = queries.iter().enumerate();
            let texts = texts.filter_map(|(at, query)| Some((at, query, query["query"].as_str()?)));
            let read = |(at, query, text)| {
                Ok((at, of_query(&Datadog, text, catalog)?.grouped(query, counts)))
            };
            let readings: Result<Vec<(usize, Reading)>, Unrelated> = texts.map(read).collect();
            asked_for(&foreign.body, queries, readings.map_err(named)?).ok_or_else(no_query)?
        }
    };
    reading.notes.extend(crate::convert::left_by_reading(foreign));
    reading.title = title;
    let (whose, asked) = (whose(foreign.platform), crate::convert::asked_beside_query(foreign));
    let Beyond { reads: by_query, asks } = reading.beyond;
    reading.beyond =
        Beyond { reads: by_query.or_else(|| reads(foreign)), asks: Asks::with(asks, whose, asked) };
    Ok(reading)
}

/// What the queries match of which a case needs events; what no case asks for raises nothing.
fn asked_for(
    body: &Map<String, Json>,
    queries: &[Json],
    mut readings: Vec<(usize, Reading)>,
) -> Option<Reading> {
    let asked = cases::asked(body);
    let mut notes = Vec::new();
    for (at, reading) in readings.iter_mut().filter(|(at, _)| !asked.contains(at)) {
        let name = queries.get(*at).map(|query| cases::name(query, *at)).unwrap_or_default();
        notes.push(format!("no case that can hold needs events of the query `{name}`"));
        reading.expr = Expr::False;
        reading.notes.clear();
    }
    let mut any = Reading::any(readings.into_iter().map(|(_, reading)| reading).collect()).ok()?;
    any.notes.extend(notes);
    Some(any)
}

fn whose(platform: Platform) -> Whose {
    match platform {
        Platform::Elastic => Whose::Elastic,
        Platform::Datadog => Whose::Datadog,
    }
}

/// The indices, or the data view, that an Elastic rule reads.
fn reads(foreign: &Foreign) -> Option<Reads> {
    if foreign.platform != Platform::Elastic {
        return None;
    }
    let list = foreign.body.get("index").and_then(Json::as_array);
    let index: Vec<String> =
        list.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    let view = foreign.body.get("data_view_id").and_then(Json::as_str);
    let view = view.filter(|id| !id.is_empty()).map(|id| Reads::DataView(id.to_owned()));
    view.or_else(|| (!index.is_empty()).then_some(Reads::Indices(index)))
}

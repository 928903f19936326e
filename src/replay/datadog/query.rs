//! The queries of a body: which logs, in which groups, and what they add up to.

use serde_json::Value as Json;

use super::{list, texts};
use crate::fields::{Catalog, View};
use crate::language::datadog::Datadog;
use crate::language::registry::Dialect;
use crate::query::{Expr, FieldPath, Meaning, Schema};
use crate::replay::assemble::WatchedMember;
use crate::replay::detector::Measure;
use crate::replay::program::Sources;
use crate::replay::signal::Counter;

/// All queries of a body.
#[derive(Debug)]
pub(super) struct Queries(Vec<Query>);

#[derive(Debug)]
struct Query {
    name: String,
    expr: Expr,
    group: Vec<String>,
    /// Whether logs without a field of the group count, too.
    optional: bool,
    measure: Measure,
    values: Vec<String>,
    /// Whether the values are remembered and not counted.
    learns: bool,
}

/// Reads the queries of a body, with its filters.
pub(super) fn read(body: &Json, catalog: Option<&'static Catalog>) -> Result<Queries, String> {
    let schema: Box<dyn Schema> = match catalog {
        Some(catalog) => Box::new(catalog.schema(View::Datadog)),
        None => Box::new(()),
    };
    let mut filters = Vec::new();
    for filter in list(&body["filters"]) {
        let expr = expr(filter["query"].as_str().unwrap_or_default(), &*schema)?;
        match filter["action"].as_str() {
            Some("require") => filters.push(expr),
            Some("suppress") => filters.push(expr.negated()),
            other => return Err(format!("a filter says `{}`", other.unwrap_or("nothing"))),
        }
    }
    let all = list(&body["queries"]).iter().enumerate();
    let queries: Result<Vec<Query>, String> =
        all.map(|(at, json)| query(json, at, &filters, &*schema)).collect();
    let queries = Queries(queries?);
    let first = queries.0.first().ok_or("it has no query")?;
    // Queries are joined by the values of their groups, place by place.
    if let Some(other) = queries.0.iter().find(|other| other.group.len() != first.group.len()) {
        return Err(format!(
            "its queries `{}` and `{}` have groups of different sizes, so it is open how they are joined",
            first.name, other.name
        ));
    }
    Ok(queries)
}

fn query(json: &Json, at: usize, filters: &[Expr], schema: &dyn Schema) -> Result<Query, String> {
    let name = name(json, at);
    match json["dataSource"].as_str() {
        None | Some("logs") => {}
        Some(other) => return Err(format!("the query `{name}` reads `{other}`, not logs")),
    }
    if json["index"].is_string() || !list(&json["indexes"]).is_empty() {
        return Err(format!("the query `{name}` reads single indexes"));
    }
    let text = json["query"].as_str().ok_or_else(|| format!("the query `{name}` has no text"))?;
    let mut parts = vec![expr(text, schema)?];
    if let Some(more) = json["customQueryExtension"].as_str().filter(|text| !text.is_empty()) {
        parts.push(expr(more, schema)?);
    }
    parts.extend(filters.iter().cloned());
    let (measure, values) = aggregation(json, &name)?;
    Ok(Query {
        expr: Expr::all(parts),
        group: texts(&json["groupByFields"]).into_iter().map(str::to_owned).collect(),
        optional: json["hasOptionalGroupByFields"].as_bool().unwrap_or_default(),
        learns: json["aggregation"] == "new_value",
        measure,
        values,
        name,
    })
}

/// The name of a query, which is a letter if it has none.
fn name(json: &Json, at: usize) -> String {
    let letter = || char::from(b'a' + u8::try_from(at.min(25)).unwrap_or_default()).to_string();
    json["name"].as_str().filter(|name| !name.is_empty()).map_or_else(letter, str::to_owned)
}

fn expr(text: &str, schema: &dyn Schema) -> Result<Expr, String> {
    let first = |errors: Vec<crate::language::kit::QueryError>| {
        errors.into_iter().next().map_or_else(String::new, |error| error.message)
    };
    match Datadog.read(text.trim()).map_err(first)?.lower(schema).map_err(first)?.value {
        Meaning::Match(expr) => Ok(expr),
        _ => Err(format!("the query `{text}` asks for several logs")),
    }
}

/// What is taken of each log, and what that adds up to.
fn aggregation(json: &Json, name: &str) -> Result<(Measure, Vec<String>), String> {
    let fields = |key: &str| texts(&json[key]).into_iter().map(str::to_owned).collect::<Vec<_>>();
    // `metric` is the older key, for one field.
    let metrics = || match fields("metrics") {
        none if none.is_empty() => json["metric"].as_str().map(str::to_owned).into_iter().collect(),
        some => some,
    };
    let (measure, values) = match json["aggregation"].as_str().unwrap_or("count") {
        "count" => return Ok((Measure::Events, Vec::new())),
        "cardinality" => (Measure::Distinct, fields("distinctFields")),
        "sum" => (Measure::Sum, metrics()),
        "max" => (Measure::Greatest, metrics()),
        "new_value" => (Measure::Distinct, metrics()),
        other => return Err(format!("the query `{name}` is aggregated by `{other}`")),
    };
    match values.as_slice() {
        [] => Err(format!("the query `{name}` does not say which values it looks at")),
        [_, _, ..] if measure.is_numeric() => {
            Err(format!("the query `{name}` adds up several fields"))
        }
        _ => Ok((measure, values)),
    }
}

impl Queries {
    /// Which query has a name.
    pub(super) fn of_name(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|query| query.name == name)
    }

    /// The names of the groups' fields.
    pub(super) fn group(&self) -> Vec<String> {
        self.0.first().map(|first| first.group.clone()).unwrap_or_default()
    }

    /// Whether the one query there is remembers values.
    pub(super) fn learn(&self) -> bool {
        matches!(self.0.as_slice(), [query] if query.learns)
    }

    /// The query that remembers values where others count.
    pub(super) fn learner(&self) -> Option<&str> {
        self.0.iter().find(|query| query.learns).map(|query| query.name.as_str())
    }

    /// The fields whose values are remembered.
    pub(super) fn learnt(&self) -> Vec<String> {
        self.0.iter().filter(|query| query.learns).flat_map(|query| query.values.clone()).collect()
    }

    pub(super) fn counters(&self) -> Vec<Counter> {
        let counter = |query: &Query| Counter { name: query.name.clone(), measure: query.measure };
        self.0.iter().map(counter).collect()
    }

    pub(super) fn members(self, sources: Sources) -> Vec<WatchedMember> {
        let view = View::Datadog;
        let paths = |names: &[String]| -> Vec<FieldPath> {
            names.iter().map(|name| view.path(name)).collect()
        };
        let member = |query: Query| WatchedMember {
            view,
            sources,
            group: paths(&query.group),
            values: paths(&query.values),
            whole: !query.optional,
            expr: query.expr,
        };
        self.0.into_iter().map(member).collect()
    }
}

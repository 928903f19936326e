//! Queries and cases of a Datadog rule as a detection.

use serde_json::{Map, Value as Json, json};

use super::super::draft::{Draft, set};
use super::super::named::Named;
use super::super::stated::{Stated, Words, state};
use super::super::{beyond, correlation, logsource};
use super::cases::{self, counts, query_name};
use super::{duration, list, list_of, tags, text};
use crate::fields::View;
use crate::import::foreign::Foreign;
use crate::language::datadog::Datadog;
use crate::language::kit::QueryError;
use crate::query::{Expr, FieldPath};

/// Keys of a body that change what its queries find and have no counterpart in a rule.
const BEYOND_QUERIES: &[&str] = &[
    "filters",
    "referenceTables",
    "calculatedFields",
    "schedulingOptions",
    "groupSignalsBy",
    "thirdPartyCases",
];

/// The detection of all queries, with what the rule counts.
pub(super) fn logic(foreign: &Foreign, draft: &mut Draft) -> Result<(), Vec<QueryError>> {
    let body = &foreign.body;
    plain_logs(body)?;
    let queries = list(body, "queries");
    let texts = queries.iter().map(|query| query["query"].as_str()).collect::<Option<Vec<_>>>();
    let texts = texts.ok_or_else(|| beyond("a query has no text"))?;
    let needed: Vec<FieldPath> = queries.iter().flat_map(needed).collect();
    let stated = state(&Datadog, &texts, View::Datadog, &needed)?;
    let (Some(first), Some(query)) = (stated.first(), queries.first()) else {
        return Err(beyond("the rule has no query"));
    };
    let group = group(queries, first)?;
    let cases = list(body, "cases");
    match (query["aggregation"].as_str().unwrap_or("count"), queries.len(), cases) {
        ("new_value", 1, [_]) => {
            let new = new_value(body, query, first)?;
            let named = Named::only(&first.detection(true).map_err(beyond)?);
            finish(body, first, &named, group, draft);
            draft.set("new_value", new);
        }
        ("count", 1, [case]) if counts(case, query).is_some_and(|n| n > 1) => {
            let at_least = counts(case, query).unwrap_or(1);
            threshold(body, first, group, ("event_count", json!({"gte": at_least})), draft)?;
        }
        ("cardinality", 1, [case]) => {
            let at_least =
                counts(case, query).ok_or_else(|| beyond("the case is no plain count"))?;
            let distinct = fields(&query["distinctFields"], first)?;
            let [field] = distinct.as_slice() else {
                return Err(beyond("the query counts combinations of fields"));
            };
            let condition = json!({"gte": at_least, "field": field});
            threshold(body, first, group, ("value_count", condition), draft)?;
        }
        ("count", ..) if queries.iter().all(is_count) => {
            let (named, made) = cases::cases(body, &stated)?;
            // Of all queries, as one case may look at several.
            let viewed = Expr::any_of(stated.iter().map(|one| one.viewed.clone()));
            finish(body, &Stated { viewed, ..first.clone() }, &named, group, draft);
            draft.set_in("datadog", "cases", made);
        }
        (other, ..) => return Err(beyond(format!("the queries are aggregated by `{other}`"))),
    }
    Ok(())
}

fn is_count(query: &Json) -> bool {
    query["aggregation"].as_str().is_none_or(|aggregation| aggregation == "count")
}

/// Rules over logs that count what their queries find, or look for new values.
fn plain_logs(body: &Map<String, Json>) -> Result<(), Vec<QueryError>> {
    let kind = text(body, "type").unwrap_or("log_detection");
    if kind != "log_detection" {
        return Err(beyond(format!("a rule of type `{kind}` reads no logs")));
    }
    let method = body.get("options").and_then(|o| o["detectionMethod"].as_str());
    if let Some(method) = method.filter(|method| !["threshold", "new_value"].contains(method)) {
        return Err(beyond(format!("`{method}` decides by more than what the queries say")));
    }
    let says = |value: &Json| !value.is_null() && *value != json!([]);
    if let Some(key) = BEYOND_QUERIES.iter().find(|key| body.get(**key).is_some_and(says)) {
        return Err(beyond(format!("`{key}` selects logs beside the queries")));
    }
    for query in list(body, "queries") {
        let source = query["dataSource"].as_str().unwrap_or("logs");
        let indexes = !list_of(&query["indexes"]).is_empty() || query["index"].is_string();
        if source != "logs" || indexes {
            return Err(beyond("a query reads something else than all logs"));
        }
        if query["customQueryExtension"].as_str().is_some_and(|text| !text.is_empty()) {
            return Err(beyond("a query has an extension"));
        }
    }
    Ok(())
}

/// The fields that a query names beside its text.
fn needed(query: &Json) -> Vec<FieldPath> {
    let lists = ["groupByFields", "distinctFields", "metrics"].map(|key| list_of(&query[key]));
    let names = lists.into_iter().flatten().chain([&query["metric"]]).filter_map(Json::as_str);
    names.map(|name| View::Datadog.path(name)).collect()
}

/// What signals are grouped by.
struct Group {
    fields: Vec<String>,
    /// The same as the platform holds them.
    viewed: Vec<FieldPath>,
    /// Whether logs without the fields raise signals, too.
    optional: bool,
}

/// The one group of all queries.
fn group(queries: &[Json], stated: &Stated) -> Result<Group, Vec<QueryError>> {
    let optional = |query: &Json| query["hasOptionalGroupByFields"].as_bool().unwrap_or(false);
    let first = queries.first().unwrap_or(&Json::Null);
    let names = |query: &Json| list_of(&query["groupByFields"]).to_vec();
    if let Some(at) = queries.iter().position(|query| names(query) != names(first)) {
        let words = |at: usize| {
            let query = queries.get(at).unwrap_or(&Json::Null);
            let fields = names(query);
            let fields: Vec<&str> = fields.iter().filter_map(Json::as_str).collect();
            let by = if fields.is_empty() {
                "nothing".to_owned()
            } else {
                format!("`{}`", fields.join("`, `"))
            };
            format!("`{}` by {by}", query_name(query, at))
        };
        let message = "the queries are grouped by different fields, and a rule has one group";
        return Err(beyond(format!("{message}: {}, {}", words(0), words(at))));
    }
    if queries.iter().any(|query| optional(query) != optional(first)) {
        return Err(beyond("the queries treat logs without a group differently"));
    }
    let own = names(first);
    let viewed = own.iter().filter_map(Json::as_str).map(|name| View::Datadog.path(name));
    Ok(Group {
        viewed: viewed.collect(),
        fields: fields(&first["groupByFields"], stated)?,
        optional: optional(first),
    })
}

impl Group {
    /// Whether logs that a query finds raise no signal for want of a field. What the query asks for
    /// itself is there.
    fn selects(&self, query: &Expr) -> bool {
        !self.optional && !self.viewed.iter().all(|field| query.asks_for(field))
    }
}

/// The section `new_value`.
fn new_value(
    body: &Map<String, Json>,
    query: &Json,
    stated: &Stated,
) -> Result<Json, Vec<QueryError>> {
    let options = body.get("options").map(|options| &options["newValueOptions"]);
    let days = options.and_then(|options| options["forgetAfter"].as_u64());
    let days = days.ok_or_else(|| beyond("the rule does not say how long it remembers"))?;
    // `metric` is the older key, for one field.
    let mut names = query["metrics"].clone();
    if list_of(&names).is_empty() {
        names = query["metric"].as_str().map(|name| json!([name])).unwrap_or_default();
    }
    let fields = fields(&names, stated)?;
    if fields.is_empty() {
        return Err(beyond("the rule does not say which values it remembers"));
    }
    Ok(json!({"fields": fields, "history": format!("{days}d")}))
}

/// Sets what a rule over single events says.
fn finish(
    body: &Map<String, Json>,
    stated: &Stated,
    named: &Named,
    group: Group,
    draft: &mut Draft,
) {
    draft.set_in("datadog", "group_by", &group.fields);
    if !group.fields.is_empty() && !group.optional {
        draft.set_in("datadog", "group_by_optional", false);
    }
    if group.selects(&stated.viewed) {
        let reason = "as in the imported rule: logs without a field of the group raise no signal";
        draft.set_in("datadog", "accept", json!([{"loss": "narrower", "reason": reason}]));
    }
    vocabulary(body, stated, &mut draft.rule);
    draft.set("detection", named.section());
}

/// A threshold counts the matches of a rule.
fn threshold(
    body: &Map<String, Json>,
    stated: &Stated,
    group: Group,
    count: (&str, Json),
    draft: &mut Draft,
) -> Result<(), Vec<QueryError>> {
    if group.optional && !group.fields.is_empty() {
        return Err(beyond("logs without a field of the group are counted, too"));
    }
    let window = body.get("options").and_then(|options| options["evaluationWindow"].as_u64());
    let window = window.and_then(duration).filter(|window| window != "0s");
    let window = window.ok_or_else(|| beyond("the rule has no window"))?;
    // Logs without a field of the group are not counted.
    let counted = stated.asking_for(&group.viewed, View::Datadog);
    let named = Named::only(&counted.detection(true).map_err(beyond)?);
    let mut base = Map::new();
    vocabulary(body, stated, &mut base);
    set(&mut base, "detection", named.section());
    draft.set("taxonomy", stated.vocabulary.taxonomy());
    correlation::counted(draft, base, count, &group.fields, &window);
    draft.unset_in("datadog", "evaluation_window");
    Ok(())
}

fn vocabulary(body: &Map<String, Json>, stated: &Stated, rule: &mut Map<String, Json>) {
    set(rule, "taxonomy", stated.vocabulary.taxonomy());
    let logsource = match stated.vocabulary {
        Words::Record(catalog) => json!(catalog.table().logsource),
        Words::Platform(_) => {
            Json::Object(logsource::of_datadog(Some(&stated.viewed), &tags(body)))
        }
    };
    set(rule, "logsource", logsource);
}

/// Names of facets as fields in the rule's own words.
fn fields(names: &Json, stated: &Stated) -> Result<Vec<String>, Vec<QueryError>> {
    let field = |name: &Json| {
        let name = name.as_str().unwrap_or_default();
        let path = View::Datadog.path(name);
        let known = stated.vocabulary.field(&path, View::Datadog).map(|field| field.to_string());
        known.ok_or_else(|| beyond(format!("the rule has no word for the field `{name}`")))
    };
    list_of(names).iter().map(field).collect()
}

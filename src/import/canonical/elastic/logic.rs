//! The query of an Elastic rule as a detection.

use serde_json::{Map, Value as Json, json};

use super::super::draft::{Draft, set};
use super::super::stated::{Stated, Words, state};
use super::super::{beyond, correlation, logsource};
use super::{text, texts};
use crate::fields::View;
use crate::import::foreign::Foreign;
use crate::language::esql::{self, Command, FromItem};
use crate::language::kit::QueryError;
use crate::language::sigma::print;
use crate::query::FieldPath;
use crate::rule::{Duration, ElasticLanguage};
use crate::target::elastic;

/// Keys of a body that change what its query finds, beside the query and what rules of its type
/// say with it. A detection could not say them.
const BEYOND_QUERY: &[&str] = &["filters", "saved_id", "event_category_override", "data_view_id"];

/// Why a rule has no detection.
pub(super) enum Reason {
    /// There is nothing to detect by.
    NoQuery,
    /// The query says more than a detection can.
    Query(Vec<QueryError>),
}

impl From<Vec<QueryError>> for Reason {
    fn from(errors: Vec<QueryError>) -> Self {
        Reason::Query(errors)
    }
}

/// The detection, with what the rule's type adds.
pub(super) fn logic(foreign: &Foreign, draft: &mut Draft) -> Result<(), Reason> {
    let body = &foreign.body;
    let query = text(body, "query").ok_or(Reason::NoQuery)?;
    let kind = text(body, "type").unwrap_or("query");
    if !["query", "eql", "esql", "new_terms", "threshold"].contains(&kind) {
        return Err(beyond(format!("a rule of type `{kind}` does more than its query")).into());
    }
    let word = text(body, "language").unwrap_or(match kind {
        "eql" => "eql",
        "esql" => "esql",
        _ => "kuery",
    });
    let language = ElasticLanguage::from_word(word)
        .ok_or_else(|| beyond(format!("`{word}` is no query language of Elastic")))?;
    let is_said = |value: &Json| !value.is_null() && *value != json!([]);
    if let Some(key) = BEYOND_QUERY.iter().find(|key| body.get(**key).is_some_and(is_said)) {
        return Err(beyond(format!("`{key}` selects events beside the query")).into());
    }
    let dialect = elastic::dialect(language);
    let stated = state(dialect, &[query], View::Ecs, &needed(body))?;
    let stated = stated.first().ok_or(Reason::NoQuery)?;
    if let Some(loss) = stated.losses.first() {
        return Err(beyond(&loss.reason).into());
    }
    let index = match language {
        ElasticLanguage::Esql => source(query)?,
        _ => texts(body, "index"),
    };
    match kind {
        "threshold" => threshold(foreign, stated, &index, draft)?,
        _ => {
            let detection = stated.detection(true).map_err(beyond)?;
            let new = if kind == "new_terms" { Some(new_terms(body, stated)?) } else { None };
            vocabulary(foreign, stated, &index, &mut draft.rule);
            draft.set("detection", print::detection(&detection));
            draft.set("new_value", new);
        }
    }
    if language != ElasticLanguage::Kuery {
        draft.set_in("elastic", "language", language.word());
    }
    if language == ElasticLanguage::Esql {
        draft.set_in("elastic", "index", &index);
    }
    Ok(())
}

/// The index patterns of an ES|QL query that does nothing but to filter events and to show columns
/// of them. The patterns are the rule's; the columns stay in the patch, with the query's wording.
fn source(query: &str) -> Result<Vec<String>, Vec<QueryError>> {
    let beyond = || beyond("an ES|QL query that makes rows or columns of its own is no detection");
    let esql::Query { source, commands } = esql::parse(query)?;
    let filters = |command: &Command| matches!(command, Command::Where(_) | Command::Keep(_));
    let esql::Source::From(indices) = source.command.value else { return Err(beyond()) };
    if !commands.iter().all(|stage| filters(&stage.command.value)) {
        return Err(beyond());
    }
    let pattern = |item: FromItem| match item {
        FromItem::Pattern(pattern) => Ok(pattern),
        FromItem::Subquery(_) => Err(beyond()),
    };
    indices.items.into_iter().map(pattern).collect()
}

/// The fields that a rule names beside its query.
fn needed(body: &Map<String, Json>) -> Vec<FieldPath> {
    let threshold = body.get("threshold").unwrap_or(&Json::Null);
    let counted = listed(&threshold["cardinality"]).into_iter().map(|one| &one["field"]);
    let new = body.get("new_terms_fields").map(listed).unwrap_or_default();
    let fields = new.into_iter().chain(listed(&threshold["field"])).chain(counted);
    fields.filter_map(Json::as_str).filter(|f| !f.is_empty()).map(FieldPath::new).collect()
}

/// The members of a list; a value that is none is the only one.
fn listed(value: &Json) -> Vec<&Json> {
    match value {
        Json::Array(items) => items.iter().collect(),
        Json::Null => Vec::new(),
        other => vec![other],
    }
}

fn vocabulary(foreign: &Foreign, stated: &Stated, index: &[String], rule: &mut Map<String, Json>) {
    set(rule, "taxonomy", stated.vocabulary.taxonomy());
    let logsource = match stated.vocabulary {
        Words::Record(catalog) => json!(catalog.table().logsource),
        Words::Platform(_) => {
            let integration = &foreign.beside.integration;
            Json::Object(logsource::of_elastic(Some(&stated.viewed), index, integration))
        }
    };
    set(rule, "logsource", logsource);
}

/// The fields in the rule's own words.
fn fields(value: &Json, stated: &Stated) -> Result<Vec<String>, Vec<QueryError>> {
    let field = |name: &Json| {
        let name = name.as_str().unwrap_or_default();
        let known = stated.vocabulary.field(&FieldPath::new(name), View::Ecs);
        let known = known.map(|field| field.to_string());
        known.ok_or_else(|| beyond(format!("the rule has no word for the field `{name}`")))
    };
    let names = listed(value).into_iter().filter(|name| **name != json!(""));
    names.map(field).collect()
}

/// The section `new_value`.
fn new_terms(body: &Map<String, Json>, stated: &Stated) -> Result<Json, Vec<QueryError>> {
    let fields = fields(body.get("new_terms_fields").unwrap_or(&Json::Null), stated)?;
    let start = text(body, "history_window_start").unwrap_or_default();
    let history = start.strip_prefix("now-").filter(|length| Duration::parse(length).is_some());
    let history =
        history.ok_or_else(|| beyond("the history does not start a fixed time before now"))?;
    Ok(json!({"fields": fields, "history": history}))
}

/// A threshold counts the matches of a rule. It is an aggregation by terms, so events without a field
/// of the group are not among them (Elasticsearch's reference of the aggregation, `missing`).
fn threshold(
    foreign: &Foreign,
    stated: &Stated,
    index: &[String],
    draft: &mut Draft,
) -> Result<(), Vec<QueryError>> {
    let threshold = foreign.body.get("threshold").unwrap_or(&Json::Null);
    let group_by = fields(&threshold["field"], stated)?;
    let value = threshold["value"].as_u64().ok_or_else(|| beyond("the threshold has no number"))?;
    let (kind, condition) = match (value, listed(&threshold["cardinality"]).as_slice()) {
        (value, []) => ("event_count", json!({"gte": value})),
        (1, [one]) => {
            let field = fields(&one["field"], stated)?.pop();
            ("value_count", json!({"gte": one["value"], "field": field}))
        }
        _ => return Err(beyond("the threshold counts events and values at once")),
    };
    let from = text(&foreign.body, "from").unwrap_or("now-6m");
    let window = from.strip_prefix("now-").filter(|length| Duration::parse(length).is_some());
    let window = window.ok_or_else(|| beyond("the look-back is no fixed time before now"))?;
    let groups = listed(&threshold["field"]).into_iter().filter_map(Json::as_str);
    let groups: Vec<FieldPath> = groups.filter(|f| !f.is_empty()).map(FieldPath::new).collect();
    let counted = stated.asking_for(&groups, View::Ecs).detection(true).map_err(beyond)?;
    let mut base = Map::new();
    vocabulary(foreign, stated, index, &mut base);
    set(&mut base, "detection", print::detection(&counted));
    draft.set("taxonomy", stated.vocabulary.taxonomy());
    correlation::counted(draft, base, (kind, condition), &group_by, window);
    // The window says it.
    draft.unset_in("elastic", "from");
    Ok(())
}

//! Elastic's rules.

use serde_json::{Map, Value as Json, json};

use super::draft::{Draft, derived_id, file_stem, set};
use super::stated::{Stated, Words, state};
use super::{Expressed, logsource, native, report, threat};
use crate::diagnostic::Findings;
use crate::fields::{EcsSchema, View};
use crate::import::codes;
use crate::import::foreign::Foreign;
use crate::language::kit::QueryError;
use crate::language::sigma::print;
use crate::query::FieldPath;
use crate::rule::{Duration, ElasticLanguage, ElasticPage, Severity};
use crate::source::Span;
use crate::target::{difference, elastic};

/// Keys of a body that change what its query finds, beside the query and what rules of its type
/// say with it. A detection could not say them.
const BEYOND_QUERY: &[&str] = &["filters", "saved_id", "event_category_override", "data_view_id"];

/// Fills a draft with everything that the rule says.
pub(super) fn fill(foreign: &Foreign, draft: &mut Draft, findings: &mut Findings) -> Expressed {
    let body = &foreign.body;
    header(foreign, draft);
    section(foreign, draft);
    let expressed = match logic(foreign, draft) {
        Ok(()) => Expressed::Detection,
        Err(Reason::NoQuery) => {
            let kind = text(body, "type").unwrap_or("unknown");
            let message = format!("this rule of type `{kind}` has no query");
            report(&codes::ENVELOPE_ONLY, message, foreign, findings);
            Expressed::Envelope
        }
        Err(Reason::Query(errors)) => native(foreign, errors, draft, findings),
    };
    if expressed != Expressed::Detection {
        let index = texts(body, "index");
        draft.set("logsource", logsource::of_elastic(None, &index, &foreign.beside.integration));
        draft.patch("elastic", Map::new());
    }
    remember(foreign, draft);
    expressed
}

/// What the target would say otherwise becomes the section's patch.
fn remember(foreign: &Foreign, draft: &mut Draft) {
    let Some(Some(Json::Object(mut made))) = draft.read(elastic::unpatched) else {
        let mut all = foreign.body.clone();
        all.shift_remove("rule_id");
        return draft.patch("elastic", all);
    };
    let mut wanted = foreign.body.clone();
    // A query that the detection says is the target's to word; a page shows one wording.
    let is_page = foreign.beside.page.package.is_some();
    if made.contains_key("query") && !is_page {
        wanted.shift_remove("query");
        made.shift_remove("query");
    }
    // References are written anew from the tags, in the version of ATT&CK that is shipped.
    if !is_page && wanted.get("threat").is_some_and(|own| threat::tags(own).is_some()) {
        wanted.shift_remove("threat");
    }
    // What only the target says is its default; blanks around a text are nobody's meaning.
    made.retain(|key, _| wanted.contains_key(key));
    if !is_page {
        wanted.retain(|key, value| made.get(key).map(trimmed) != Some(trimmed(value)));
        made.retain(|key, _| wanted.contains_key(key));
    }
    let patch = difference(&made, &wanted);
    let native = draft.rule.get("detection").is_none() && draft.rule.get("correlation").is_none();
    if native || !patch.is_empty() {
        draft.patch("elastic", patch);
    }
}

/// A value with its texts trimmed.
fn trimmed(value: &Json) -> Json {
    match value {
        Json::String(text) => json!(text.trim()),
        Json::Array(items) => Json::Array(items.iter().map(trimmed).collect()),
        other => other.clone(),
    }
}

fn header(foreign: &Foreign, draft: &mut Draft) {
    let (body, beside) = (&foreign.body, &foreign.beside);
    let name = text(body, "name").unwrap_or("Rule without a name");
    let title: String = name.chars().take(256).collect();
    draft.set("title", &title);
    let id = text(body, "rule_id").and_then(|id| uuid::Uuid::parse_str(id).ok());
    draft.set("id", id.unwrap_or_else(|| derived_id(&format!("elastic {name}"))));
    let status = match beside.maturity.as_deref() {
        Some("production") => Some("stable"),
        Some("beta") => Some("test"),
        Some("development" | "experimental") => Some("experimental"),
        Some("deprecated") => Some("deprecated"),
        _ => None,
    };
    draft.set("status", status);
    draft.set("description", text(body, "description").map(str::trim));
    draft.set("license", text(body, "license"));
    draft.set("author", Some(texts(body, "author").join(", ")).filter(|list| !list.is_empty()));
    draft.set("references", texts(body, "references"));
    draft.set("date", beside.date.map(|date| date.to_string()));
    draft.set(
        "modified",
        beside.modified.filter(|m| Some(*m) != beside.date).map(|d| d.to_string()),
    );
    draft.set("tags", body.get("threat").and_then(threat::tags));
    let cases = texts(body, "false_positives");
    draft.set("falsepositives", cases.iter().map(|case| case.trim()).collect::<Vec<_>>());
    draft.set("level", text(body, "severity"));
    let (controls, _) = claims(body);
    draft.set("controls", controls);
    draft.set("triage", text(body, "note").and_then(guide));
}

/// Claims that Crosswalk wrote into the tags, and the tags of the rule's author.
fn claims(body: &Map<String, Json>) -> (Vec<String>, Vec<String>) {
    let (claims, tags): (Vec<String>, Vec<String>) =
        texts(body, "tags").into_iter().partition(|tag| tag.starts_with("Control: "));
    (claims.iter().map(|tag| tag.replacen("Control: ", "", 1)).collect(), tags)
}

/// The guide below the heading that Elastic's guides open with. A guide that opens otherwise stays
/// in the patch.
fn guide(note: &str) -> Option<&str> {
    if note.is_empty() {
        return Some("");
    }
    let rest = note.strip_prefix("## Triage and analysis")?;
    rest.starts_with('\n').then(|| rest.trim())
}

fn section(foreign: &Foreign, draft: &mut Draft) {
    let body = &foreign.body;
    let mut section = Map::new();
    let same = |key: &'static str, section: &mut Map<String, Json>| {
        if let Some(value) = body.get(key) {
            set(section, key, value);
        }
    };
    same("index", &mut section);
    for key in ["interval", "from", "to", "timestamp_override", "setup"] {
        same(key, &mut section);
    }
    let severity = text(body, "severity").and_then(Severity::from_word);
    let usual = severity.map(|severity| u64::from(severity.risk_score()));
    if body.get("risk_score").and_then(Json::as_u64) != usual {
        same("risk_score", &mut section);
    }
    for key in ["max_signals", "enabled"] {
        same(key, &mut section);
    }
    if body.get("version").and_then(Json::as_u64) != Some(1) {
        same("version", &mut section);
    }
    set(&mut section, "tags", claims(body).1);
    if let Some(fields) = body.get("investigation_fields") {
        set(&mut section, "investigation_fields", &fields["field_names"]);
    }
    if body.get("building_block_type").is_some() {
        set(&mut section, "building_block", true);
    }
    set(&mut section, "integration", &foreign.beside.integration);
    set(&mut section, "alert_suppression", body.get("alert_suppression").and_then(suppression));
    set(&mut section, "page", page(&foreign.beside.page));
    section.retain(|key, value| is_readable(key, value));
    draft.set("elastic", section);
}

fn page(page: &ElasticPage) -> Map<String, Json> {
    let mut out = Map::new();
    set(&mut out, "package", &page.package);
    set(&mut out, "guide_anchor", page.guide_anchor);
    set(&mut out, "setup_anchor", page.setup_anchor);
    set(&mut out, "query_anchor", page.query_anchor);
    out
}

/// Whether the reader of rules takes a value; what it does not take stays in the patch.
fn is_readable(key: &str, value: &Json) -> bool {
    match key {
        "index" | "tags" | "investigation_fields" | "integration" => {
            value.as_array().is_some_and(|list| list.iter().all(Json::is_string))
        }
        "interval" => value.as_str().and_then(Duration::parse).is_some(),
        "from" | "to" => value.as_str().is_some_and(crate::rule::is_date_math),
        "timestamp_override" | "setup" => value.is_string(),
        "risk_score" => value.as_u64().is_some_and(|score| score <= 100),
        "max_signals" => value.as_u64().is_some_and(|most| (1..=100_000).contains(&most)),
        "version" => value.as_u64().is_some_and(|version| (1..=1_000_000).contains(&version)),
        "enabled" => value.is_boolean(),
        _ => true,
    }
}

fn suppression(value: &Json) -> Option<Json> {
    let mut out = json!({"group_by": value["group_by"].as_array()?});
    if let Some(duration) = value.get("duration") {
        let (count, unit) = (duration["value"].as_u64()?, duration["unit"].as_str()?);
        out["duration"] = json!(format!("{count}{unit}"));
    }
    match value.get("missing_fields_strategy").and_then(Json::as_str) {
        Some("suppress") => out["missing_fields"] = json!("suppress"),
        Some("doNotSuppress") => out["missing_fields"] = json!("do_not_suppress"),
        _ => {}
    }
    Some(out)
}

/// Why a rule has no detection.
enum Reason {
    NoQuery,
    Query(Vec<QueryError>),
}

fn beyond(message: impl Into<String>) -> Reason {
    Reason::Query(vec![QueryError::unsupported(Span::default(), message)])
}

/// The detection, with what the rule's type adds.
fn logic(foreign: &Foreign, draft: &mut Draft) -> Result<(), Reason> {
    let body = &foreign.body;
    let query = text(body, "query").ok_or(Reason::NoQuery)?;
    let kind = text(body, "type").unwrap_or("query");
    let word = text(body, "language").unwrap_or(match kind {
        "eql" => "eql",
        "esql" => "esql",
        _ => "kuery",
    });
    let language = ElasticLanguage::from_word(word)
        .ok_or_else(|| beyond(format!("`{word}` is no query language of Elastic")))?;
    for key in BEYOND_QUERY {
        let is_said = |value: &&Json| !value.is_null() && **value != json!([]);
        if let Some(_) = body.get(*key).filter(is_said) {
            return Err(beyond(format!("`{key}` selects events beside the query")));
        }
    }
    let stated = state(elastic::dialect(language), query, View::Ecs).map_err(Reason::Query)?;
    let detection = stated.detection(&EcsSchema).map_err(beyond)?;
    let detection = print::detection(&detection);
    match kind {
        "query" | "eql" | "esql" => {}
        "new_terms" => new_terms(body, &stated, draft)?,
        "threshold" => return threshold(foreign, &stated, detection, draft),
        other => return Err(beyond(format!("a rule of type `{other}` does more than its query"))),
    }
    vocabulary(foreign, &stated, &mut draft.rule);
    draft.set("detection", detection);
    if language != ElasticLanguage::Kuery {
        draft.set_in("elastic", "language", language.word());
    }
    Ok(())
}

fn vocabulary(foreign: &Foreign, stated: &Stated, rule: &mut Map<String, Json>) {
    set(rule, "taxonomy", stated.vocabulary.taxonomy());
    let index = texts(&foreign.body, "index");
    let logsource = match stated.vocabulary {
        Words::Record(catalog) => json!(catalog.table().logsource),
        Words::Platform(_) => {
            let integration = &foreign.beside.integration;
            Json::Object(logsource::of_elastic(Some(&stated.viewed), &index, integration))
        }
    };
    set(rule, "logsource", logsource);
}

/// The fields in the rule's own words.
fn fields(value: &Json, stated: &Stated) -> Option<Vec<String>> {
    let field = |name: &Json| {
        let field = FieldPath::new(name.as_str()?);
        stated.vocabulary.field(&field, View::Ecs).map(|field| field.to_string())
    };
    value.as_array()?.iter().map(field).collect()
}

fn new_terms(body: &Map<String, Json>, stated: &Stated, draft: &mut Draft) -> Result<(), Reason> {
    let names = body.get("new_terms_fields").unwrap_or(&Json::Null);
    let fields = fields(names, stated)
        .ok_or_else(|| beyond("the record has no field of its own for `new_terms_fields`"))?;
    let start = text(body, "history_window_start").unwrap_or_default();
    let history = start.strip_prefix("now-").filter(|length| Duration::parse(length).is_some());
    let history =
        history.ok_or_else(|| beyond("the history does not start a fixed time before now"))?;
    draft.set("new_value", json!({"fields": fields, "history": history}));
    Ok(())
}

/// A threshold counts the matches of a rule: two documents.
fn threshold(
    foreign: &Foreign,
    stated: &Stated,
    detection: Json,
    draft: &mut Draft,
) -> Result<(), Reason> {
    let threshold = foreign.body.get("threshold").unwrap_or(&Json::Null);
    let group_by = match &threshold["field"] {
        Json::Array(_) => fields(&threshold["field"], stated),
        Json::String(one) if one.is_empty() => Some(Vec::new()),
        Json::String(_) => fields(&json!([threshold["field"]]), stated),
        _ => Some(Vec::new()),
    };
    let group_by = group_by.ok_or_else(|| beyond("the record has no field for the groups"))?;
    let value = threshold["value"].as_u64().ok_or_else(|| beyond("the threshold has no number"))?;
    let cardinality = threshold["cardinality"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (kind, condition) = match (value, cardinality) {
        (value, []) => ("event_count", json!({"gte": value})),
        (1, [one]) => {
            let field = fields(&json!([one["field"]]), stated).and_then(|mut list| list.pop());
            let field =
                field.ok_or_else(|| beyond("the record has no field for what is counted"))?;
            ("value_count", json!({"gte": one["value"], "field": field}))
        }
        _ => return Err(beyond("the threshold counts events and values at once")),
    };
    let from = text(&foreign.body, "from").unwrap_or("now-6m");
    let window = from.strip_prefix("now-").filter(|length| Duration::parse(length).is_some());
    let window = window.ok_or_else(|| beyond("the look-back is no fixed time before now"))?;
    let title = text(&foreign.body, "name").unwrap_or_default();
    let name = file_stem(title);
    let mut base = Map::new();
    let suffix = ": single events";
    let short: String = title.chars().take(256 - suffix.len()).collect();
    set(&mut base, "title", format!("{short}{suffix}"));
    set(&mut base, "id", derived_id(&format!("elastic {title}{suffix}")));
    set(&mut base, "name", &name);
    vocabulary(foreign, stated, &mut base);
    set(&mut base, "detection", detection);
    draft.before.push(base);
    draft.set("taxonomy", stated.vocabulary.taxonomy());
    draft.set(
        "correlation",
        json!({
            "type": kind,
            "rules": [name],
            "group-by": group_by,
            "timespan": window,
            "condition": condition,
        }),
    );
    Ok(())
}

/// A text of the body.
fn text<'b>(body: &'b Map<String, Json>, key: &str) -> Option<&'b str> {
    body.get(key).and_then(Json::as_str)
}

/// The texts of a list of the body.
fn texts(body: &Map<String, Json>, key: &str) -> Vec<String> {
    let list = body.get(key).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Json::as_str).map(str::to_owned).collect()
}

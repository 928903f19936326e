//! Datadog's rules.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::cases::{self, Term};
use super::draft::{Draft, derived_id, file_stem, set};
use super::named::{Named, word};
use super::stated::{Stated, Words, state};
use super::{Expressed, logsource, message, native, report, threat};
use crate::diagnostic::Findings;
use crate::fields::View;
use crate::import::codes;
use crate::import::foreign::Foreign;
use crate::language::datadog::Datadog;
use crate::language::kit::QueryError;
use crate::rule::{CaseStatus, DatadogVariant};
use crate::source::Span;
use crate::target::{datadog, difference};

/// Keys of a body that change what its queries find and have no counterpart in a rule.
const BEYOND_QUERIES: &[&str] = &[
    "filters",
    "referenceTables",
    "calculatedFields",
    "schedulingOptions",
    "groupSignalsBy",
    "thirdPartyCases",
];

/// Fills a draft with everything that the rule says.
pub(super) fn fill(foreign: &Foreign, draft: &mut Draft, findings: &mut Findings) -> Expressed {
    header(foreign, draft);
    section(foreign, draft);
    let expressed = match logic(foreign, draft) {
        Ok(()) => Expressed::Detection,
        Err(_) if foreign.beside.without_query => {
            let message = "this page shows no query".to_owned();
            report(&codes::ENVELOPE_ONLY, message, foreign, findings);
            Expressed::Envelope
        }
        Err(errors) => native(foreign, errors, draft, findings),
    };
    if expressed != Expressed::Detection {
        draft.rule.shift_remove("taxonomy");
        draft.set("logsource", logsource::of_datadog(None, &tags(&foreign.body)));
        for key in ["cases", "group_by", "group_by_optional"] {
            draft.unset_in("datadog", key);
        }
        draft.patch("datadog", Map::new());
    }
    remember(foreign, draft);
    expressed
}

/// What the target would say otherwise becomes the section's patch.
fn remember(foreign: &Foreign, draft: &mut Draft) {
    let Some(Some(Json::Object(mut made))) = draft.read(datadog::unpatched) else {
        return draft.patch("datadog", foreign.body.clone());
    };
    let mut wanted = foreign.body.clone();
    if draft.rule.contains_key("detection") || draft.rule.contains_key("correlation") {
        // Queries are the target's to word and to name, and cases go by their names.
        wanted.shift_remove("queries");
        let spoken = draft.rule.get("datadog").is_some_and(|section| section["cases"].is_array());
        match (made.get("cases"), wanted.shift_remove("cases")) {
            (Some(made), Some(own)) if !spoken => {
                if let Some(cases) = with_readers(made, &own, &foreign.body) {
                    wanted.insert("cases".to_owned(), cases);
                }
            }
            _ => {}
        }
    }
    let bag = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<BTreeSet<_>>();
    if !foreign.beside.without_query && bag(&tags(&made)) == bag(&tags(&wanted)) {
        wanted.shift_remove("tags");
    }
    // What only the target says is its default.
    made.retain(|key, _| wanted.contains_key(key));
    if let (Some(Json::Object(made)), Some(Json::Object(wanted))) =
        (made.get_mut("options"), wanted.get("options"))
    {
        made.retain(|key, _| wanted.contains_key(key));
    }
    let patch = difference(&made, &wanted);
    let native = draft.rule.get("detection").is_none() && draft.rule.get("correlation").is_none();
    if native || !patch.is_empty() {
        draft.patch("datadog", patch);
    }
}

/// The one case of a rule that has no place for cases, with the name and the readers that it had.
fn with_readers(made: &Json, own: &Json, body: &Map<String, Json>) -> Option<Json> {
    let ([case], [own]) = (list_of(made), list_of(own)) else { return None };
    let mut case = case.clone();
    for key in ["name", "notifications"] {
        if is_special(own, body) && !own[key].is_null() {
            case[key] = own[key].clone();
        }
    }
    Some(json!([case]))
}

fn header(foreign: &Foreign, draft: &mut Draft) {
    let (body, beside) = (&foreign.body, &foreign.beside);
    let name = text(body, "name").unwrap_or("Rule without a name");
    let title: String = name.chars().take(256).collect();
    draft.set("title", &title);
    let known = beside.default_id.as_deref().or_else(|| text(body, "id")).unwrap_or(name);
    draft.set("id", derived_id(&format!("datadog {known}")));
    draft.set("date", beside.date.map(|date| date.to_string()));
    draft.set(
        "modified",
        beside.modified.filter(|m| Some(*m) != beside.date).map(|d| d.to_string()),
    );
    let message = message::split(text(body, "message").unwrap_or_default());
    draft.set("description", message.goal.filter(|goal| !goal.trim().is_empty()));
    draft.set("strategy", message.strategy);
    draft.set("triage", message.triage);
    draft.set("changelog", message.changelog);
    draft.set("tags", attack(&tags(body)));
    let worst = list(body, "cases").iter().filter_map(|case| status(case)).max_by_key(|s| rank(*s));
    draft.set(
        "level",
        worst.map(|worst| match worst {
            CaseStatus::Info => "informational",
            other => other.word(),
        }),
    );
}

fn rank(status: CaseStatus) -> usize {
    CaseStatus::WORDS.iter().position(|word| *word == status.word()).unwrap_or_default()
}

/// `tactic:TA0005-defense-evasion` and `technique:T1562-impair-defenses` as Sigma tags.
fn attack(tags: &[&str]) -> Vec<String> {
    let name = |tag: &&str| {
        let (key, value) = tag.split_once(':')?;
        let (id, slug) = value.split_once('-').unwrap_or((value, ""));
        match key {
            "tactic" => threat::tactic_name(id, slug),
            "technique" => threat::technique_name(id),
            _ => None,
        }
    };
    let mut names: Vec<String> =
        tags.iter().filter_map(name).map(|n| format!("attack.{n}")).collect();
    names.dedup();
    names
}

fn section(foreign: &Foreign, draft: &mut Draft) {
    let (body, beside) = (&foreign.body, &foreign.beside);
    let options = body.get("options").unwrap_or(&Json::Null);
    let mut section = Map::new();
    set(&mut section, "id", &beside.default_id);
    set(&mut section, "slug", &beside.slug);
    for (key, option) in [
        ("evaluation_window", "evaluationWindow"),
        ("keep_alive", "keepAlive"),
        ("max_signal_duration", "maxSignalDuration"),
    ] {
        set(&mut section, key, options[option].as_u64().and_then(duration));
    }
    let criticality = options["decreaseCriticalityBasedOnEnv"].as_bool().filter(|yes| *yes);
    set(&mut section, "decrease_criticality_based_on_env", criticality);
    let unusual = |key: &str| body.get(key).and_then(Json::as_bool).filter(|value| !value);
    set(&mut section, "has_extended_title", unusual("hasExtendedTitle"));
    set(&mut section, "enabled", unusual("isEnabled"));
    let tags = tags(body);
    for key in ["scope", "security", "iaas"] {
        let mut values = tags.iter().filter_map(|tag| tag.strip_prefix(key)?.strip_prefix(':'));
        if let (Some(one), None) = (values.next(), values.next()) {
            set(&mut section, key, one);
        }
    }
    draft.set("datadog", section);
}

/// Seconds as a duration, if Datadog offers them.
fn duration(seconds: u64) -> Option<String> {
    if !DatadogVariant::WINDOWS.contains(&seconds) {
        return None;
    }
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let whole = units.iter().find(|(length, _)| seconds > 0 && seconds.is_multiple_of(*length));
    let (length, unit) = whole.copied().unwrap_or((1, "s"));
    Some(format!("{}{unit}", seconds / length))
}

fn refused(message: impl Into<String>) -> Vec<QueryError> {
    vec![QueryError::unsupported(Span::default(), message)]
}

/// The detection of all queries, with what the rule counts.
fn logic(foreign: &Foreign, draft: &mut Draft) -> Result<(), Vec<QueryError>> {
    let body = &foreign.body;
    plain_logs(body)?;
    let queries = list(body, "queries");
    let stated = queries.iter().map(|query| {
        let text = query["query"].as_str().ok_or_else(|| refused("a query has no text"))?;
        state(&Datadog, text, View::Datadog)
    });
    let stated: Vec<Stated> = collect(stated)?;
    let first = stated.first().ok_or_else(|| refused("the rule has no query"))?;
    if stated.iter().any(|other| other.vocabulary.taxonomy() != first.vocabulary.taxonomy()) {
        return Err(refused("the queries read different log sources"));
    }
    let mut named = Named::default();
    for (index, (query, stated)) in queries.iter().zip(&stated).enumerate() {
        let detection = stated.detection(&()).map_err(refused)?;
        let name = match queries.len() {
            1 if query["name"].as_str().is_none_or(str::is_empty) => "selection".to_owned(),
            _ => word(&query_name(query, index)),
        };
        named.add(&name, &detection);
    }
    shape(body, queries, first, &named, draft)
}

/// Rules over logs that count what their queries find, or look for new values.
fn plain_logs(body: &Map<String, Json>) -> Result<(), Vec<QueryError>> {
    let kind = text(body, "type").unwrap_or("log_detection");
    if kind != "log_detection" {
        return Err(refused(format!("a rule of type `{kind}` reads no logs")));
    }
    let method = body.get("options").and_then(|o| o["detectionMethod"].as_str());
    if let Some(method) = method.filter(|method| !["threshold", "new_value"].contains(method)) {
        return Err(refused(format!("`{method}` decides by more than what the queries say")));
    }
    let beyond = BEYOND_QUERIES
        .iter()
        .find(|key| body.get(**key).is_some_and(|value| !value.is_null() && *value != json!([])));
    if let Some(key) = beyond {
        return Err(refused(format!("`{key}` selects logs beside the queries")));
    }
    for query in list(body, "queries") {
        let source = query["dataSource"].as_str().unwrap_or("logs");
        if source != "logs" || !list_of(&query["indexes"]).is_empty() || query["index"].is_string()
        {
            return Err(refused("a query reads something else than all logs"));
        }
        if query["customQueryExtension"].as_str().is_some_and(|text| !text.is_empty()) {
            return Err(refused("a query has an extension"));
        }
    }
    Ok(())
}

fn collect<T>(
    results: impl Iterator<Item = Result<T, Vec<QueryError>>>,
) -> Result<Vec<T>, Vec<QueryError>> {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(errors) => bad.extend(errors),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// The name of a query, which is a letter if it has none.
fn query_name(query: &Json, index: usize) -> String {
    let own = query["name"].as_str().filter(|name| !name.is_empty()).map(str::to_owned);
    let letter =
        || u8::try_from(index).ok().map(|index| char::from(b'a' + index.min(25)).to_string());
    own.or_else(letter).unwrap_or_default()
}

/// What is counted, and what becomes of it.
fn shape(
    body: &Map<String, Json>,
    queries: &[Json],
    stated: &Stated,
    named: &Named,
    draft: &mut Draft,
) -> Result<(), Vec<QueryError>> {
    let groups: BTreeSet<String> =
        queries.iter().map(|query| query["groupByFields"].to_string()).collect();
    let first = queries.first().unwrap_or(&Json::Null);
    if groups.len() > 1 {
        return Err(refused("the queries are grouped by different fields"));
    }
    let group_by = fields(&first["groupByFields"], stated)?;
    let optional = first["hasOptionalGroupByFields"].as_bool().unwrap_or(false);
    if queries.iter().any(|q| q["hasOptionalGroupByFields"].as_bool().unwrap_or(false) != optional)
    {
        return Err(refused("the queries treat logs without a group differently"));
    }
    let aggregation = first["aggregation"].as_str().unwrap_or("count");
    let cases = list(body, "cases");
    match (aggregation, queries.len(), cases) {
        ("new_value", 1, [_]) => {
            let options = body.get("options").map(|o| &o["newValueOptions"]).unwrap_or(&Json::Null);
            let days = options["forgetAfter"].as_u64();
            let days =
                days.ok_or_else(|| refused("the rule does not say how long it remembers"))?;
            let values = fields(&first["metrics"], stated)?;
            draft.set("new_value", json!({"fields": values, "history": format!("{days}d")}));
        }
        ("count", 1, [case]) if counts(case, first).is_some_and(|n| n > 1) => {
            let at_least = counts(case, first).unwrap_or(1);
            return threshold(
                body,
                named,
                stated,
                group_by,
                ("event_count", json!({"gte": at_least})),
                draft,
            );
        }
        ("cardinality", 1, [case]) => {
            let at_least =
                counts(case, first).ok_or_else(|| refused("the case is no plain count"))?;
            let distinct = fields(&first["distinctFields"], stated)?;
            let [field] = distinct.as_slice() else {
                return Err(refused("the query counts combinations of fields"));
            };
            let condition = json!({"gte": at_least, "field": field});
            return threshold(body, named, stated, group_by, ("value_count", condition), draft);
        }
        ("count", _, _)
            if queries.iter().all(|q| q["aggregation"].as_str().is_none_or(|a| a == "count")) =>
        {
            let made = self::cases(cases, queries, named)?;
            // One case over one query is the rule itself.
            if !matches!((cases, queries), ([case], [_]) if !is_special(case, body)) {
                draft.set_in("datadog", "cases", made);
            }
        }
        (other, ..) => return Err(refused(format!("the queries are aggregated by `{other}`"))),
    }
    draft.set_in("datadog", "group_by", &group_by);
    if !group_by.is_empty() && !optional {
        draft.set_in("datadog", "group_by_optional", false);
    }
    vocabulary(body, stated, &mut draft.rule);
    draft.set("detection", detection(named));
    Ok(())
}

fn detection(named: &Named) -> Map<String, Json> {
    let mut detection = named.selections.clone();
    let mut conditions = named.conditions.clone();
    conditions.dedup();
    let alone = conditions.len() == 1;
    let enclosed =
        |c: &String| if !alone && c.contains(' ') { format!("({c})") } else { c.clone() };
    let condition = conditions.iter().map(enclosed).collect::<Vec<_>>().join(" or ");
    detection.insert("condition".to_owned(), json!(condition));
    detection
}

/// How many matches of a query a case asks for, if that is all that it asks for.
fn counts(case: &Json, query: &Json) -> Option<u64> {
    match cases::parse(case["condition"].as_str()?)?.as_slice() {
        [terms] => match terms.as_slice() {
            [Term { query: name, at_least }] if *name == query_name(query, 0) => Some(*at_least),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a case says more than its status: a name of its own, or whom to tell.
fn is_special(case: &Json, body: &Map<String, Json>) -> bool {
    let name = case["name"].as_str().unwrap_or_default().trim();
    (!name.is_empty() && text(body, "name") != Some(name))
        || !list_of(&case["notifications"]).is_empty()
}

/// Cases over several queries, in the words of a rule.
fn cases(cases: &[Json], queries: &[Json], named: &Named) -> Result<Vec<Json>, Vec<QueryError>> {
    let names: Vec<String> = queries.iter().enumerate().map(|(i, q)| query_name(q, i)).collect();
    let mut made = Vec::new();
    for case in cases {
        let text = case["condition"].as_str().unwrap_or_default();
        let parsed =
            cases::parse(text).filter(|all| all.iter().flatten().all(|term| term.at_least == 1));
        let parsed = parsed.ok_or_else(|| {
            refused(format!("the case `{text}` does more than to look for one match"))
        })?;
        if parsed.iter().any(|terms| terms.len() > 1) {
            return Err(refused(format!("the case `{text}` asks for several logs")));
        }
        let mut words = Vec::new();
        for Term { query, .. } in parsed.iter().flatten() {
            let index = names.iter().position(|name| name == query);
            let condition = index.and_then(|index| named.conditions.get(index));
            let condition =
                condition.ok_or_else(|| refused(format!("the case names no query: `{text}`")))?;
            let enclosed = parsed.len() > 1 && condition.contains(' ');
            words.push(if enclosed { format!("({condition})") } else { condition.clone() });
        }
        let status = status(case).ok_or_else(|| refused("a case has no status"))?;
        let own = case["name"].as_str().map(str::trim).filter(|name| !name.is_empty());
        let name = own.map_or_else(
            || text.split(['>', ' ']).next().unwrap_or_default().to_owned(),
            str::to_owned,
        );
        let mut out = Map::new();
        set(&mut out, "name", name);
        set(&mut out, "condition", words.join(" or "));
        set(&mut out, "status", status.word());
        set(&mut out, "notifications", list_of(&case["notifications"]));
        made.push(Json::Object(out));
    }
    Ok(made)
}

fn status(case: &Json) -> Option<CaseStatus> {
    CaseStatus::from_word(case["status"].as_str()?)
}

/// A threshold counts the matches of a rule: two documents.
fn threshold(
    body: &Map<String, Json>,
    named: &Named,
    stated: &Stated,
    group_by: Vec<String>,
    (kind, condition): (&str, Json),
    draft: &mut Draft,
) -> Result<(), Vec<QueryError>> {
    let window =
        body.get("options").and_then(|o| o["evaluationWindow"].as_u64()).and_then(duration);
    let window = window.filter(|window| window != "0s");
    let window = window.ok_or_else(|| refused("the rule has no window"))?;
    let title = text(body, "name").unwrap_or_default();
    let suffix = ": single events";
    let short: String = title.chars().take(256 - suffix.len()).collect();
    let name = file_stem(title);
    let mut base = Map::new();
    set(&mut base, "title", format!("{short}{suffix}"));
    set(&mut base, "id", derived_id(&format!("datadog {title}{suffix}")));
    set(&mut base, "name", &name);
    vocabulary(body, stated, &mut base);
    set(&mut base, "detection", detection(named));
    draft.before.push(base);
    draft.set("taxonomy", stated.vocabulary.taxonomy());
    draft.set(
        "correlation",
        json!({"type": kind, "rules": [name], "group-by": group_by, "timespan": window, "condition": condition}),
    );
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
        known.ok_or_else(|| refused(format!("the record has no field for the group `{name}`")))
    };
    list_of(names).iter().map(field).collect()
}

fn tags(body: &Map<String, Json>) -> Vec<&str> {
    list(body, "tags").iter().filter_map(Json::as_str).collect()
}

fn text<'b>(body: &'b Map<String, Json>, key: &str) -> Option<&'b str> {
    body.get(key).and_then(Json::as_str)
}

fn list<'b>(body: &'b Map<String, Json>, key: &str) -> &'b [Json] {
    body.get(key).map(list_of).unwrap_or_default()
}

fn list_of(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

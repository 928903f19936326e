//! The section `elastic`: what Sigma has no key for.

use serde_json::{Map, Value as Json, json};

use super::super::draft::{Draft, set};
use super::{claims, text};
use crate::import::foreign::Foreign;
use crate::rule::{Duration, ElasticPage, Severity};

/// Fills the section.
pub(super) fn section(foreign: &Foreign, draft: &mut Draft) {
    let body = &foreign.body;
    let mut section = Map::new();
    let same = |key: &'static str, section: &mut Map<String, Json>| {
        if let Some(value) = body.get(key) {
            set(section, key, value);
        }
    };
    same("index", &mut section);
    for key in ["interval", "from", "to", "timestamp_override"] {
        same(key, &mut section);
    }
    set(&mut section, "setup", text(body, "setup").map(str::trim));
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

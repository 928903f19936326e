//! Datadog's rules.

mod asked;
mod cases;
mod condition;
mod logic;
mod message;
mod patch;

use serde_json::{Map, Value as Json};

use super::draft::{Draft, derived_id, set};
use super::settle::settled;
use super::{Expressed, logsource, native, report, threat};
use crate::diagnostic::Findings;
use crate::import::codes;
use crate::import::foreign::Foreign;
use crate::rule::{self, CaseStatus, DatadogVariant};
use crate::target::datadog;

const CRITICALITY: &str = "decrease_criticality_based_on_env";

/// Fills a draft with everything that the rule says.
pub(super) fn fill(foreign: &Foreign, draft: &mut Draft, findings: &mut Findings) -> Expressed {
    header(foreign, draft);
    section(foreign, draft);
    let expressed = match settled(foreign, draft, logic::logic) {
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
        let asked = asked::of_all(&foreign.body);
        let source = logsource::of_datadog(asked.as_ref(), &tags(&foreign.body));
        draft.set("logsource", source);
        // The patch has all options.
        for key in ["evaluation_window", "keep_alive", "max_signal_duration", CRITICALITY] {
            draft.unset_in("datadog", key);
        }
        draft.patch("datadog", Map::new());
    }
    // As the target lists them: what for, then how.
    draft.settle_attack(|header| {
        let tactics = header.tags_of("attack").filter(|name| rule::attack::tactic(name).is_some());
        let how = header.tags_of("attack").filter(|name| rule::attack::technique(name).is_some());
        Some(tactics.chain(how).map(|name| format!("attack.{name}")).collect())
    });
    patch::remember(foreign, draft);
    expressed
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
    // A page shows every blank.
    let section = |text: Option<String>| match beside.without_query {
        true => text,
        false => text.map(|text| text.trim().to_owned()),
    };
    draft.set("description", section(message.goal).filter(|goal| !goal.trim().is_empty()));
    draft.set("strategy", section(message.strategy));
    draft.set("triage", section(message.triage));
    draft.set("changelog", message.changelog);
    draft.set("tags", attack(&tags(body)));
    let worst = list(body, "cases").iter().filter_map(status).max_by_key(|s| rank(*s));
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
    let mut names: Vec<String> = tags.iter().filter_map(|tag| attack_tag(tag)).collect();
    names.dedup();
    names
}

fn attack_tag(tag: &str) -> Option<String> {
    let (key, value) = tag.split_once(':')?;
    let (id, slug) = value.split_once('-').unwrap_or((value, ""));
    let name = match key {
        "tactic" => threat::tactic_name(id, slug),
        "technique" => threat::technique_name(id),
        _ => None,
    };
    name.map(|name| format!("attack.{name}"))
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
    set(&mut section, CRITICALITY, criticality);
    let unusual = |key: &str| body.get(key).and_then(Json::as_bool).filter(|value| !value);
    set(&mut section, "has_extended_title", unusual("hasExtendedTitle"));
    // A rule that is deleted comes back switched off, if anybody builds it again.
    let is_deleted = beside.other.get("isDeleted") == Some(&Json::Bool(true));
    set(&mut section, "enabled", unusual("isEnabled").or(is_deleted.then_some(false)));
    let tags = tags(body);
    for key in ["scope", "security", "iaas"] {
        let mut values = tags.iter().filter_map(|tag| tag.strip_prefix(key)?.strip_prefix(':'));
        if let (Some(one), None) = (values.next(), values.next()) {
            set(&mut section, key, one);
        }
    }
    let own = |tag: &&&str| tag.contains(':') && !datadog::is_generated_tag(tag);
    set(&mut section, "tags", tags.iter().filter(own).collect::<Vec<_>>());
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

fn status(case: &Json) -> Option<CaseStatus> {
    CaseStatus::from_word(case["status"].as_str()?)
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

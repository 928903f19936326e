//! The section `datadog:`. Enums are those of Datadog's rule payload.

use super::section::Section;
use super::sections::accept;
use crate::diagnostic::Findings;
use crate::language::sigma;
use crate::rule::{Case, CaseStatus, DatadogVariant, Duration, codes};
use crate::source::Spanned;

pub(super) fn read(rule: &Section<'_>, findings: &mut Findings) -> Option<DatadogVariant> {
    let entry = rule.entry("datadog")?;
    let section = Section::new(&entry.value, "datadog", findings)?;
    let variant = DatadogVariant {
        span: Some(entry.key.span),
        id: section.string("id", findings),
        slug: section.string("slug", findings),
        name: section.string("name", findings),
        cases: cases(&section, findings),
        group_by: section.texts("group_by", findings),
        group_by_optional: section.boolean("group_by_optional", findings),
        evaluation_window: window(&section, "evaluation_window", findings),
        keep_alive: window(&section, "keep_alive", findings),
        max_signal_duration: window(&section, "max_signal_duration", findings),
        has_extended_title: section.boolean("has_extended_title", findings),
        decrease_criticality_based_on_env: section
            .boolean("decrease_criticality_based_on_env", findings),
        enabled: section.boolean("enabled", findings),
        scope: section.string("scope", findings),
        security: section.string("security", findings),
        iaas: section.string("iaas", findings),
        tags: section.strings("tags", findings),
        condition: section
            .get("condition")
            .and_then(|node| sigma::parse::condition(node, findings)),
        accept: accept(&section, findings),
        patch: section.object("patch", findings),
    };
    section.finish(findings);
    Some(variant)
}

/// A duration that Datadog offers.
fn window(
    section: &Section<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Option<Spanned<Duration>> {
    let duration = section.duration_or_zero(key, findings)?;
    if !DatadogVariant::WINDOWS.contains(&duration.seconds()) {
        let message = format!("Datadog offers no `{key}` of {}", duration.value);
        let words: Vec<String> = DatadogVariant::WINDOWS.iter().copied().map(short).collect();
        findings
            .add(&codes::RANGE, duration.span, message)
            .help(format!("choose one of {}", words.join(", ")));
    }
    Some(duration)
}

/// `300` as `5m`.
fn short(seconds: u64) -> String {
    match seconds {
        0 => "0s".to_owned(),
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s => format!("{}m", s / 60),
    }
}

/// A case without a proper name or status is kept: its condition is checked with all others, and
/// a rule with errors is not translated.
fn cases(section: &Section<'_>, findings: &mut Findings) -> Vec<Case> {
    let cases = section.sections("cases", findings);
    cases
        .into_iter()
        .filter_map(|case| {
            let name = case.text("name", findings);
            let name = case.require("name", name, findings);
            let condition = case.get("condition");
            let condition = case.require("condition", condition, findings);
            let condition = condition.and_then(|node| sigma::parse::condition(node, findings));
            let status = case.word("status", CaseStatus::WORDS, CaseStatus::from_word, findings);
            let status = case.require("status", status, findings);
            let notifications = case.strings("notifications", findings);
            let name = name.unwrap_or_else(|| Spanned::new(String::new(), case.span));
            let status = status.map_or(CaseStatus::Info, |status| status.value);
            case.finish(findings);
            Some(Case { name, condition: condition?, status, notifications })
        })
        .collect()
}

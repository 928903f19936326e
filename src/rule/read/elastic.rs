//! The section `elastic:`. Enums and limits are those of Kibana's rule schemas.

use super::section::{Section, UUID_FORM, uuid};
use super::sections::{accept, up_to_three};
use crate::diagnostic::Findings;
use crate::language::sigma;
use crate::rule::{
    ElasticLanguage, ElasticPage, ElasticVariant, MissingFields, Severity, Suppression, codes,
};
use crate::source::Spanned;

pub(super) fn read(rule: &Section<'_>, findings: &mut Findings) -> Option<ElasticVariant> {
    let entry = rule.entry("elastic")?;
    let section = Section::new(&entry.value, "elastic", findings)?;
    let variant = ElasticVariant {
        span: Some(entry.key.span),
        rule_id: section.parsed("rule_id", &codes::BAD_ID, UUID_FORM, uuid, findings),
        name: section.string("name", findings),
        index: section.strings("index", findings),
        interval: section.duration("interval", findings),
        from: date_math(&section, "from", findings),
        to: date_math(&section, "to", findings),
        risk_score: section
            .integer("risk_score", 0..=100, findings)
            .map(|score| Spanned::new(u8::try_from(score.value).unwrap_or(100), score.span)),
        severity: section.word("severity", Severity::WORDS, Severity::from_word, findings),
        max_signals: section.integer("max_signals", 1..=100_000, findings).map(unsigned),
        tags: section.strings("tags", findings),
        timestamp_override: section.string("timestamp_override", findings),
        setup: section.string("setup", findings),
        investigation_fields: section.texts("investigation_fields", findings),
        building_block: section.boolean("building_block", findings).unwrap_or(false),
        enabled: section.boolean("enabled", findings),
        integration: section.strings("integration", findings),
        version: section.integer("version", 1..=1_000_000, findings).map(unsigned),
        license: section.string("license", findings),
        alert_suppression: suppression(&section, findings),
        language: section.word(
            "language",
            ElasticLanguage::WORDS,
            ElasticLanguage::from_word,
            findings,
        ),
        condition: section
            .get("condition")
            .and_then(|node| sigma::parse::condition(node, findings)),
        accept: accept(&section, findings),
        page: page(&section, findings).unwrap_or_default(),
        patch: section.object("patch", findings),
    };
    section.finish(findings);
    Some(variant)
}

fn unsigned(number: Spanned<i64>) -> u32 {
    u32::try_from(number.value).unwrap_or(u32::MAX)
}

/// `now`, `now-30m`, `now-1d/d`: what rules use of Elasticsearch's date math.
fn date_math(
    section: &Section<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Option<Spanned<String>> {
    let wanted = "a time like now-30m";
    section.parsed(
        key,
        &codes::BAD_DURATION,
        wanted,
        |text| is_date_math(text).then(|| text.to_owned()),
        findings,
    )
}

/// Units of date math.
const UNITS: [char; 8] = ['y', 'M', 'w', 'd', 'h', 'H', 'm', 's'];

/// Whether a text is a time of Elasticsearch's date math, as far as rules use it: `now-30m`.
pub fn is_date_math(text: &str) -> bool {
    let Some(mut rest) = text.strip_prefix("now") else { return false };
    while let Some(after) = rest.strip_prefix(['-', '+']) {
        let number = after.trim_start_matches(|c: char| c.is_ascii_digit());
        match number.strip_prefix(UNITS) {
            Some(further) if number.len() < after.len() => rest = further,
            _ => return false,
        }
    }
    // Rounding, to the start of the day for `/d`.
    rest.strip_prefix('/').map_or(rest, |unit| unit.strip_prefix(UNITS).unwrap_or(rest)).is_empty()
}

fn suppression(section: &Section<'_>, findings: &mut Findings) -> Option<Suppression> {
    let section = Section::new(section.get("alert_suppression")?, "alert_suppression", findings)?;
    let group_by = up_to_three(&section, "group_by", findings);
    section.require("group_by", group_by.first(), findings);
    let duration = section.duration("duration", findings).map(|duration| duration.value);
    let missing_fields = section
        .word("missing_fields", MissingFields::WORDS, MissingFields::from_word, findings)
        .map(|word| word.value);
    section.finish(findings);
    Some(Suppression { group_by, duration, missing_fields })
}

fn page(section: &Section<'_>, findings: &mut Findings) -> Option<ElasticPage> {
    let section = Section::new(section.get("page")?, "page", findings)?;
    let mut anchor = |key| section.integer(key, 0..=1_000_000, findings).map(unsigned);
    let [guide_anchor, setup_anchor, query_anchor] =
        ["guide_anchor", "setup_anchor", "query_anchor"].map(&mut anchor);
    let package = section.loose_text("package", findings);
    section.finish(findings);
    Some(ElasticPage { package, guide_anchor, setup_anchor, query_anchor })
}

#[cfg(test)]
mod tests {
    use super::is_date_math;

    #[test]
    fn date_math_is_recognised() {
        for good in ["now", "now-30m", "now-1d/d", "now-1h-30m", "now+5s"] {
            assert!(is_date_math(good), "{good}");
        }
        for bad in [
            "",
            "30m",
            "now-",
            "now-m",
            "now-30",
            "now-30mm",
            "now/dd",
            "now/x",
            "now/",
            "yesterday",
            "now-5é",
        ] {
            assert!(!is_date_math(bad), "{bad}");
        }
    }
}
